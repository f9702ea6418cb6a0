// One container from its creation to its removal: attached before it starts, so that no output is missed, and waited for
// until the engine says that it no longer runs.
//
// Ending it early means killing its first process, which takes every other one with it. Unlike a process of this one, a
// container lives on when this process dies: what is left then is found by its label (docker.ts).
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import { ProblemError, type ConfinedCommand, type ConfinedResult, type Usage } from '@glovebox/record';
import { signalOf } from '../exit.js';
import { problem } from '../problems.js';
import { demultiplex } from './demultiplex.js';
import { isStatus } from './engine.js';
import { sampleUsage } from './usage.js';

type Cause = 'memory' | 'time' | 'cancelled';

const complaintCharacters = 4096;
const quietMilliseconds = 500;
const longestTimer = 2 ** 31 - 1;
/** The kernel's word that memory ran out may come this much after the end that it caused. */
const memoryNewsMilliseconds = 500;

/**
 * @param options from containerOptions
 * @throws ProblemError when it can't be started
 */
export async function runContainer(
  engine: Docker,
  command: ConfinedCommand,
  options: Docker.ContainerCreateOptions,
): Promise<ConfinedResult> {
  const startedAt = performance.now();
  const container = await engine.createContainer(options);
  try {
    if (command.signal?.aborted) return { usage: { wallSeconds: 0 }, ended: 'cancelled' };
    return await runCreated(engine, container, command, startedAt);
  } finally {
    await remove(container);
  }
}

async function runCreated(
  engine: Docker,
  container: Docker.Container,
  command: ConfinedCommand,
  startedAt: number,
): Promise<ConfinedResult> {
  let cause: Cause | undefined;
  function end(why: Cause): void {
    cause ??= why;
    void kill(container);
  }
  const cancel = () => end('cancelled');
  command.signal?.addEventListener('abort', cancel, { once: true });
  const output = await attach(container, command);
  const memory = await watchMemory(engine, container, () => end('memory'));
  let timer: NodeJS.Timeout | undefined;
  let sampled: ReturnType<typeof sampleUsage> | undefined;
  try {
    await start(container, command);
    // What was asked for before there was anything to kill is done now.
    if (cause) void kill(container);
    const { wallSeconds, cpuSeconds = Infinity } = command.limits;
    if (wallSeconds !== undefined) timer = setTimeout(() => end('time'), Math.min(longestTimer, wallSeconds * 1000));
    sampled = sampleUsage(container, (used, memoryBytes) => {
      if (memoryBytes > 0) command.onMemory?.(memoryBytes);
      if ((used.cpuSeconds ?? 0) > cpuSeconds) end('time');
    });
    const state = await waitForEnd(container, output.hungUp);
    await output.ended();
    if (!cause && (state.OOMKilled || (state.ExitCode === 137 && (await memory.news())))) cause = 'memory';
    const usage = { wallSeconds: (performance.now() - startedAt) / 1000, ...sampled.stop() };
    if (cause === 'memory') return { usage: atLeast(usage, command.limits.memoryBytes), ended: 'memory' };
    if (cause) return { usage, ended: cause };
    return endOf(state.ExitCode, usage, command, output.complaint());
  } finally {
    clearTimeout(timer);
    sampled?.stop();
    memory.stop();
    output.stop();
    command.signal?.removeEventListener('abort', cancel);
  }
}

/** Samples miss the moment at which the kernel refused more. */
const atLeast = (usage: Usage, memoryBytes: number): Usage => ({
  ...usage,
  peakMemoryBytes: Math.max(usage.peakMemoryBytes ?? 0, memoryBytes),
});

function endOf(exitCode: number, usage: Usage, command: ConfinedCommand, complaint: string): ConfinedResult {
  // The container's own first process says so when it can't start the command.
  if ((exitCode === 126 || exitCode === 127) && complaint.startsWith('[FATAL tini '))
    throw notStarted(command, complaint);
  const signal = signalOf(exitCode);
  if (signal === 'SIGXCPU' && command.limits.cpuSeconds !== undefined) return { usage, ended: 'time' };
  if (signal !== undefined) return { usage, ended: 'killed', signal };
  return { usage, ended: 'exited', exitCode };
}

