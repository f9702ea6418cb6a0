// Runs a command confined on the caller's own terminal, for a person who types into it.
//
// It has a session of its own, so what the terminal sends on Ctrl-C comes to this process and is passed on to the command; and
// the filter of system calls keeps it from typing into the terminal (seccomp.ts).
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { ProblemError, type ConfinedCommand } from '@glovebox/record';
import { assertMounts } from '../mounts.js';
import { problem } from '../problems.js';
import { confinedArguments } from './arguments.js';
import { chooseProcessors } from './processors.js';
import { seccompFilter } from './seccomp.js';
import { childrenOf, measureTree } from './tree.js';

const lookMilliseconds = 50;
/** As shells tell it: 128 and the number of the signal. */
const killed = 137;
const limiter = '/usr/bin/prlimit';

/**
 * @param user who it is inside; its files belong to the caller all the same
 * @returns the command's exit code; 137 when it was killed, for example because it met its limit of memory
 * @throws ProblemError when it can't be started
 */
export async function attachBubblewrap(
  command: ConfinedCommand,
  user?: { readonly uid: number; readonly gid: number },
): Promise<number> {
  const { limits, argv } = command;
  const filter = seccompFilter(process.arch, limits.processors !== undefined);
  if (!filter) throw new ProblemError(problem('processor-unknown', [process.arch]));
  await assertMounts(command.mounts);
  const processors = chooseProcessors(limits.processors);
  const outer = [...processors.words, limiter, `--fsize=${limits.fileBytes}`, '--core=0', '--memlock=65536', '--'];
  const launcher = ['/usr/bin/bwrap', '--args', '3', '--seccomp', '4', '--'];
  const inner = [limiter, `--nproc=${limits.processes}`, '--'];
  const words = ['--pdeathsig', 'KILL', '--', ...outer, ...launcher, ...inner, ...argv];
  const child = spawn('/usr/bin/setpriv', words, {
    env: {},
    cwd: '/',
    stdio: ['inherit', 'inherit', 'inherit', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  for (const [fd, content] of [
    [3, confinedArguments(command, user).join('\0') + '\0'],
    [4, filter],
  ] as const) {
    const pipe = (child.stdio as readonly unknown[])[fd] as Writable;
    pipe.on('error', () => undefined);
    pipe.end(content);
  }
  const stop = (): void => void child.kill('SIGKILL');
  const interrupt = (): void => passOn(child, 'SIGINT');
  process.on('SIGINT', interrupt).on('SIGTERM', stop).on('SIGHUP', stop);
  const timer = setInterval(() => {
    if (child.pid === undefined) return;
    const use = measureTree(child.pid, limits.processes + 3, limits.memoryBytes, ['/tmp', '/dev/shm']);
    if (use.memoryBytes > limits.memoryBytes || use.processes > limits.processes + 2) stop();
  }, lookMilliseconds);
  try {
    const [exitCode] = await ended;
    return exitCode ?? killed;
  } finally {
    clearInterval(timer);
    processors.release();
    process.off('SIGINT', interrupt).off('SIGTERM', stop).off('SIGHUP', stop);
  }
}

/** To the command itself: what is below the sandbox's first process, which takes no signals. */
function passOn({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  const first = pid === undefined ? undefined : childrenOf(pid)[0];
  for (const below of first === undefined ? [] : childrenOf(first)) {
    try {
      process.kill(below, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
