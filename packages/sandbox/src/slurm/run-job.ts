// One Slurm job from its submission to its end: what it prints is passed on as it comes, and its state is asked for now and
// then, in case it ends without saying how.
//
// The node's own word (exchange.ts) goes first: it knows which limit was met. Slurm's state counts where there is none: the
// allocation ended first, the node broke, somebody cancelled it. A controller that does not answer changes nothing; the job
// runs on without it, and is asked for again.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CommandLost,
  ProblemError,
  type ConfinedCommand,
  type ConfinedResult,
  type Limits,
  type Usage,
} from '@glovebox/record';
import { problem } from '../problems.js';
import { cancel, findJobs, isOver, newName, stateOf, submit, type ClusterOptions, type JobState } from './cluster.js';
import { complaintFile, openReader, writeOrder, type Ending, type Order } from './exchange.js';

export interface Pace {
  /** How often the folder is looked at. */
  readonly lookMilliseconds: number;
  /** How often the controller is asked. */
  readonly askMilliseconds: number;
  /** How long what a node wrote may take to be seen here after its job has ended. */
  readonly settleMilliseconds: number;
}

export interface JobSurroundings {
  readonly cluster: ClusterOptions;
  readonly owner: string;
  /** A folder of this job's own is made in it. */
  readonly folder: string;
  readonly pace: Pace;
}

export interface JobToRun extends Pick<ConfinedCommand, 'onOutput' | 'onMemory' | 'signal'> {
  readonly order: Order;
  readonly job: string;
  readonly limits: Limits;
  /** Gives up when it still waits for a node after so long. */
  readonly longestWaitSeconds?: number;
}

/**
 * @throws ProblemError when the cluster, or the node, refuses it
 * @throws CommandLost when the cluster lost the node, or took it away
 * @throws Error when it failed in another way
 */
export async function runJob(toRun: JobToRun, around: JobSurroundings): Promise<ConfinedResult> {
  const folder = await mkdtemp(join(around.folder, 'job-'));
  try {
    await writeOrder(folder, toRun.order);
    const name = newName(around.owner, toRun.job);
    let number: string;
    try {
      number = await submit(around.cluster, name, folder, toRun.limits);
    } catch (error) {
      // It may have been taken all the same.
      if (!(error instanceof ProblemError)) await withdraw(around.cluster, name).catch(() => undefined);
      throw error;
    }
    try {
      return await follow(number, folder, toRun, around);
    } catch (error) {
      if (!(error instanceof JobFailure || error instanceof CommandLost))
        await cancel(around.cluster, [number]).catch(() => undefined);
      throw error;
    }
  } finally {
    // A node may hold a file of it open; what stays is removed at the next start.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

async function withdraw(cluster: ClusterOptions, name: string): Promise<void> {
  const numbers = await findJobs(cluster, name);
  if (numbers.length > 0) await cancel(cluster, numbers);
}

async function follow(
  number: string,
  folder: string,
  { signal, longestWaitSeconds = Infinity, ...listening }: JobToRun,
  { cluster, pace }: JobSurroundings,
): Promise<ConfinedResult> {
  const reader = openReader(folder, listening);
  const enquiry = openEnquiry(cluster, number);
  const submittedAt = performance.now();
  let askedAt = submittedAt;
  let runningSince: number | undefined;
  let overSince: number | undefined;
  let isTooLong = false;
  for (;;) {
    const ending = await reader.look();
    if (ending) return resultOf(ending);
    const now = performance.now();
    const state = enquiry.state();
    if (state && state.state !== 'PENDING' && !isOver(state)) runningSince ??= now;
    isTooLong ||= runningSince === undefined && now - submittedAt > longestWaitSeconds * 1000;
    const isUnwanted = signal?.aborted === true || isTooLong;
    if (now - askedAt >= (isUnwanted ? pace.lookMilliseconds : pace.askMilliseconds)) {
      askedAt = now;
      enquiry.ask(isUnwanted);
    }
    if (state && isOver(state)) {
      overSince ??= now;
      if (isUnwanted || now - overSince >= pace.settleMilliseconds) {
        const last = await reader.look();
        const usage = usageOf(last, runningSince === undefined ? 0 : (now - runningSince) / 1000);
        if (signal?.aborted) return { usage, ended: 'cancelled' };
        if (isTooLong) throw new ProblemError(problem('cluster-busy', [String(longestWaitSeconds)]));
        if (last) return resultOf(last);
        return endOf(state, usage, await readFile(complaintFile(folder), 'utf8').catch(() => ''));
      }
    }
    await (isUnwanted ? pause(pace.lookMilliseconds) : pauseUnless(signal, pace.lookMilliseconds));
  }
}

/** Asks the controller while nobody waits for the answer; where none comes, the last one stands. */
function openEnquiry(cluster: ClusterOptions, number: string) {
  let known: JobState | undefined;
  let isAsking = false;
  let hasCancelled = false;
  async function ask(isUnwanted: boolean): Promise<void> {
    if (isUnwanted && !hasCancelled) {
      await cancel(cluster, [number]);
      hasCancelled = true;
    }
    known = (await stateOf(cluster, number)) ?? { state: unknownState, reason: '' };
  }
  return {
    state: () => known,
    /** @param isUnwanted ends the job first */
    ask(isUnwanted: boolean): void {
      if (isAsking) return;
      isAsking = true;
      void ask(isUnwanted)
        .catch(() => undefined)
        .finally(() => (isAsking = false));
    },
  };
}

/** Ends early when the signal aborts. */
const pauseUnless = (signal: AbortSignal | undefined, milliseconds: number): Promise<void> =>
  pause(milliseconds, undefined, { signal }).catch(() => undefined);

const usageOf = (ending: Ending | undefined, wallSeconds: number): Usage =>
  ending && 'result' in ending ? ending.result.usage : { wallSeconds };

function resultOf(ending: Ending): ConfinedResult {
  if ('refused' in ending) throw new ProblemError(ending.refused);
  if ('fault' in ending) throw new JobFailure(`the node could not go on: ${ending.fault}`);
  return ending.result;
}

/** The cluster could not do what it was asked. */
export class JobFailure extends Error {}

const unknownState = 'unknown to the cluster';
/** What a job ends as when its node failed or is needed for another. */
const lostStates = ['NODE_FAIL', 'BOOT_FAIL', 'PREEMPTED', 'REVOKED', 'REQUEUED', 'SPECIAL_EXIT', unknownState];

/** What a state of Slurm's means for a command whose node did not say how it ended. */
export function endOf({ state, reason }: JobState, usage: Usage, complaint: string): ConfinedResult {
  switch (state) {
    case 'OUT_OF_MEMORY':
      return { usage, ended: 'memory' };
    case 'TIMEOUT':
    case 'DEADLINE':
      return { usage, ended: 'time' };
    case 'CANCELLED':
      return { usage, ended: 'killed', signal: 'SIGKILL' };
    default:
      if (lostStates.includes(state)) throw new CommandLost(`its Slurm job ended as ${state} (${reason})`);
      throw new JobFailure(`its Slurm job ended as ${state} (${reason}): ${complaint.trim().slice(-500)}`);
  }
}
