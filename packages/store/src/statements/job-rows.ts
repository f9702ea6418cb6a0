// A job with its needs and outputs as one row, and how it becomes a view. Part of the statements that read jobs.
import {
  type FailureReason,
  failureReasons,
  type ImageIdentity,
  insteadOf,
  type JobQueueView,
  type JobState,
  type JobView,
  type OutputView,
  type ProblemText,
  reasonsWords,
  type ReuseReason,
  type StatusCode,
  statusCodes,
} from '@glovebox/record';
import { sql } from 'kysely';
import { isoTime } from './request-summary.js';

export interface JobRow {
  readonly id: number;
  readonly identifier: string;
  readonly action: string;
  readonly origin: 'requested' | 'dependency';
  readonly reasons: readonly ReuseReason[];
  readonly code_repository: string | null;
  readonly code_commit: string | null;
  readonly state: JobState;
  readonly code: StatusCode;
  readonly reason: FailureReason | null;
  readonly exit_code: number | null;
  readonly excluded_files: number | null;
  readonly cause: JobView['cause'];
  readonly command: string;
  readonly image: string;
  readonly needs: readonly string[];
  readonly outputs: readonly OutputView[];
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  readonly wall_milliseconds: number | null;
  readonly cpu_milliseconds: number | null;
  readonly peak_memory_megabytes: number | null;
  readonly memory_limit_megabytes: number | null;
  readonly data_release: string | null;
  readonly requested_memory_megabytes: number | null;
  readonly requested_wall_seconds: number | null;
  readonly requested_processors: number | null;
  readonly runtime: ImageIdentity | null;
  /** What the agent told of the job's task, and what the backend gives at most. */
  readonly task: {
    readonly losses: number;
    readonly elapsed: number | null;
    readonly memory: number | null;
    readonly limit: number | null;
  } | null;
  readonly estimate: JobView['estimate'];
}

/** Follows `select`; stands on `jobs j`. */
export const jobColumns = sql`
  j.id, j.identifier, j.action, j.origin, j.reasons, j.code_repository, j.code_commit, j.state, j.code, j.reason, j.exit_code, j.excluded_files, j.command, j.image,
  j.created_at, j.started_at, j.completed_at, j.wall_milliseconds::float8 as wall_milliseconds,
  j.cpu_milliseconds::float8 as cpu_milliseconds, j.requested_memory_megabytes, j.requested_wall_seconds,
  j.requested_processors, j.runtime,
  (select json_build_object('losses', t.losses, 'elapsed', t.elapsed_seconds, 'memory', t.memory_megabytes,
      'limit', least(j.requested_memory_megabytes, (b.report->'limits'->>'memoryMegabytes')::int))
    from tasks t join backends b on b.id = t.backend where t.job = j.id limit 1) as task,
  case when j.state = 'running' or j.code in ('waiting_on_workers', 'waiting_on_db_workers', 'waiting_on_new_task') then (
    select json_build_object('runs', count(*), 'least', round(percentile_cont(0.25) within group (order by e.wall)),
      'most', round(percentile_cont(0.75) within group (order by e.wall)))
    from (
      select e.wall_milliseconds as wall, e.state from jobs e
      where e.workspace = j.workspace and e.backend = j.backend and e.action = j.action
      order by e.id desc limit 8
    ) e where e.state = 'succeeded' and e.wall is not null having count(*) > 0
  ) end as estimate,
  j.peak_memory_megabytes, j.memory_limit_megabytes, j.data_release,
  (select json_build_object('identifier', f.identifier, 'action', f.action, 'request', f.request) from jobs f where f.id = j.cause) as cause,
  coalesce((select json_agg(i.need order by i.position) from job_inputs i where i.job = j.id), '[]') as needs,
  coalesce((
    select json_agg(json_build_object('level', x.level, 'name', x.name, 'pattern', x.pattern, 'files', x.files)
      order by x.position)
    from job_outputs x where x.job = j.id
  ), '[]') as outputs`;

