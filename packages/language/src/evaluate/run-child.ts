// Starts the evaluating process, in a sandbox when there is one, and holds it to its limits of time and output.
import { spawn } from 'node:child_process';
import type { Sandbox } from '@glovebox/record';
import { confinedPaths, evaluateCommand, type ChildPaths, type ChildTask } from './child-command.js';

export interface EvaluationLimits {
  readonly seconds: number;
  /** Of Python itself; the process around it needs some more. */
  readonly memoryBytes: number;
  /** Of the answer and, counted apart, of everything printed. */
  readonly outputBytes: number;
}

export const defaultLimits: EvaluationLimits = { seconds: 60, memoryBytes: 2 ** 30, outputBytes: 2 ** 28 };

export interface ChildResult {
  readonly ended: 'exited' | 'time' | 'memory' | 'output' | 'cancelled' | 'killed';
  readonly detail: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the process around Python may use beside Python's own memory. */
const overheadBytes = 2 ** 30;

export interface ChildOptions {
  readonly limits: EvaluationLimits;
  readonly sandbox: Sandbox | undefined;
  readonly signal: AbortSignal | undefined;
}

export async function runChild(host: ChildPaths, task: ChildTask, options: ChildOptions): Promise<ChildResult> {
  const collected = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const sizes = { stdout: 0, stderr: 0 };
  const stop = new AbortController();
  let isTooMuch = false;
  const take = (chunk: Buffer, stream: 'stdout' | 'stderr'): void => {
    sizes[stream] += chunk.length;
    if (sizes[stream] <= options.limits.outputBytes) collected[stream].push(chunk);
    else {
      isTooMuch = true;
      stop.abort();
    }
  };
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const end = options.sandbox
    ? await runConfined(options.sandbox, host, task, options.limits, signal, take)
    : await runDirectly(host, task, options.limits, signal, take);
  return {
    ...end,
    ...(isTooMuch ? { ended: 'output' as const } : {}),
    stdout: Buffer.concat(collected.stdout).toString('utf8'),
    stderr: Buffer.concat(collected.stderr).toString('utf8'),
  };
}

type Ending = Pick<ChildResult, 'ended' | 'detail'>;
type Take = (chunk: Buffer, stream: 'stdout' | 'stderr') => void;

async function runConfined(
  sandbox: Sandbox,
  host: ChildPaths,
  task: ChildTask,
  limits: EvaluationLimits,
  signal: AbortSignal,
  take: Take,
): Promise<Ending> {
  const { paths, mounts } = confinedPaths(host);
  const result = await sandbox.run({
    argv: evaluateCommand(paths, task),
    cwd: '/',
    env: {},
    mounts: [...sandbox.systemMounts(), ...mounts],
    limits: {
      memoryBytes: limits.memoryBytes + overheadBytes,
      processes: 64,
      fileBytes: 0,
      wallSeconds: limits.seconds,
    },
    onOutput: take,
    signal,
  });
  if (result.ended === 'exited') return { ended: 'exited', detail: `exit code ${result.exitCode}` };
  if (result.ended !== 'killed') return { ended: result.ended, detail: result.ended };
  return { ended: isHeapFull(result.signal) ? 'memory' : 'killed', detail: result.signal };
}

/** Node aborts itself when its own heap is full. */
const isHeapFull = (signal: string | null): boolean => signal === 'SIGABRT';

function runDirectly(
  host: ChildPaths,
  task: ChildTask,
  limits: EvaluationLimits,
  signal: AbortSignal,
  take: Take,
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = evaluateCommand(host, task);
    const child = spawn(program, args, { cwd: '/', env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
    let reason: Ending['ended'] | undefined;
    const kill = (why: Ending['ended']): void => {
      reason ??= why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(kill, limits.seconds * 1000, 'time');
    const cancel = (): void => kill('cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    const die = (): void => void child.kill('SIGKILL');
    process.once('exit', die);
    if (signal.aborted) cancel();
    child.stdout.on('data', (chunk: Buffer) => take(chunk, 'stdout'));
    child.stderr.on('data', (chunk: Buffer) => take(chunk, 'stderr'));
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      process.removeListener('exit', die);
      const isFull = isHeapFull(killedBy) || code === 134;
      const ended = reason ?? (isFull ? 'memory' : killedBy === null ? 'exited' : 'killed');
      resolve({ ended, detail: killedBy ?? `exit code ${code}` });
    });
  });
}
