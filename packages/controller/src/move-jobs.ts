// The only place where a job changes its state. Each move is checked against the transition table and written together
// with the event that tells of it; the caller has locked the jobs (`lockJobs`) in the same transaction.
import { canFollow, isFinal, stateOf, type StatusCode } from '@glovebox/record';
import type { Database, OpenJob, Transaction } from '@glovebox/store';
import type { UpdateObject } from 'kysely';
import type { Change } from './context.js';

type Columns = UpdateObject<Database, 'jobs'>;

interface Story {
  /** Further columns of the jobs that this move fills. */
  readonly columns?: Columns;
  /** What the event adds: codes and numbers only. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  readonly person?: number;
}

/** A job on its way into running starts now; one that goes back to waiting has not started; one that ends, ends now. */
const timesOf = (code: StatusCode, from: OpenJob['state'], now: Date): Columns => {
  const state = stateOf(code);
  if (state === 'pending') return { started_at: null };
  if (state === 'running') return from === 'running' ? {} : { started_at: now };
  return isFinal(state) ? { completed_at: now } : {};
};

/** Moves jobs, all from one state, to the state that `code` stands for. Throws when the table does not allow it. */
async function moveFrom(
  from: OpenJob['state'],
  change: Change,
  jobs: readonly OpenJob[],
  code: StatusCode,
  story: Story,
): Promise<void> {
  const state = stateOf(code);
  if (!canFollow(from, state)) throw new Error(`a job can't go from ${from} to ${state} (${code})`);
  const { tx, now } = change;
  for (let at = 0; at < jobs.length; at += 1000) {
    const part = jobs.slice(at, at + 1000);
    await updateJobs(
      tx,
      part.map((job) => job.id),
      { ...story.columns, ...timesOf(code, from, now), state, code },
    );
    await tx
      .insertInto('events')
      .values(
        part.map((job) => ({
          at: now,
          kind: 'job-moved',
          person: story.person ?? null,
          request: job.request,
          job: job.id,
          state,
          code,
          detail: JSON.stringify(story.detail ?? {}),
        })),
      )
      .execute();
  }
}

async function updateJobs(tx: Transaction<Database>, ids: readonly number[], columns: Columns): Promise<void> {
  await tx.updateTable('jobs').set(columns).where('id', 'in', ids).execute();
}

/** Moves jobs to `code`. A job that has that code already is left alone, without an event. */
export async function moveJobs(
  change: Change,
  jobs: readonly OpenJob[],
  code: StatusCode,
  story: Story = {},
): Promise<void> {
  const moving = jobs.filter((job) => job.code !== code);
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