const megabytes = (count: number): string => `${count.toLocaleString('en-GB')} MB`;

/** The declared outputs that were not made: what project.yaml says, and nothing that the action wrote. */
function missingOutputs({ outputs }: JobRow): string {
  const missing = outputs.filter(({ files }) => files === 0).map(({ name, pattern }) => `${pattern} (${name})`);
  if (missing.length === 0) return '';
  const shown = missing.slice(0, 5).join(', ');
  return `Not made: ${shown}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}.`;
}

function memoryWords({ memory_limit_megabytes: limit, peak_memory_megabytes: peak }: JobRow): string {
  const parts = [limit === null ? '' : `the limit was ${megabytes(limit)}`];
  if (peak !== null) parts.push(`it had used ${megabytes(peak)}`);
  const text = parts.filter((part) => part !== '').join(', and ');
  return text === '' ? '' : `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

function excludedWords(count: number | null): string {
  if (count === null || count === 0) return '';
  return count === 1
    ? 'One moderately sensitive file did not pass the checks and is kept back.'
    : `${count} moderately sensitive files did not pass the checks and are kept back.`;
}

function messageOf(row: JobRow): string {
  const parts: string[] = [statusCodes[row.code].message];
  if (row.reason) parts.push(failureReasons[row.reason].message);
  if (row.reason === 'out_of_memory') parts.push(memoryWords(row));
  if (row.exit_code !== null && row.code === 'nonzero_exit') parts.push(`Exit code ${row.exit_code}.`);
  if (row.code === 'unmatched_patterns') parts.push(missingOutputs(row));
  parts.push(excludedWords(row.excluded_files));
  return parts.filter((part) => part !== '').join(' ');
}

function hintOf(row: JobRow): string | null {
  if (row.reason === 'not_offered') return insteadOf[row.image] ?? failureReasons.not_offered.hint;
  const reason: ProblemText | null = row.reason ? failureReasons[row.reason] : null;
  const code: ProblemText = statusCodes[row.code];
  return reason?.hint ?? code.hint ?? null;
}

function progressOf({ state, task }: JobRow): JobView['progress'] {
  if (state !== 'running') return null;
  return {
    elapsedSeconds: task?.elapsed ?? null,
    memoryMegabytes: task?.memory ?? null,
    memoryLimitMegabytes: task?.limit ?? null,
  };
}

/** @param queue where it stands, if it is pending */
export function toJobView(row: JobRow, queue: JobQueueView | null): JobView {
  return {
    identifier: row.identifier,
    action: row.action,
    origin: row.origin,
    reasons: row.reasons,
    because: reasonsWords(row.reasons),
    reusable:
      row.code_repository === null || row.code_commit === null
        ? null
        : { repository: row.code_repository, commit: row.code_commit },
    state: row.state,
    code: row.code,
    reason: row.reason,
    exitCode: row.exit_code,
    message: messageOf(row),
    hint: hintOf(row),
    cause: row.cause,
    command: row.command,
    needs: row.needs,
    outputs: row.outputs,
    createdAt: row.created_at.toISOString(),
    startedAt: isoTime(row.started_at),
    completedAt: isoTime(row.completed_at),
    progress: progressOf(row),
    queue,
    estimate: row.estimate,
    lostLeases: row.task?.losses ?? 0,
    requested: {
      memoryMegabytes: row.requested_memory_megabytes,
      wallSeconds: row.requested_wall_seconds,
      processors: row.requested_processors,
    },
    runtime: row.runtime,
    usage: {
      wallMilliseconds: row.wall_milliseconds,
      cpuMilliseconds: row.cpu_milliseconds,
      peakMemoryMegabytes: row.peak_memory_megabytes,
      memoryLimitMegabytes: row.memory_limit_megabytes,
    },
    dataRelease: row.data_release,
  };
}
