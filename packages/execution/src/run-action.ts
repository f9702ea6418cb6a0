// Runs one action from a prepared folder to a completed job: prepare, run, collect, complete. The agent and `glovebox run`
// share it, so what passes on a laptop passes beside the data.
//
// Nothing is visible of a job until `store.complete`; whatever goes wrong before leaves only a work folder, which is removed,
// and a log. A cancelled action leaves nothing at all.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ProblemError,
  renderProblem,
  systemClock,
  type Clock,
  type ConfinedResult,
  type FailureReason,
  type ImageIdentity,
  type Limits,
  type Sandbox,
} from '@glovebox/record';
import type { DeclaredOutputs } from '@glovebox/pipeline';
import { openActionLog, summaryOf, type ActionLog } from './action-log.js';
import { collectOutputs, defaultOutputLimits, TooManyOutputs, type Collected, type OutputLimits } from './collect.js';
import { readsPatients, resolveCommand, type ResolvedCommand, type Runtimes } from './command.js';
import { watchDisk } from './disk.js';
import { failureOf, nextStep, publicWords } from './ending.js';
import { actionsOf } from './study-actions.js';
import { filesReadBy } from './files-read.js';
import { removeFolder } from './files.js';
import type { Manifest, Outcome, RunUsage } from './manifest.js';
import type { OutputStore } from './output-store.js';
import { MissingInput, bringInInputs, removeLinksOut } from './prepare.js';
import type { ReviewLimits } from './police.js';
import { snapshot } from './walk.js';

export type RunPhase = 'preparing' | 'prepared' | 'executing' | 'executed' | 'finalizing';

/** What to run; all of it is public. */
export interface ActionToRun {
  readonly job: string;
  readonly request: string;
  /** Whose request it is. */
  readonly user?: string | undefined;
  readonly workspace: string;
  readonly action: string;
  /** The study's. */
  readonly repository?: string;
  readonly commit: string;
  /** Set when what runs is not the study's own code. */
  readonly code?: object | undefined;
  readonly image: string;
  readonly tag: string;
  readonly args: readonly string[];
  readonly outputs: DeclaredOutputs;
  /** Needed action to the succeeded job whose outputs come in. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** An ehrQL command, which alone reaches the database. Its words have been checked to stay inside `folder`. */
export interface Extraction {
  readonly args: readonly string[];
  /** Whether it is a command that needs the database. */
  readonly readsPatients: boolean;
  readonly folder: string;
  /** A folder for what does not fit in memory; it goes with the job. */
  readonly scratch: string;
  /** Where the command is to write which files it was made from, a line of JSON for each definition. */
  readonly filesRead: string;
  readonly limits: Limits;
  readonly onOutput: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
  readonly onMemory?: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface RunSurroundings {
  readonly store: OutputStore;
  readonly sandbox: Sandbox;
  readonly runtimes: Runtimes;
  readonly limits: Limits;
  readonly reviewLimits: ReviewLimits;
  readonly outputLimits?: OutputLimits;
  /** A folder of this run's own is made in it and removed at the end. */
  readonly workFolder: string;
  /** The environment of confined actions besides HOME, PATH and LANG. */
  readonly env?: Readonly<Record<string, string>>;
  readonly dataRelease?: string;
  /** Tells what a program of this machine is, for the record of the job that it runs. */
  readonly identify?: (program: string) => Promise<ImageIdentity>;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  readonly onPhase?: (phase: RunPhase) => void;
  /** As in a confined command. */
  readonly onMemory?: (bytes: number) => void;
  /** Writes the study's code into an empty folder. */
  readonly prepareCode: (folder: string) => Promise<void>;
  readonly extract: (extraction: Extraction) => Promise<ConfinedResult>;
}

/** `cancelled` leaves nothing behind; otherwise the job is complete and this is its manifest. */
export type ActionResult =
  | { readonly ended: 'cancelled' }
  | { readonly ended: 'completed'; readonly manifest: Manifest; readonly digest: string };

/** An early end that is the job's outcome. */
class Ended extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super(outcome.code);
    this.outcome = outcome;
  }
}

const diskFull: Outcome = { code: 'job_error', reason: 'disk_full' };
const isDiskFull = (outcome: Outcome): boolean => outcome.code === 'job_error' && outcome.reason === 'disk_full';
const jobError = (reason?: FailureReason) => new Ended({ code: 'job_error', ...(reason ? { reason } : {}) });

/**
 * Runs an action to its end.
 *
 * @throws CommandLost when what ran it was lost, and Error for a fault of the machine other than a full disk; the job is then
 *   not complete and may be run again
 */
