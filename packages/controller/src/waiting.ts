// Which code a job waits under. One rule for new jobs, for jobs whose needs have just been met, and for those that a pause
// or maintenance held up: the pause counts most, then maintenance, then needs, then places.
import type { StatusCode } from '@glovebox/record';
import { type BackendSituation, type OpenJob, readSituation, type UnfinishedJob } from '@glovebox/store';
import type { Change } from './context.js';
import { moveJobs } from './move-jobs.js';

export function waitingCode(
  { pausedAt, maintenanceSince }: Pick<BackendSituation, 'pausedAt' | 'maintenanceSince'>,
  { usesDatabase, hasTask }: Pick<UnfinishedJob, 'usesDatabase' | 'hasTask'>,
): StatusCode {
  if (pausedAt !== null) return 'paused';
  if (maintenanceSince !== null && usesDatabase) return 'waiting_db_maintenance';
  if (!hasTask) return 'waiting_on_dependencies';
  return usesDatabase ? 'waiting_on_db_workers' : 'waiting_on_workers';
}

const poolCodes: readonly StatusCode[] = ['waiting_on_workers', 'waiting_on_db_workers'];

/** Moves pending jobs to the code that they wait under now. `hasTask`: all that they need is there. */
export async function letWait(
  change: Change,
  situation: BackendSituation,
  jobs: readonly (OpenJob & { readonly hasTask: boolean })[],
): Promise<void> {
  const byCode = new Map<StatusCode, OpenJob[]>();
  for (const job of jobs) {
    const code = waitingCode(situation, job);
    const waiting = byCode.get(code) ?? [];
    byCode.set(code, waiting);
    waiting.push(job);
  }
  for (const [code, waiting] of byCode) await moveJobs(change, waiting, code);
}

/** Jobs whose tasks were given back or lost wait for another try; where the backend is held up, they wait for that first. */
export async function waitAgain(
  change: Change,
  backend: number,
  jobs: readonly OpenJob[],
  detail: Readonly<Record<string, string | number | boolean>> = {},
): Promise<void> {
  if (jobs.length === 0) return;
  await moveJobs(change, jobs, 'waiting_on_new_task', { detail });
  const situation = await readSituation(change.tx, backend);
  const waiting = jobs.map((job) => ({
    ...job,
    state: 'pending' as const,
    code: 'waiting_on_new_task' as const,
    hasTask: true,
  }));
  const isHeldUp = (job: (typeof waiting)[number]) => !poolCodes.includes(waitingCode(situation, job));
  await letWait(change, situation, waiting.filter(isHeldUp));
}
