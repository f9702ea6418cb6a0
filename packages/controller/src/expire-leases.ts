// Takes back the leases that were not renewed in time: the task is ready again with a higher fence, its job pending. A task
// that was lost `mostAttempts` times is not given out again, because what it runs may be what ends the agents; its job fails.
import { lockBackend } from '@glovebox/store';
import { afterTheEnd } from './after-the-end.js';
import { type Change, leaseEnd } from './context.js';
import { moveJobs } from './move-jobs.js';
import { type HeldTask, takeBack } from './take-back.js';
import { waitAgain } from './waiting.js';

/** How many leases of a task may be lost before it is given up. What was handed back in order does not count. */
export const mostAttempts = 5;

/** @returns how many leases were taken back, on all backends */
export async function expireLeases(change: Change): Promise<number> {
  const { tx, leaseNow } = change;
  const late = await tx
    .selectFrom('tasks')
    .select(['identifier', 'backend'])
    .where('state', '=', 'leased')
    .where('expires_at', '<=', leaseNow)
    .execute();
  const backends = [...new Set(late.map((task) => task.backend))].sort((a, b) => a - b);
  let count = 0;
  for (const backend of backends) {
    await lockBackend(tx, backend);
    const locked = await tx
      .selectFrom('tasks')
      .select(['identifier', 'losses'])
      .where(
        'identifier',
        'in',
        late.map((task) => task.identifier),
      )
      .where('backend', '=', backend)
      .where('state', '=', 'leased')
      .where('expires_at', '<=', leaseNow)
      .orderBy('identifier')
      .forNoKeyUpdate()
      .execute();
    const isLast = ({ losses }: { readonly losses: number }) => losses + 1 >= mostAttempts;
    await giveOutAgain(
      change,
      backend,
      locked.filter((task) => !isLast(task)),
    );
    await giveUp(change, backend, locked.filter(isLast));
    change.backends.add(backend);
    count += locked.length;
  }
  return count;
}

async function giveOutAgain(change: Change, backend: number, tasks: readonly HeldTask[]): Promise<void> {
  const jobs = await takeBack(change, tasks, { state: 'ready', why: 'lost' });
  await waitAgain(change, backend, jobs);
}

async function giveUp(change: Change, backend: number, tasks: readonly HeldTask[]): Promise<void> {
  if (tasks.length === 0) return;
  const jobs = await takeBack(change, tasks, { state: 'dropped', why: 'lost' });
  await moveJobs(change, jobs, 'job_error', {
    columns: { reason: 'agent_lost' },
    detail: { attempts: mostAttempts },
  });
  const ids = jobs.map((job) => job.id);
  await afterTheEnd(change, backend, ids, false);
}

/**
 * Gives every lease its full time from now. Done when the site starts: agents could not report while it was down, and taking
 * work from them for that would run it twice. It also brings the times of all leases to this process's way of counting.
 */
export async function renewLeases(change: Change): Promise<void> {
  await change.tx
    .updateTable('tasks')
    .set({ expires_at: leaseEnd(change) })
    .where('state', '=', 'leased')
    .execute();
  await change.tx
    .updateTable('tasks')
    .set({ stopping_until: leaseEnd(change) })
    .where('stopping_fence', 'is not', null)
    .execute();
  // What waits to be tried again was counted by another process's clock.
  await change.tx
    .updateTable('tasks')
    .set({ not_before: null })
    .where('state', '=', 'ready')
    .where('not_before', 'is not', null)
    .execute();
}