export async function runAction(action: ActionToRun, around: RunSurroundings): Promise<ActionResult> {
  const { store, signal } = around;
  const clock = around.clock ?? systemClock;
  const work = join(around.workFolder, action.job);
  const folder = join(work, 'workspace');
  const startedAt = clock().toISOString();
  let log: ActionLog | undefined;
  let program: ImageIdentity | undefined;
  let studyActions: readonly string[] | undefined;
  let ran: Ran = { usage: null, runtime: null, collected: nothing };
  let outcome: Outcome;
  try {
    await removeFolder(work);
    await mkdir(around.workFolder, { recursive: true, mode: 0o700 });
    // One by one: a disk that can't be written is told apart only so.
    for (const one of [work, folder]) await mkdir(one, { mode: 0o700 });
    log = openActionLog(join(store.jobFolder(action.job), 'log.txt'), clock);
    try {
      const prepared = await prepare(action, around, folder, log);
      studyActions = prepared.studyActions;
      if (prepared.kind === 'confined' && prepared.image === undefined)
        program = await around.identify?.(prepared.runtime);
      ran = await execute(action, around, folder, prepared, log);
      outcome = ran.outcome ?? outcomeOf(ran.collected);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      outcome = error.outcome;
    }
    if (signal.aborted) return await forget(store, action.job);
    // What filled the disk is in the work folder; without it there is room for the log and the manifest.
    if (isDiskFull(outcome)) await removeFolder(work);
    const manifest = manifestOf(
      action,
      around,
      { ...ran, ...(program ? { program } : {}), ...(studyActions ? { studyActions } : {}) },
      outcome,
      startedAt,
      clock().toISOString(),
    );
    log.end(summaryOf(manifest, publicWords(outcome), nextStep(outcome)));
    log = undefined;
    return { ended: 'completed', ...(await store.complete(manifest)) };
  } catch (error) {
    if (signal.aborted) return await forget(store, action.job);
    throw error;
  } finally {
    log?.end('');
    await removeFolder(work);
  }
}

interface Ran {
  readonly usage: RunUsage | null;
  readonly runtime: string | null;
  readonly program?: ImageIdentity;
  /** As in the manifest. */
  readonly studyActions?: readonly string[];
  readonly collected: Collected;
  /** As in the manifest. */
  readonly read?: readonly string[];
  /** Set when running failed; otherwise what was collected decides. */
  readonly outcome?: Outcome;
}

const nothing: Collected = { outputs: [], patterns: [], nearMisses: [], refused: [] };

async function forget(store: OutputStore, job: string): Promise<ActionResult> {
  await store.forget(job);
  return { ended: 'cancelled' };
}

type Runnable = Exclude<ResolvedCommand, { kind: 'refused' }>;
type Prepared = Runnable & { readonly studyActions?: readonly string[] };

async function prepare(
  action: ActionToRun,
  around: RunSurroundings,
  folder: string,
  log: ActionLog,
): Promise<Prepared> {
  around.onPhase?.('preparing');
  try {
    await around.prepareCode(folder);
    // Before the inputs, which may have a file of that name. A reusable action runs beside another project.yaml.
    const studyActions = action.code ? undefined : await actionsOf(folder);
    await bringInInputs(around.store, action.workspace, action.inputs, folder);
    const command = await resolveCommand(action, around.runtimes, folder);
    if (command.kind === 'refused') {
      log.say(command.detail);
      throw jobError(command.reason);
    }
    if (command.kind === 'extraction') await removeLinksOut(folder);
    around.onPhase?.('prepared');
    return { ...command, ...(studyActions ? { studyActions } : {}) };
  } catch (error) {
    if (isFull(error)) throw jobError('disk_full');
    if (error instanceof MissingInput) throw jobError('input_missing');
    if (error instanceof ProblemError) {
      for (const line of error.problems.map(renderProblem).join('\n').split('\n')) log.say(line);
      const isCommit = error.problems.some(({ code }) => code.startsWith('commit-') || code.startsWith('branch-'));
      const isPolicy = error.problems.some(
        ({ code }) => code.startsWith('repository-not') || code.startsWith('repository-address'),
      );
      throw jobError(isCommit ? 'commit_missing' : isPolicy ? 'refused_by_policy' : undefined);
    }
    throw error;
  }
}

