// The columns that every mention of a job request shows, and how they become a view. Part of the statements that read
// requests; not a statement of its own.
import type { JobState, Named, RequestStatus, RequestSummaryView } from '@glovebox/record';
import { sql } from 'kysely';

export interface SummaryRow {
  readonly number: number;
  readonly identifier: string;
  readonly workspace: string;
  readonly project: Named;
  readonly organisation: Named;
  readonly backend: Named & { readonly isSynthetic: boolean };
  readonly requested_by: Named;
  readonly commit: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  readonly run_milliseconds: number;
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Follows `select`; stands on `summaryTables`. */
export const summaryColumns = sql`
  r.number, r.identifier, w.name as workspace, r.commit, r.created_at,
  json_build_object('slug', p.slug, 'name', p.name) as project,
  json_build_object('slug', r.organisation_slug, 'name', r.organisation_name) as organisation,
  json_build_object('slug', b.slug, 'name', b.name, 'isSynthetic', b.is_synthetic) as backend,
  json_build_object('slug', q.username, 'name', r.requester_name) as requested_by,
  c.started_at, c.completed_at, c.run_milliseconds, c.pending, c.running, c.succeeded, c.failed`;

/** Aliases: r request, w workspace, p project, o organisation, b backend, q person, c what its jobs add up to. */
export const summaryTables = sql`
  job_requests r
  join workspaces w on w.id = r.workspace
  join projects p on p.id = w.project
  join organisations o on o.id = p.organisation
  join backends b on b.id = r.backend
  join people q on q.id = r.requested_by
  cross join lateral (
    select
      min(j.started_at) as started_at,
      case when count(*) = count(j.completed_at) then max(j.completed_at) end as completed_at,
      coalesce(sum(extract(epoch from j.completed_at - j.started_at) * 1000), 0)::float8 as run_milliseconds,
      count(*) filter (where j.state = 'pending')::int as pending,
      count(*) filter (where j.state = 'running')::int as running,
      count(*) filter (where j.state = 'succeeded')::int as succeeded,
      count(*) filter (where j.state = 'failed')::int as failed
    from jobs j where j.request = r.number
  ) c`;

/**
 * A request's status from how many of its jobs are in each state. Anything unfinished beside something that started or
 * ended counts as running; a finished request failed when one job did.
 */
export function requestStatus(counts: Readonly<Record<JobState, number>>): RequestStatus {
  const { pending, running, succeeded, failed } = counts;
  if (pending + running + succeeded + failed === 0) return 'nothing_to_do';
  if (running > 0) return 'running';
  if (pending > 0) return succeeded + failed > 0 ? 'running' : 'pending';
  return failed > 0 ? 'failed' : 'succeeded';
}

export const isoTime = (date: Date | null): string | null => date?.toISOString() ?? null;

export function toSummary(row: SummaryRow): RequestSummaryView {
  const { pending, running, succeeded, failed } = row;
  const jobCounts = { pending, running, succeeded, failed };
  return {
    number: row.number,
    identifier: row.identifier,
    status: requestStatus(jobCounts),
    organisation: row.organisation,
    project: row.project,
    workspace: row.workspace,
    backend: row.backend,
    requestedBy: row.requested_by,
    commit: row.commit,
    createdAt: row.created_at.toISOString(),
    startedAt: isoTime(row.started_at),
    completedAt: isoTime(row.completed_at),
    jobCounts,
  };
}
