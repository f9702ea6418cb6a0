// Cancels the open jobs of a request, or those of some of its actions; and, for staff, stops one job whoever asked for it.
import { ProblemError } from '@glovebox/record';
import { lockBackend } from '@glovebox/store';
import type { Change } from './context.js';
import { endJobs } from './end-jobs.js';
import { problem } from './problems.js';

export interface Cancellation {
  readonly request: number;
  /** All when absent. */
  readonly actions?: readonly string[];
  readonly person: number;
}

/** @returns how many jobs it ended. Throws ProblemError when the request or an action of it does not exist. */
export async function cancel(change: Change, { request, actions, person }: Cancellation): Promise<number> {
  const { tx, now } = change;
  const found = await tx.selectFrom('job_requests').select('backend').where('number', '=', request).executeTakeFirst();
  if (!found) throw new ProblemError(problem('unknown-job-request', [request]));
  await lockBackend(tx, found.backend);
  const all = await tx.selectFrom('jobs').select(['id', 'action']).where('request', '=', request).execute();
  const unknown = actions?.filter((action) => !all.some((job) => job.action === action)) ?? [];
  if (unknown.length > 0) {
    throw new ProblemError(unknown.map((action) => problem('unknown-request-action', [action, request])));
  }
  const ids = all.filter((job) => actions?.includes(job.action) ?? true).map((job) => job.id);
  const ended = await endJobs(change, found.backend, ids, 'cancelled_by_user', person);
  if (ended.length === 0) return 0;
  await tx
    .insertInto('events')
    .values({ at: now, kind: 'request-cancelled', person, request, detail: JSON.stringify({ jobs: ended.length }) })
    .execute();
  return ended.length;
}

/**
 * @param job identifier
 * @returns whether it was open and has now ended. Throws ProblemError when there is no such job.
 */
export async function killJob(change: Change, job: string, person: number): Promise<boolean> {
  const found = await change.tx
    .selectFrom('jobs')
    .select(['id', 'backend'])
    .where('identifier', '=', job)
    .executeTakeFirst();
  if (!found) throw new ProblemError(problem('unknown-job', [job]));
  await lockBackend(change.tx, found.backend);
  return (await endJobs(change, found.backend, [found.id], 'killed_by_admin', person)).length > 0;
}