async function execute(
  action: ActionToRun,
  around: RunSurroundings,
  folder: string,
  command: Runnable,
  log: ActionLog,
): Promise<Ran> {
  const before = await snapshot(folder);
  around.onPhase?.('executing');
  const disk = watchDisk(folder);
  let result: ConfinedResult;
  try {
    const signal = AbortSignal.any([around.signal, disk.signal]);
    const confined = { ...around, signal };
    result = await start(command, confined, action.job, folder, (chunk, stream) => log.write(chunk, stream));
  } catch (error) {
    if (error instanceof ProblemError) {
      const isImage = error.problems.some(({ code }) => code === 'image-missing');
      throw jobError(isImage ? 'image_missing' : 'could_not_start');
    }
    if (isFull(error)) throw jobError('disk_full');
    throw error;
  } finally {
    disk.stop();
  }
  around.onPhase?.('executed');
  const runtime = command.kind === 'confined' ? command.runtime : null;
  const usage = usageOf(result, around.limits);
  if (around.signal.aborted) return { usage, runtime, collected: nothing };
  if (disk.signal.aborted) return { usage, runtime, collected: nothing, outcome: diskFull };
  around.onPhase?.('finalizing');
  const isEvaluated = existsSync(filesReadPath(folder));
  const failed = failureOf(result, command.kind === 'extraction' ? { isEvaluated } : undefined);
  try {
    const most = around.outputLimits ?? defaultOutputLimits;
    const collected = await collectOutputs(folder, action.outputs, before, around.store, around.reviewLimits, most);
    const isOutOfRoom = isFull(log.fault()) || (failed?.code === 'nonzero_exit' && (await hasNoSpace(folder)));
    const outcome: Outcome | undefined = isOutOfRoom ? diskFull : failed;
    if (outcome || command.kind !== 'extraction') return { usage, runtime, collected, ...(outcome ? { outcome } : {}) };
    const hasInputs = Object.keys(action.inputs).length > 0;
    const read = await filesReadBy(filesReadPath(folder), command.args, new Set(before.keys()), hasInputs);
    return { usage, runtime, collected, ...(read ? { read } : {}) };
  } catch (error) {
    if (isFull(error)) return { usage, runtime, collected: nothing, outcome: diskFull };
    if (!(error instanceof TooManyOutputs)) throw error;
    log.say(`The action wrote more than ${error.limits.files} output files, or ${error.limits.bytes} bytes of them.`);
    return { usage, runtime, collected: nothing, outcome: { code: 'job_error', reason: 'outputs_too_large' } };
  }
}

/** Outside the workspace, so that nothing in it can be taken for the report. */
const filesReadPath = (folder: string): string => join(folder, '..', 'files-read');

async function start(
  command: Runnable,
  around: RunSurroundings,
  job: string,
  folder: string,
  onOutput: (chunk: Buffer, stream: 'stdout' | 'stderr') => void,
): Promise<ConfinedResult> {
  const { limits, signal, sandbox } = around;
  const listening = { onOutput, signal, ...(around.onMemory ? { onMemory: around.onMemory } : {}) };
  if (command.kind === 'extraction') {
    const { args } = command;
    const scratch = join(folder, '..', 'scratch');
    await mkdir(scratch, { mode: 0o700 });
    return around.extract({
      args,
      readsPatients: readsPatients(args),
      folder,
      scratch,
      filesRead: filesReadPath(folder),
      limits,
      ...listening,
    });
  }
  // An image knows where its own programs are.
  const { argv, image } = command;
  const where = image === undefined ? { PATH: '/usr/local/bin:/usr/bin:/bin' } : {};
  return sandbox.run({
    argv,
    ...(image === undefined ? {} : { image }),
    job,
    cwd: '/workspace',
    env: { HOME: '/tmp', ...where, LANG: 'C.UTF-8', ...around.env },
    mounts: [...sandbox.systemMounts(), { from: folder, to: '/workspace', access: 'write' }],
    limits,
    ...listening,
  });
}

const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');

async function hasNoSpace(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < 2 ** 20;
}

const outcomeOf = ({ patterns }: Collected): Outcome =>
  patterns.some(({ files }) => files === 0) ? { code: 'unmatched_patterns' } : { code: 'succeeded' };

/** Its own time: what it waited for a place to run is none of it. */
function usageOf({ usage }: ConfinedResult, limits: Limits): RunUsage {
  return {
    wallMilliseconds: Math.round(usage.wallSeconds * 1000),
    cpuMilliseconds: usage.cpuSeconds === undefined ? null : Math.round(usage.cpuSeconds * 1000),
    peakMemoryBytes: usage.peakMemoryBytes ?? null,
    memoryLimitBytes: limits.memoryBytes,
  };
}

function manifestOf(
  action: ActionToRun,
  around: RunSurroundings,
  { usage, runtime, program, studyActions, collected, read }: Ran,
  outcome: Outcome,
  startedAt: string,
  completedAt: string,
): Omit<Manifest, 'order'> {
  const { image, tag, outputs: _declared, ...identity } = action;
  return {
    version: 1,
    salt: randomBytes(16).toString('hex'),
    ...identity,
    image: `${image}:${tag}`,
    runtime,
    ...(program ? { program } : {}),
    ...(studyActions ? { studyActions } : {}),
    dataRelease: around.dataRelease ?? null,
    outcome,
    startedAt,
    completedAt,
    usage,
    ...(read ? { read } : {}),
    ...collected,
  };
}
