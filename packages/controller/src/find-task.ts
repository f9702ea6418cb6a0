// Finds the task that an agent speaks about and locks it. A task of another backend is not found: a token reaches its own.
import type { Change } from './context.js';

export interface LockedTask {
  readonly identifier: string;
  readonly job: number;
  readonly fence: number;
  readonly state: 'ready' | 'leased' | 'done' | 'dropped';
  readonly stoppingFence: number | null;
  readonly memoryMegabytes: number | null;
  readonly retries: number;
}

export const findTask = (change: Change, backend: number, identifier: string): Promise<LockedTask | undefined> =>
  change.tx
    .selectFrom('tasks')
    .select(['identifier', 'job', 'fence', 'state', 'retries'])
    .select(['stopping_fence as stoppingFence', 'memory_megabytes as memoryMegabytes'])
    .where('identifier', '=', identifier)
    .where('backend', '=', backend)
    .forNoKeyUpdate()
    .executeTakeFirst();
