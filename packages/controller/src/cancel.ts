// Cancels the open jobs of a request, or those of some of its actions. A cancelled job has ended at once; the agent learns
// it at its next report and stops. What has ended already stays as it is.
import { ProblemError } from '@glovebox/record';
import { lockBackend, lockJobs } from '@glovebox/store';
import { afterTheEnd } from './after-the-end.js';
import type { Change } from './context.js';
import { moveJobs } from './move-jobs.js';
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
  if (ids.length === 0) return 0;

  const tasks = await tx
    .selectFrom('tasks')
    .select('identifier')
    .where('job', 'in', ids)
    .where('state', 'in', ['ready', 'leased'])
    .orderBy('identifier')
    .forNoKeyUpdate()
    .execute();
  if (tasks.length > 0) {
    await tx
      .updateTable('tasks')
      .set((eb) => ({ state: 'dropped', expires_at: null, fence: eb('fence', '+', 1) }))
      .where(
        'identifier',
        'in',
        tasks.map((task) => task.identifier),
      )
      .execute();
  }
  const open = (await lockJobs(tx, ids)).filter((job) => job.state === 'pending' || job.state === 'running');
  if (open.length === 0) return 0;
  await tx
    .insertInto('events')
    .values({ at: now, kind: 'request-cancelled', person, request, detail: JSON.stringify({ jobs: open.length }) })
    .execute();
  await moveJobs(change, open, 'cancelled_by_user', { person });
  await afterTheEnd(
    change,
    found.backend,
    open.map((job) => job.id),
    false,
  );
  return open.length;
}
