// Runs actions of a study with the same planner, sandbox and checks as a backend, on dummy data. What passes here passes there,
// as far as the data allows.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogUpdate } from 'log-update';
import { removeFolder } from '@glovebox/execution';
import { requestProblems, type PlannedJob } from '@glovebox/pipeline';
import { ProblemError, reasonsWords } from '@glovebox/record';
import { CommandFailure, type Terminal } from '../../command-line.js';
import type { Result } from '../../json-result.js';
import { openExecutor, runtimesOf, type Executor, type ExecutorName } from './executor.js';
import { lockStudy } from './lock.js';
import { keepFolderOf, openTidyStore, workFolderOf } from './leftovers.js';
import { readLogTail } from './log-tail.js';
import { openStudy, type Study } from './open-study.js';
import { planStudy } from './plan-study.js';
import { liveProgress, plainProgress, type Progress } from './progress.js';
import { imageProblems } from './refuse-images.js';
import { refuseRequest } from './refuse-request.js';
import { runJob, type LocalMachine } from './run-job.js';
import { runSteps } from './schedule.js';
import { resultOf, summaryText, tailLines, type FinishedJob } from './summary.js';

export interface RunOptions {
  readonly actions: readonly string[];
  readonly projectDir: string;
  readonly force: boolean;
  readonly continueOnError: boolean;
  readonly hasTimestamps: boolean;
  readonly isForGithub: boolean;
  readonly keepsFolders: boolean;
  readonly concurrency: number;
  readonly memoryBytes: number;
  readonly processors: number | undefined;
  /** Whichever works when undefined. */
  readonly executor: ExecutorName | undefined;
}

/**
 * @returns exit code 1 when an action failed; `{"actions": [...], "notRun": [names]}`
 * @throws CommandFailure with exit code 1 when nothing can run, or it was interrupted
 */
export async function runStudy(options: RunOptions, terminal: Terminal): Promise<Result> {
  const study = await openStudy(options.projectDir);
  const problems = requestProblems(study.pipeline, options.actions);
  if (problems.length > 0) throw refuseRequest(study.pipeline, problems);
  const executor = await openExecutor(options.executor, study.folder);
  if (executor.refusal) throw new ProblemError(executor.refusal);

  const unlock = await lockStudy(study.folder);
  try {
    return await runLocked(study, executor, options, terminal);
  } finally {
    await unlock();
  }
}

async function runLocked(study: Study, executor: Executor, options: RunOptions, terminal: Terminal): Promise<Result> {
  const { plan, state, tree, trees, standIns } = await planStudy(study, options.actions, options.force, executor);
  const { jobs } = plan;
  if (jobs.length === 0) {
    terminal.out('All actions already completed successfully\nUse -f option to force everything to re-run\n');
    return { exitCode: 0, value: { actions: [], notRun: [] } };
  }
  const wanting = imageProblems(jobs, standIns, executor.name);
  if (wanting.length > 0) throw new CommandFailure(1, wanting);
  const { sandbox } = executor;
  await sandbox.removeLeftovers?.();
  const store = await openTidyStore(study.own, state);
  await mkdir(workFolderOf(study.own), { recursive: true });
  terminal.out(`\nRunning actions: ${jobs.map(({ action }) => action.name).join(', ')}\n\n`);
  for (const line of whatChanged(jobs)) terminal.out(line);
  const progress = progressOf(jobs, options, terminal);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  // Not once: what gives the cursor back would then find itself alone with the signal and end the process at once.
  for (const signal of stopSignals) process.on(signal, interrupt);
  try {
    const limits = {
      memoryBytes: options.memoryBytes,
      processes: 512,
      fileBytes: 16 * 2 ** 30,
      ...(options.processors === undefined ? {} : { processors: options.processors }),
    };
    const runtimes = runtimesOf(standIns);
    const keepFolder = options.keepsFolders ? keepFolderOf(study.own) : undefined;
    const workFolder = workFolderOf(study.own);
    const local = { study, state, tree, trees, standIns };
    const machine = { ...local, store, sandbox, runtimes, limits, workFolder, keepFolder, progress };
    const finished = await runJobs(jobs, machine, options, stop.signal);
    progress.close();
    return await report(study, jobs, finished, options, stop.signal.aborted, terminal);
  } finally {
    progress.close();
    for (const signal of stopSignals) process.off(signal, interrupt);
    await removeFolder(workFolderOf(study.own));
  }
}

/** Says which actions run only because something changed since they succeeded; the others are what was asked for. */
function whatChanged(jobs: readonly PlannedJob[]): string[] {
  const expected = new Set(['requested', 'forced', 'never-run', 'last-run-failed', 'needs-run', 'not-recorded']);
  const changed = jobs.filter(({ reasons }) => reasons.some(({ kind }) => !expected.has(kind)));
  if (changed.length === 0) return [];
  return [
    ...changed.map(({ action, reasons }) => `${action.name}: Runs again because ${reasonsWords(reasons)}\n`),
    '\n',
  ];
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function progressOf(jobs: readonly PlannedJob[], options: RunOptions, terminal: Terminal): Progress {
  if (!terminal.isInteractive || options.hasTimestamps || options.isForGithub) {
    return plainProgress(terminal, options.hasTimestamps);
  }
  const update = createLogUpdate(process.stderr);
  const names = jobs.map(({ action }) => action.name);
  return liveProgress(names, update, () => update.clear(), Math.min(20, (process.stderr.rows || 24) - 2));
}

/** @returns the jobs that ran to their end, in that order */
async function runJobs(
  jobs: readonly PlannedJob[],
  machine: LocalMachine,
  { concurrency, continueOnError }: RunOptions,
  signal: AbortSignal,
): Promise<readonly FinishedJob[]> {
  const finished: FinishedJob[] = [];
  const steps = jobs.map((job) => ({ name: job.action.name, needs: job.action.needs, job }));
  await runSteps(steps, { concurrency, continueOnError, signal }, async ({ name, job }, stopped) => {
    machine.progress.start(name);
    const ended = await runJob(job, machine, stopped);
    const end = ended === undefined ? 'stopped' : ended.isGood ? 'succeeded' : 'failed';
    if (end === 'stopped') machine.progress.say(name, 'Stopped');
    machine.progress.end(name, end);
    if (ended) finished.push(ended);
    return end;
  });
  return finished;
}

async function report(
  study: Study,
  jobs: readonly PlannedJob[],
  finished: readonly FinishedJob[],
  { isForGithub }: RunOptions,
  isInterrupted: boolean,
  terminal: Terminal,
): Promise<Result> {
  const good = finished.filter(({ isGood }) => isGood);
  const bad = finished.filter(({ isGood }) => !isGood);
  for (const job of [...good, ...bad]) {
    const most = isForGithub ? Number.MAX_SAFE_INTEGER : tailLines;
    const tail = await readLogTail(join(study.folder, job.log), most);
    terminal.out(`\n${summaryText(job, tail, isForGithub)}`);
  }
  const ended = new Set(finished.map(({ action }) => action));
  const rest = jobs.map(({ action }) => action.name).filter((name) => !ended.has(name));
  if (isInterrupted) throw new CommandFailure(1, [{ code: 'stopped', message: 'Killed by user' }]);
  if (rest.length > 0) terminal.out(`\nDid not run or did not end: ${rest.join(', ')}\n`);
  return { exitCode: bad.length > 0 ? 1 : 0, value: { actions: [...good, ...bad].map(resultOf), notRun: rest } };
}
