// What follows when jobs have ended: whatever waited for a failed one fails too, whatever has now all that it needs
// gets a task, and requests without an open job are settled. The caller holds the backend's lock.
import { jobsThatCanStart, lockJobs, settleRequests } from '@glovebox/store';
import type { Change } from './context.js';
import { makeReady } from './make-ready.js';
import { moveJobs } from './move-jobs.js';

/** The jobs that wait directly for one of these. */
async function dependants(change: Change, jobs: readonly number[]) {
  if (jobs.length === 0) return [];
  return (
    change.tx
      .selectFrom('job_inputs as i')
      .innerJoin('jobs as j', 'j.id', 'i.job')
      .select(['i.job', 'i.provider'])
      .where('i.provider', 'in', jobs)
      // Not by state: see jobsThatCanStart.
      .where('j.completed_at', 'is', null)
      .orderBy('i.job')
      .orderBy('i.position')
      .execute()
  );
}

/** Fails everything that waits for a failed job, directly or not; each names the job that began it. */
async function failDependants(change: Change, failed: readonly number[]): Promise<void> {
  const rootOf = new Map(failed.map((job) => [job, job]));
  let frontier = failed;
  while (frontier.length > 0) {
    const next = new Map<number, number>();
    for (const { job, provider } of await dependants(change, frontier)) {
      if (!next.has(job)) next.set(job, rootOf.get(provider) ?? provider);
    }
    for (const root of new Set(next.values())) {
      const waiting = [...next].filter(([, itsRoot]) => itsRoot === root).map(([job]) => job);
      await moveJobs(change, await lockJobs(change.tx, waiting), 'dependency_failed', { columns: { cause: root } });
    }
    for (const [job, root] of next) rootOf.set(job, root);
    frontier = [...next.keys()];
  }
}

/** @param jobs that were just moved to a final state, all `succeeded` or none */
export async function afterTheEnd(
  change: Change,
  backend: number,
  jobs: readonly number[],
  succeeded: boolean,
): Promise<void> {
  if (succeeded) {
    const waiting = (await dependants(change, jobs)).map((row) => row.job);
    await makeReady(change, backend, await jobsThatCanStart(change.tx, waiting));
  } else {
    await failDependants(change, jobs);
  }
  await settleRequests(change.tx, [...change.requests]);
}
