// An agent says that it still works on a task, and in which phase. That renews the lease; a lease that was lost can't be
// renewed, and the answer then is to stop.
import { type Heartbeat, type HeartbeatResponse, phases, type StatusCode } from '@glovebox/record';
import { lockJobs } from '@glovebox/store';
import type { Change } from './context.js';
import { findTask } from './find-task.js';
import { moveJobs } from './move-jobs.js';

/** Reports may overtake one another on the way, so a phase never goes back. `initiated` comes before all of them. */
const isLater = (phase: (typeof phases)[number], code: StatusCode): boolean =>
  phases.indexOf(phase) > phases.findIndex((known) => known === code);

export async function heartbeat(
  change: Change,
  leaseSeconds: number,
  backend: number,
  task: string,
  { agent, fence, phase }: Heartbeat,
): Promise<HeartbeatResponse> {
  const held = await findTask(change, backend, task);
  if (held?.state !== 'leased' || held.fence !== fence) return { verdict: 'stop' };
  const expires_at = new Date(change.now.getTime() + leaseSeconds * 1000);
  await change.tx.updateTable('tasks').set({ agent, expires_at }).where('identifier', '=', task).execute();
  const jobs = await lockJobs(change.tx, [held.job]);
  await moveJobs(
    change,
    jobs.filter((job) => isLater(phase, job.code)),
    phase,
  );
  return { verdict: 'go-on' };
}
