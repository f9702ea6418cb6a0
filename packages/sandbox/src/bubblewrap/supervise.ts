// Starts bwrap, watches the processes below it, ends them all when a limit is met or the caller asks, and tells how it
// ended.
//
// Killing means killing the sandbox's first process: the kernel then ends every other process of its namespace before
// anybody sees that one gone, so when this returns nothing of the command is left, however it forked. If this process
// dies instead, bwrap is told by the kernel (setpriv --pdeathsig, --die-with-parent) and the same happens.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Readable, Writable } from 'node:stream';
import { ProblemError, type ConfinedCommand, type ConfinedResult } from '@glovebox/record';
import { signalOf } from '../exit.js';
import { problem } from '../problems.js';
import { chooseProcessors } from './processors.js';
import { openCeiling, type Ceiling } from './ceiling.js';
import { descendants, measureTree } from './tree.js';

export interface Supervision {
  /** The program that makes the namespaces, and its words up to the command. */
  readonly launcher: readonly string[];
  /** The launcher's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What the launcher reads from its descriptor 3 (arguments) and 5 (filter). */
  readonly arguments: readonly string[];
  readonly filter: Buffer;
  /** Folders inside that are held in memory. */
  readonly scratch: readonly string[];
  /** Whether prlimit can be run inside, where the kernel counts processes of this sandbox alone. */
  readonly hasLimiter: boolean;
}

type Cause = 'memory' | 'time' | 'cancelled' | 'processes';

const watchMilliseconds = 50;
const complaintCharacters = 4096;
const lastWordsCharacters = 256;
/** O_CLOEXEC as /proc shows it. */
const closeOnExec = 0o2000000;
const limiter = '/usr/bin/prlimit';
/** Open files are bounded because each can be a socket or a pipe that holds memory. */
const fixedLimits = ['--core=0', '--memlock=65536', '--nofile=1024:4096', '--msgqueue=0'];

interface Started {
  readonly child: ChildProcess;
  readonly stdio: readonly [Writable, Readable, Readable, Writable, Readable, Writable];
}

/**
 * Descriptors that this process was started with and that a child would inherit: whatever they are, the command must not
 * have them. Node opens its own so that they are not passed on.
 */
