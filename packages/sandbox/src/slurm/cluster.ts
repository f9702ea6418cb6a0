// Slurm's own commands, sbatch, squeue and scancel: what they are told and how their answers are read.
//
// A job is found again by its name, not only by its number: whoever submits may die before it learns the number. States come
// from the controller, which keeps those of ended jobs for some minutes; no accounting database is needed.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ProblemError, type Limits } from '@glovebox/record';
import { exists } from '../mounts.js';
import { problem } from '../problems.js';
import { complaintFile } from './exchange.js';

export interface ClusterOptions {
  /** Slurm's configuration file, where it is not in its usual place. */
  readonly configurationFile?: string;
  /** The folder of sbatch, squeue and scancel. Default: /usr/bin */
  readonly programs?: string;
  readonly partition?: string;
  readonly account?: string;
}

const execute = promisify(execFile);
const callMilliseconds = 60_000;
/** Memory of the node's own program beside the command's. */
const ownMegabytes = 256;
/** The node holds the time limit itself; the allocation ends later, in case it does not. */
const spareSeconds = 120;

const script = fileURLToPath(new URL('../../etc/slurm-job.sh', import.meta.url));
/** Built, whether this file is or not. */
const inside = fileURLToPath(new URL('../../dist/slurm/inside.js', import.meta.url));

/** What Slurm says when it could not be asked, in contrast to when it refuses. */
const unreachable =
  /Unable to contact|Connection (?:refused|timed out|reset)|timed out|Zero Bytes|temporarily unable|not responding/i;

/** The last line that a command complained with; the ones before are about how it got there. */
function wordsOf(error: unknown): string {
  const last = ((error as { stderr?: string }).stderr ?? '').trim().split('\n').at(-1) ?? '';
  return last.replace(/^\w+: (?:error|fatal): /, '').slice(0, 300) || (error as Error).message;
}

