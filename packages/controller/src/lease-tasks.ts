// Hands ready tasks to an agent. A lease holds until `leaseSeconds` after the last report; from then on the task may go to
// another, with a higher fence, and what the first one reports is refused.
import { identifierPattern, type Lease, type LeaseRequest } from '@glovebox/record';
import { leaseReadyTasks, lockJobs, readRunDefinitions } from '@glovebox/store';
import type { Change } from './context.js';
import { moveJobs } from './move-jobs.js';

/** @returns as many leases as there are both places and ready tasks; none when there is nothing to do */
export async function leaseTasks(
  change: Change,
  leaseSeconds: number,
  backend: number,
  { agent, freeDatabase, freeOther }: Omit<LeaseRequest, 'waitSeconds'>,
): Promise<readonly Lease[]> {
  if (!identifierPattern.test(agent)) throw new Error('an agent is named by an identifier');
  const expiresAt = new Date(change.now.getTime() + leaseSeconds * 1000);
  const leased = await leaseReadyTasks(change.tx, { backend, agent, freeDatabase, freeOther, expiresAt });
  if (leased.length === 0) return [];
  const ids = leased.map((task) => task.job);
  await moveJobs(change, await lockJobs(change.tx, ids), 'initiated');
  const runs = await readRunDefinitions(change.tx, ids);
  return leased.map(({ task, fence, job }) => {
    const run = runs.get(job);
    if (!run) throw new Error(`task ${task} has no job`);
    return { task, fence, kind: 'run', leaseSeconds, run };
  });
}
