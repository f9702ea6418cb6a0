// An agent hands a lease back: it is about to end in order, or it was told to stop and has. In the first case the job waits
// again at once, and no attempt is counted; in the second there is only to note that nothing of it runs any more.
import type { TaskRelease, TaskReleaseResponse } from '@glovebox/wire';
import type { Change } from './context.js';
import { findTask } from './find-task.js';
import { takeBack } from './take-back.js';
import { waitAgain } from './waiting.js';

export async function release(
  change: Change,
  backend: number,
  task: string,
  { fence }: TaskRelease,
): Promise<TaskReleaseResponse> {
  const held = await findTask(change, backend, task);
  if (!held) return { verdict: 'refused' };
  if (held.stoppingFence === fence) {
    const none = { stopping_fence: null, stopping_until: null };
    await change.tx.updateTable('tasks').set(none).where('identifier', '=', task).execute();
    return { verdict: 'accepted' };
  }
  if (held.state !== 'leased' || held.fence !== fence) return { verdict: 'refused' };
  const jobs = await takeBack(change, [held], { state: 'ready', why: 'released' });
  await waitAgain(change, backend, jobs, { fence, released: true });
  change.backends.add(backend);
  return { verdict: 'accepted' };
}
