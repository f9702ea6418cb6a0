// Takes tasks from whoever holds them: the fence rises, so nothing that the holder still says counts. Unless it gave them
// back itself, that its processes have ended is known only when it says so; until then the task counts as being stopped.
import { lockJobs, type OpenJob } from '@glovebox/store';
import { sql } from 'kysely';
import { type Change, leaseEnd } from './context.js';

export interface HeldTask {
  readonly identifier: string;
}

export interface TakingBack {
  /** `ready` to be leased again, `dropped` when the job ends. */
  readonly state: 'ready' | 'dropped';
  /** `stopped`: the holder is to stop and to say so. `lost`: it was not heard of; counts against its attempts. */
  readonly why: 'stopped' | 'lost' | 'released' | 'retried';
}

/** @returns the jobs of the tasks, locked */
export async function takeBack(
  change: Change,
  tasks: readonly HeldTask[],
  { state, why }: TakingBack,
): Promise<readonly OpenJob[]> {
  if (tasks.length === 0) return [];
  const isHeld = sql<boolean>`state = 'leased'`;
  const isStopping = why === 'stopped';
  const taken = await change.tx
    .updateTable('tasks')
    .set((eb) => ({
      state,
      agent: null,
      expires_at: null,
      fence: eb('fence', '+', 1),
      ...(why === 'lost' ? { losses: eb('losses', '+', 1) } : {}),
      ...(isStopping
        ? {
            stopping_fence: sql<number | null>`case when ${isHeld} then fence else stopping_fence end`,
            stopping_until: sql<Date | null>`case when ${isHeld} then ${leaseEnd(change)}::timestamptz else stopping_until end`,
          }
        : {}),
    }))
    .where(
      'identifier',
      'in',
      tasks.map((task) => task.identifier),
    )
    .returning('job')
    .execute();
  return lockJobs(
    change.tx,
    taken.map((task) => task.job),
  );
}
