// Ends open jobs at once because a person says so. The agent learns it at its next report and stops; what has ended already
// stays as it is.
import type { StatusCode } from '@glovebox/record';
import { lockJobs, type OpenJob } from '@glovebox/store';
import { afterTheEnd } from './after-the-end.js';
import type { Change } from './context.js';
import { moveJobs } from './move-jobs.js';
import { takeBack } from './take-back.js';

/** The caller holds the backend's lock. @returns the jobs that it ended */
export async function endJobs(
  change: Change,
  backend: number,
  ids: readonly number[],
  code: Extract<StatusCode, 'cancelled_by_user' | 'killed_by_admin'>,
  person: number,
): Promise<readonly OpenJob[]> {
  if (ids.length === 0) return [];
  const tasks = await change.tx
    .selectFrom('tasks')
    .select('identifier')
    .where('job', 'in', ids)
    .where('state', 'in', ['ready', 'leased'])
    .orderBy('identifier')
    .forNoKeyUpdate()
    .execute();
  await takeBack(change, tasks, { state: 'dropped', why: 'stopped' });
  const open = (await lockJobs(change.tx, ids)).filter((job) => job.state === 'pending' || job.state === 'running');
  if (open.length === 0) return [];
  await moveJobs(change, open, code, { person });
  await afterTheEnd(
    change,
    backend,
    open.map((job) => job.id),
    false,
  );
  // What ran has left room.
  change.backends.add(backend);
  return open;
}