const notStarted = (command: ConfinedCommand, cause: unknown) =>
  Object.assign(new ProblemError(problem('could-not-start', [command.argv[0]])), { cause });

async function start(container: Docker.Container, command: ConfinedCommand): Promise<void> {
  try {
    await container.start();
  } catch (error) {
    throw isStatus(error, 400, 404, 500) ? notStarted(command, error) : error;
  }
}

async function attach(container: Docker.Container, command: ConfinedCommand) {
  const stdin = command.stdin !== undefined;
  const stream = await container.attach({ stream: true, hijack: true, stdin, stdout: true, stderr: true });
  let complaint = '';
  const take = demultiplex((chunk, which) => {
    if (which === 'stderr' && complaint.length < complaintCharacters) {
      complaint += chunk.toString('latin1', 0, complaintCharacters);
    }
    command.onOutput?.(chunk, which);
  });
  let heardAt = performance.now();
  stream.on('data', (chunk: Buffer) => {
    heardAt = performance.now();
    take(chunk);
  });
  // The connection breaks when the command never reads its input; how it ended is told by the engine.
  stream.on('error', () => undefined);
  const closed = once(stream, 'close').catch(() => undefined);
  if (stdin) stream.end(command.stdin);
  return {
    /** Resolves when no more can come. */
    hungUp: closed,
    /** To be awaited when the container has ended: until all that it printed has come. */
    ended: async () => {
      if (!stdin) return void (await closed);
      // The engine does not hang up while it holds input that nobody read.
      heardAt = performance.now();
      while (performance.now() - heardAt < quietMilliseconds) {
        if (await Promise.race([closed.then(() => true), pause(quietMilliseconds / 5, false)])) return;
      }
    },
    complaint: () => complaint,
    stop: () => hangUp(stream),
  };
}

/**
 * Tells when the kernel ended any process of the container for want of memory: then the whole command has met its limit, and
 * the rest of it is not left to go on with a part missing.
 */
async function watchMemory(engine: Docker, container: Docker.Container, onShortage: () => void) {
  const events = await engine.getEvents({ filters: { container: [container.id], event: ['oom'] } });
  let hasNews = false;
  const seen = new Promise<true>((resolve) => {
    events.on('data', () => {
      hasNews = true;
      onShortage();
      resolve(true);
    });
  });
  events.on('error', () => undefined);
  return {
    news: async () => hasNews || Promise.race([seen, pause(memoryNewsMilliseconds, false)]),
    stop: () => hangUp(events),
  };
}

function hangUp(stream: NodeJS.ReadableStream): void {
  if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
}

/**
 * Some engines answer the question before the container has ended; and an answer that breaks off in the middle is never told,
 * but then so does the connection for its output.
 *
 * @throws Error when the engine does not answer any more
 */
async function waitForEnd(container: Docker.Container, hungUp: Promise<unknown>) {
  const told = container.wait();
  told.catch(() => undefined);
  await Promise.race([told, hungUp]);
  for (let milliseconds = 50; ; milliseconds = Math.min(1000, milliseconds * 2)) {
    const { State } = await container.inspect();
    if (!State.Running) return State;
    await pause(milliseconds);
  }
}

async function kill(container: Docker.Container): Promise<void> {
  try {
    await container.kill({ signal: 'SIGKILL' });
  } catch (error) {
    // Not running (yet, or any more) is fine; anything else is tried in the other way that the engine has.
    if (!isStatus(error, 404, 409)) await remove(container).catch(() => undefined);
  }
}

/** Ends it if it runs. Being gone, or on the way out, is what was wanted. */
export async function remove(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (!isStatus(error, 404, 409)) throw error;
  }
}
