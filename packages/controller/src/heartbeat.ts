// An agent says that it still works on a task, in which phase, for how long and with how much memory. That renews the lease; a
// lease that was lost can't be renewed, and the answer then is to stop.
import { phases, type StatusCode } from '@glovebox/record';
import type { Heartbeat, HeartbeatResponse } from '@glovebox/wire';
import { lockJobs } from '@glovebox/store';
import { sql } from 'kysely';
import { type Change, leaseEnd } from './context.js';
import { findTask } from './find-task.js';
import { moveJobs } from './move-jobs.js';

/** Reports may overtake one another on the way, so a phase never goes back. `initiated` comes before all of them. */
const isLater = (phase: (typeof phases)[number], code: StatusCode): boolean =>
  phases.indexOf(phase) > phases.findIndex((known) => known === code);

export async function heartbeat(
  change: Change,
  backend: number,
  task: string,
  { agent, fence, phase, elapsedSeconds, memoryMegabytes }: Heartbeat,
): Promise<HeartbeatResponse> {
  const held = await findTask(change, backend, task);
  if (held?.state !== 'leased' || held.fence !== fence) return { verdict: 'stop' };
  await change.tx
    .updateTable('tasks')
    .set({
      agent,
      expires_at: leaseEnd(change),
      // A report that was overtaken takes nothing back.
      ...(elapsedSeconds === undefined
        ? {}
        : { elapsed_seconds: sql<number>`greatest(elapsed_seconds, ${elapsedSeconds}::int)` }),
      ...(memoryMegabytes === undefined ? {} : { memory_megabytes: memoryMegabytes }),
    })
    .where('identifier', '=', task)
    .execute();
  const jobs = await lockJobs(change.tx, [held.job]);
  await moveJobs(
    change,
    jobs.filter((job) => isLater(phase, job.code)),
    phase,
  );
  // Pages show the memory in use.
  if ((memoryMegabytes ?? held.memoryMegabytes) !== held.memoryMegabytes) {
    for (const job of jobs) change.requests.add(job.request);
  }
  return { verdict: 'go-on' };
}