async function call(options: ClusterOptions, program: string, words: readonly string[]): Promise<string> {
  const { configurationFile } = options;
  const { stdout } = await execute(join(options.programs ?? '/usr/bin', program), words, {
    env: { PATH: '/usr/bin:/bin', ...(configurationFile === undefined ? {} : { SLURM_CONF: configurationFile }) },
    timeout: callMilliseconds,
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

/** The start of the names of one owner's jobs. */
export const namesOf = (owner: string): string =>
  `glovebox-${createHash('sha256').update(owner).digest('hex').slice(0, 12)}-`;

export const newName = (owner: string, job: string): string =>
  `${namesOf(owner)}${job.replaceAll(/[^\w-]/g, '-').slice(0, 100)}-${randomBytes(4).toString('hex')}`;

/** What a job asks the cluster for, and what it runs. */
function submission({ partition, account }: ClusterOptions, name: string, folder: string, limits: Limits): string[] {
  const { wallSeconds, memoryBytes, processors = 1 } = limits;
  return [
    '--parsable',
    // All of what sbatch itself is given, which is a path and where the cluster is. Any other word makes the node run the
    // user's login shell for its environment, which takes long and may fail.
    '--export=ALL',
    '--no-requeue',
    '--nodes=1',
    '--ntasks=1',
    `--job-name=${name}`,
    `--cpus-per-task=${processors}`,
    `--mem=${Math.ceil(memoryBytes / 2 ** 20) + ownMegabytes}M`,
    ...(wallSeconds === undefined ? [] : [`--time=${Math.ceil((wallSeconds + spareSeconds) / 60)}`]),
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    `--chdir=${folder}`,
    // No percent sign of the path is a pattern of Slurm's.
    `--output=${complaintFile(folder).replaceAll('%', '%%')}`,
    script,
    process.execPath,
    inside,
    folder,
  ];
}

async function giveToSlurm(options: ClusterOptions, words: readonly string[]): Promise<string> {
  try {
    return await call(options, 'sbatch', words);
  } catch (error) {
    const detail = wordsOf(error);
    const isRefusal = typeof (error as { code?: unknown }).code === 'number' && !unreachable.test(detail);
    if (isRefusal) throw Object.assign(new ProblemError(problem('cluster-refused', [detail])), { cause: error });
    throw new Error(`the job could not be submitted: ${detail}`, { cause: error });
  }
}

/**
 * @param folder with the order in it, at the same path on the node
 * @returns the number of the job
 * @throws ProblemError when the cluster refuses it, Error when it could not be asked
 */
export async function submit(options: ClusterOptions, name: string, folder: string, limits: Limits): Promise<string> {
  const answer = await giveToSlurm(options, submission(options, name, folder, limits));
  const number = /^(\d+)(?:;|$)/m.exec(answer)?.[1];
  if (number === undefined) throw new Error(`the job could not be submitted: sbatch said ${answer.slice(0, 300)}`);
  return number;
}

/**
 * Asks whether a job with these limits could ever run, without running one.
 *
 * @throws ProblemError when no node could take it
 */
export async function assertTaken(options: ClusterOptions, folder: string, limits: Limits): Promise<void> {
  await giveToSlurm(options, ['--test-only', ...submission(options, 'glovebox-test', folder, limits)]);
}

export interface JobState {
  /** As Slurm names it: PENDING, RUNNING, COMPLETED and so on. */
  readonly state: string;
  /** Why it waits, or why it ended so. */
  readonly reason: string;
}

/** @returns undefined when the cluster knows no such job any more */
export async function stateOf(options: ClusterOptions, number: string): Promise<JobState | undefined> {
  try {
    const words = ['--noheader', '--states=all', `--jobs=${number}`, '--format=%T|%r'];
    const [state = '', reason = ''] = (await call(options, 'squeue', words)).trim().split('|');
    return state === '' ? undefined : { state, reason };
  } catch (error) {
    if (/Invalid job id/i.test(wordsOf(error))) return undefined;
    throw error;
  }
}

const going = ['PENDING', 'CONFIGURING', 'RUNNING', 'SUSPENDED', 'STOPPED', 'SIGNALING', 'STAGE_OUT', 'RESIZING'];
/** Whether nothing of a job runs any more. */
export const isOver = ({ state }: JobState): boolean => state !== 'COMPLETING' && !going.includes(state);

/** Ending what has ended is no error. */
export async function cancel(options: ClusterOptions, numbers: readonly string[]): Promise<void> {
  try {
    await call(options, 'scancel', ['--quiet', ...numbers]);
  } catch (error) {
    if (!/Invalid job id|already complet/i.test(wordsOf(error))) throw error;
  }
}

/** Numbers of the jobs of this user that have not ended and whose names start like this. */
export async function findJobs(options: ClusterOptions, nameStart: string): Promise<string[]> {
  const states = [...going.slice(0, 5), 'COMPLETING'].join(',');
  const user = String(process.getuid?.() ?? 0);
  const words = ['--noheader', `--user=${user}`, `--states=${states}`, '--format=%i|%j'];
  const answer = await call(options, 'squeue', words);
  return answer
    .split('\n')
    .map((line) => line.trim().split('|'))
    .flatMap(([number, name]) => (number !== undefined && name?.startsWith(nameStart) ? [number] : []));
}

/** @throws ProblemError when the cluster can't be asked anything */
export async function assertReachable(options: ClusterOptions): Promise<void> {
  const { configurationFile } = options;
  // Slurm's commands would look for another one, and wait for long.
  if (configurationFile !== undefined && !(await exists(configurationFile)))
    throw new ProblemError(problem('cluster-unreachable', [`there is no ${configurationFile}`]));
  try {
    await call(options, 'squeue', ['--noheader', '--format=%i', `--user=${process.getuid?.() ?? 0}`]);
  } catch (error) {
    throw Object.assign(new ProblemError(problem('cluster-unreachable', [wordsOf(error)])), { cause: error });
  }
}
