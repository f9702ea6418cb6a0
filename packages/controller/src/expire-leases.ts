// Takes back the leases that were not renewed in time: the task is ready again with a higher fence, its job pending.
import { lockBackend, lockJobs } from '@glovebox/store';
import type { Change } from './context.js';
import { moveJobs } from './move-jobs.js';

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
      .select('identifier')
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
    if (locked.length === 0) continue;
    const taken = await tx
      .updateTable('tasks')
      .set((eb) => ({ state: 'ready', agent: null, expires_at: null, fence: eb('fence', '+', 1) }))
      .where(
        'identifier',
        'in',
        locked.map((task) => task.identifier),
      )
      .returning('job')
      .execute();
    const jobs = await lockJobs(
      tx,
      taken.map((task) => task.job),
    );
    await moveJobs(change, jobs, 'waiting_on_new_task');
    change.backends.add(backend);
    count += taken.length;
  }
  return count;
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
