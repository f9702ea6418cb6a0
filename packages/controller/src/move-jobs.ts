// The only place where a job changes its state. Each move is checked against the transition table and written together
// with the event that tells of it; the caller has locked the jobs (`lockJobs`) in the same transaction.
import { canFollow, isFinal, stateOf, type StatusCode } from '@glovebox/record';
import type { Database, OpenJob } from '@glovebox/store';
import { sql, type UpdateObject } from 'kysely';
import type { Change } from './context.js';

type Columns = UpdateObject<Database, 'jobs'>;

interface Story {
  /** Further columns of the jobs that this move fills. */
  readonly columns?: Columns;
  /** What the event adds: codes and numbers only. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  readonly person?: number;
}

/**
 * A job on its way into running starts now; one that goes back to waiting has not started; one that ends, ends now. The clock
 * may have been set back meanwhile: nothing ends before it started, or starts before it was made.
 */
const timesOf = (code: StatusCode, from: OpenJob['state'], now: Date): Columns => {
  const state = stateOf(code);
  if (state === 'pending') return { started_at: null };
  if (state === 'running') {
    return from === 'running' ? {} : { started_at: sql<Date>`greatest(created_at, ${now}::timestamptz)` };
  }
  return isFinal(state)
    ? { completed_at: sql<Date>`greatest(coalesce(started_at, created_at), ${now}::timestamptz)` }
    : {};
};

/** Moves jobs, all from one state, to `code`. */
async function moveFrom(
  from: OpenJob['state'],
  { tx, now }: Change,
  jobs: readonly OpenJob[],
  code: StatusCode,
  story: Story,
): Promise<void> {
  const state = stateOf(code);
  const ids = jobs.map((job) => job.id);
  await tx
    .updateTable('jobs')
    .set({ ...story.columns, ...timesOf(code, from, now), state, code })
    .where('id', '=', sql<number>`any(${ids}::int[])`)
    .execute();
  const requests = jobs.map((job) => job.request);
  await sql`
    insert into events (at, kind, person, request, job, state, code, detail)
    select ${now}::timestamptz, 'job-moved', ${story.person ?? null}::int, x.request, x.job, ${state}, ${code},
      ${JSON.stringify(story.detail ?? {})}::jsonb
    from unnest(${requests}::int[], ${ids}::int[]) with ordinality as x(request, job, position)
    order by x.position`.execute(tx);
}

/**
 * Moves jobs to `code`. A job that has that code already is left alone, without an event. Throws when the transition table
 * does not allow it.
 */
export async function moveJobs(
  change: Change,
  jobs: readonly OpenJob[],
  code: StatusCode,
  story: Story = {},
): Promise<void> {
  const moving = jobs.filter((job) => job.code !== code);
  const wrong = moving.find((job) => !canFollow(job.code, code));
  if (wrong) throw new Error(`a job can't go from ${wrong.code} to ${code}`);
  for (const from of new Set(moving.map((job) => job.state))) {
    await moveFrom(
      from,
      change,
      moving.filter((job) => job.state === from),
      code,
      story,
    );
  }
  for (const job of moving) change.requests.add(job.request);
}
