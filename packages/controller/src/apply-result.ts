// Takes the report that a task is done. Only the holder of the current lease is heard, and only once: a repeated report is
// answered as before and changes nothing, a late one (the task went to another, or the job was cancelled) is refused.
// Numbers for outputs that project.yaml did not declare have no row to go to and are dropped.
import { retriedAfterSeconds } from '@glovebox/record';
import type { TaskResult, TaskResultResponse } from '@glovebox/wire';
import { lockBackend, lockJobs } from '@glovebox/store';
import type { UpdateObject } from 'kysely';
import type { Database } from '@glovebox/store';
import { afterTheEnd } from './after-the-end.js';
import type { Change } from './context.js';
import { keptFilesRead } from './files-read.js';
import { findTask, type LockedTask } from './find-task.js';
import { moveJobs } from './move-jobs.js';
import { takeBack } from './take-back.js';
import { waitAgain } from './waiting.js';

function outcomeColumns({
  outcome,
  usage,
  manifest,
  dataRelease,
  runtime,
}: TaskResult): UpdateObject<Database, 'jobs'> {
  return {
    reason: 'reason' in outcome ? (outcome.reason ?? null) : null,
    exit_code: outcome.code === 'nonzero_exit' ? (outcome.exitCode ?? null) : null,
    excluded_files: outcome.code === 'succeeded' ? outcome.excludedFiles : null,
    wall_milliseconds: usage?.wallMilliseconds ?? null,
    cpu_milliseconds: usage?.cpuMilliseconds ?? null,
    peak_memory_megabytes: usage?.peakMemoryMegabytes ?? null,
    memory_limit_megabytes: usage?.memoryLimitMegabytes ?? null,
    manifest: manifest ?? null,
    data_release: dataRelease ?? null,
    runtime: runtime ? JSON.stringify(runtime) : null,
  };
}

export async function applyResult(
  change: Change,
  backend: number,
  task: string,
  result: TaskResult,
): Promise<TaskResultResponse> {
  const { tx } = change;
  await lockBackend(tx, backend);
  const held = await findTask(change, backend, task);
  if (!held || held.fence !== result.fence) return { verdict: 'refused' };
  if (held.state === 'done') return { verdict: 'accepted' };
  if (held.state !== 'leased') return { verdict: 'refused' };

  if (await isTriedAgain(change, backend, held, result)) {
    change.backends.add(backend);
    return { verdict: 'accepted' };
  }
  await tx.updateTable('tasks').set({ state: 'done', expires_at: null }).where('identifier', '=', task).execute();
  const jobs = await lockJobs(tx, [held.job]);
  const detail = {
    fence: held.fence,
    ...(result.outcome.code === 'unmatched_patterns' ? { nearMisses: result.outcome.nearMisses } : {}),
  };
  const files_read = await keptFilesRead(change, held.job, result.read);
  const columns = { ...outcomeColumns(result), files_read };
  await moveJobs(change, jobs, result.outcome.code, { columns, detail });
  for (const { level, name, files, bytes } of result.outputs) {
    await tx
      .updateTable('job_outputs')
      .set({ files, bytes })
      .where('job', '=', held.job)
      .where('level', '=', level)
      .where('name', '=', name)
      .execute();
  }
  await afterTheEnd(change, backend, [held.job], result.outcome.code === 'succeeded');
  // Its place may be what another agent of the backend waits for.
  change.backends.add(backend);
  return { verdict: 'accepted' };
}

/** A reason that passes by itself is no end yet: the task waits for a while and is given out again, a bounded number of times. */
async function isTriedAgain(
  change: Change,
  backend: number,
  { identifier, retries }: LockedTask,
  { outcome }: TaskResult,
): Promise<boolean> {
  const reason = 'reason' in outcome ? outcome.reason : undefined;
  const seconds = reason && retriedAfterSeconds[reason]?.[retries];
  if (reason === undefined || seconds === undefined) return false;
  const jobs = await takeBack(change, [{ identifier }], { state: 'ready', why: 'retried' });
  const not_before = new Date(change.leaseNow.getTime() + seconds * 1000);
  await change.tx
    .updateTable('tasks')
    .set({ not_before, retries: retries + 1 })
    .where('identifier', '=', identifier)
    .execute();
  await waitAgain(change, backend, jobs, { reason, seconds });
  return true;
}
