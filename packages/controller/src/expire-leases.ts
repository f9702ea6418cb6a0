// Takes back the leases that were not renewed in time: the task is ready again with a higher fence, its job pending. A task
// that was lost `mostAttempts` times is not given out again, because what it runs may be what ends the agents; its job fails.
import { lockBackend, lockJobs, type OpenJob } from '@glovebox/store';
import { afterTheEnd } from './after-the-end.js';
import type { Change } from './context.js';
import { moveJobs } from './move-jobs.js';

/** How often a task is leased before it is given up. Fences count from 1 and rise with each lost lease, so they tell. */
export const mostAttempts = 5;

/** @returns how many leases were taken back, on all backends */
export async function expireLeases(change: Change): Promise<number> {
  const { tx, now } = change;
  const late = await tx
    .selectFrom('tasks')
    .select(['identifier', 'backend'])
    .where('state', '=', 'leased')
    .where('expires_at', '<=', now)
    .execute();
  const backends = [...new Set(late.map((task) => task.backend))].sort((a, b) => a - b);
  let count = 0;
  for (const backend of backends) {
    await lockBackend(tx, backend);
    const locked = await tx
      .selectFrom('tasks')
      .select(['identifier', 'fence'])
      .where(
        'identifier',
        'in',
        late.map((task) => task.identifier),
      )
      .where('backend', '=', backend)
      .where('state', '=', 'leased')
      .where('expires_at', '<=', now)
      .orderBy('identifier')
      .forNoKeyUpdate()
      .execute();
    const isLast = ({ fence }: { readonly fence: number }) => fence >= mostAttempts;
    await giveOutAgain(
      change,
      backend,
      locked.filter((task) => !isLast(task)),
    );
    await giveUp(change, backend, locked.filter(isLast));
    count += locked.length;
  }
  return count;
}

interface LostTask {
  readonly identifier: string;
}

async function takeBack(
  { tx }: Change,
  tasks: readonly LostTask[],
  state: 'ready' | 'dropped',
): Promise<readonly OpenJob[]> {
  const taken = await tx
    .updateTable('tasks')
    .set((eb) => ({ state, agent: null, expires_at: null, fence: eb('fence', '+', 1) }))
    .where(
      'identifier',
      'in',
      tasks.map((task) => task.identifier),
    )
    .returning('job')
    .execute();
  return lockJobs(
    tx,
    taken.map((task) => task.job),
  );
}

async function giveOutAgain(change: Change, backend: number, tasks: readonly LostTask[]): Promise<void> {
  if (tasks.length === 0) return;
  await moveJobs(change, await takeBack(change, tasks, 'ready'), 'waiting_on_new_task');
  change.backends.add(backend);
}

async function giveUp(change: Change, backend: number, tasks: readonly LostTask[]): Promise<void> {
  if (tasks.length === 0) return;
  const jobs = await takeBack(change, tasks, 'dropped');
  await moveJobs(change, jobs, 'job_error', {
    columns: { reason: 'agent_lost' },
    detail: { attempts: mostAttempts },
  });
  const ids = jobs.map((job) => job.id);
  await afterTheEnd(change, backend, ids, false);
}

/**
 * Gives every lease its full time again. Done when the site starts: agents could not report while it was down, and taking
 * work from them for that would run it twice.
 */
export async function renewLeases(change: Change, leaseSeconds: number): Promise<void> {
  const expires_at = new Date(change.now.getTime() + leaseSeconds * 1000);
  await change.tx
    .updateTable('tasks')
    .set({ expires_at })
    .where('state', '=', 'leased')
    .where('expires_at', '<', expires_at)
    .execute();
}