function inheritedDescriptors(): number[] {
  return readdirSync('/proc/self/fdinfo')
    .map(Number)
    .filter((fd) => {
      if (fd < 3) return false;
      try {
        const flags = /^flags:\s+([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0';
        return (Number.parseInt(flags, 8) & closeOnExec) === 0;
      } catch {
        return false;
      }
    });
}

/** Pipes for 0 to 5; every inherited descriptor above them is turned into the null device. */
function descriptors(nullDevice: number): ('pipe' | 'ignore' | number)[] {
  const inherited = inheritedDescriptors();
  const last = Math.max(5, ...inherited);
  return Array.from({ length: last + 1 }, (_, fd) => {
    if (fd <= 5) return 'pipe';
    return inherited.includes(fd) ? nullDevice : 'ignore';
  });
}

/** The kernel holds each process to it, a little above what the watch holds all of them to together. */
const cpuLimit = (cpuSeconds: number | undefined): readonly string[] =>
  cpuSeconds === undefined ? [] : [`--cpu=${Math.ceil(cpuSeconds) + 1}:${Math.ceil(cpuSeconds) + 2}`];

function start(
  command: ConfinedCommand,
  how: Supervision,
  ceiling: Ceiling | undefined,
  onProcessors: readonly string[],
): Started {
  const { limits, argv } = command;
  const perProcess = [`--fsize=${limits.fileBytes}`, ...cpuLimit(limits.cpuSeconds), ...fixedLimits];
  const outer = [...onProcessors, limiter, ...perProcess, '--'];
  const inner = how.hasLimiter ? [limiter, `--nproc=${limits.processes}`, '--'] : [];
  const words = ['--pdeathsig', 'KILL', '--', ...outer, ...how.launcher, ...inner, ...argv];
  const nullDevice = openSync('/dev/null', 'r+');
  const child = spawn('/usr/bin/setpriv', words, { env: how.env, cwd: how.cwd, stdio: descriptors(nullDevice) });
  closeSync(nullDevice);
  const stdio = child.stdio as unknown as Started['stdio'];
  // A pipe breaks when the process ends early; how it ended is told by its exit.
  for (const stream of stdio.slice(0, 6)) stream.on('error', () => undefined);
  // The launcher starts nothing before it has read its arguments.
  if (child.pid !== undefined) ceiling?.hold(child.pid);
  stdio[3].end(how.arguments.map((word) => `${word}\0`).join(''));
  stdio[5].end(how.filter);
  stdio[0].end(command.stdin ?? '');
  return { child, stdio };
}

/** Looks at the processes at intervals and calls `end` when they meet a limit. */
function watch(child: ChildProcess, command: ConfinedCommand, scratch: readonly string[], end: (why: Cause) => void) {
  const { limits } = command;
  const startedAt = performance.now();
  const peak = { cpuSeconds: 0, peakMemoryBytes: 0 };
  let timer: NodeJS.Timeout | undefined;
  function look(): void {
    if (child.pid === undefined || hasEnded(child)) return;
    const now = performance.now();
    const use = measureTree(child.pid, limits.processes + 3, limits.memoryBytes, scratch);
    command.onMemory?.(use.memoryBytes);
    peak.peakMemoryBytes = Math.max(peak.peakMemoryBytes, use.memoryBytes);
    peak.cpuSeconds = Math.max(peak.cpuSeconds, use.cpuSeconds);
    // The sandbox's own first process, and its launcher before it becomes the command, are not the command's.
    if (use.processes > limits.processes + 2) end('processes');
    else if (use.memoryBytes > limits.memoryBytes) end('memory');
    else if (limits.cpuSeconds !== undefined && use.cpuSeconds > limits.cpuSeconds) end('time');
    else if (limits.wallSeconds !== undefined && now - startedAt > limits.wallSeconds * 1000) end('time');
    // A large tree is looked at less often, so that looking never costs more than a tenth of a processor.
    const pause = now - startedAt < 2 * watchMilliseconds ? watchMilliseconds / 5 : watchMilliseconds;
    timer = setTimeout(look, Math.max(pause, (performance.now() - now) * 9));
  }
  look();
  return {
    stop: () => clearTimeout(timer),
    /** Of memory that only the kernel saw. */
    countAtLeast: (bytes: number) => (peak.peakMemoryBytes = Math.max(peak.peakMemoryBytes, bytes)),
    usage: () => ({ wallSeconds: (performance.now() - startedAt) / 1000, ...peak }),
  };
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** Ends every process: by the sandbox's first one when it is known, else by the launcher. */
function killAll(child: ChildProcess, status: string): void {
  if (child.pid === undefined || hasEnded(child)) return;
  const reported = /"child-pid": (\d+)/.exec(status)?.[1];
  const first = reported === undefined ? descendants(child.pid, 1)[0] : Number(reported);
  try {
    process.kill(first ?? child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}

/**
 * unshare ends itself by the signal that ended its child, except for SIGKILL: there it fails, saying this, and exits with 1.
 * The command may have printed before, so it is looked for in the last words.
 */
const isKilledBelowUnshare = (exitCode: number | null, lastWords: string): boolean =>
  exitCode === 1 && /unshare: sigprocmask unblock failed: [^\n]*\n?$/.test(lastWords);

/** Whether the launcher itself complained, rather than the command. */
function isLaunchFailure(exitCode: number | null, complaint: string, status: string): boolean {
  if (!/^(?:bwrap|unshare|setpriv|prlimit|taskset): /.test(complaint)) return false;
  const isReported = /"exit-code": /.test(status);
  return isReported ? exitCode === 126 || exitCode === 127 : exitCode !== 0;
}

/** @throws ProblemError when the command can't be started */
export async function supervise(command: ConfinedCommand, how: Supervision): Promise<ConfinedResult> {
  if (command.signal?.aborted) return { usage: { wallSeconds: 0 }, ended: 'cancelled' };
  const ceiling = how.arguments.length > 0 ? openCeiling(command.limits) : undefined;
  const processors = chooseProcessors(command.limits.processors);
  const { child, stdio } = start(command, how, ceiling, processors.words);
  let status = '';
  let complaint = '';
  let lastWords = '';
  stdio[4].setEncoding('utf8').on('data', (text: string) => {
    status = (status + text).slice(0, complaintCharacters);
  });
  stdio[1].on('data', (chunk: Buffer) => command.onOutput?.(chunk, 'stdout'));
  stdio[2].on('data', (chunk: Buffer) => {
    if (complaint.length < complaintCharacters) complaint += chunk.toString('latin1', 0, complaintCharacters);
    lastWords = (lastWords + chunk.toString('latin1')).slice(-lastWordsCharacters);
    command.onOutput?.(chunk, 'stderr');
  });

  let cause: Cause | undefined;
  function end(why: Cause): void {
    cause ??= why;
    killAll(child, status);
  }
  const cancel = () => end('cancelled');
  command.signal?.addEventListener('abort', cancel, { once: true });
  const watcher = watch(child, command, how.scratch, end);

  let exitCode: number | null;
  let exitSignal: NodeJS.Signals | null;
  try {
    [exitCode, exitSignal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  } catch (error) {
    throw Object.assign(new ProblemError(problem('program-missing', ['/usr/bin/setpriv'])), { cause: error });
  } finally {
    watcher.stop();
    processors.release();
    if (ceiling?.hasRunOut()) {
      cause ??= 'memory';
      watcher.countAtLeast(command.limits.memoryBytes);
    }
    await ceiling?.remove();
    command.signal?.removeEventListener('abort', cancel);
  }

  const usage = watcher.usage();
  if (cause === 'processes') return { usage, ended: 'killed', signal: 'SIGKILL' };
  if (cause) return { usage, ended: cause };
  if (isKilledBelowUnshare(exitCode, lastWords)) return { usage, ended: 'killed', signal: 'SIGKILL' };
  if (isLaunchFailure(exitCode, complaint, status)) {
    const refused = new ProblemError(problem('could-not-start', [command.argv[0]]));
    throw Object.assign(refused, { cause: new Error(complaint.trim()) });
  }
  if (exitCode === null) return { usage, ended: 'killed', signal: exitSignal ?? 'SIGKILL' };
  const signal = signalOf(exitCode);
  if (signal === 'SIGXCPU' && command.limits.cpuSeconds !== undefined) return { usage, ended: 'time' };
  if (signal !== undefined) return { usage, ended: 'killed', signal };
  return { usage, ended: 'exited', exitCode };
}
