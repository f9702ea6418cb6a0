// Runs a command in a container on the caller's own terminal, for a person who types into it. The container is made of the same
// settings as any other; only its input and output are the terminal's.
import type { ReadStream } from 'node:tty';
import { ProblemError, type ConfinedCommand } from '@glovebox/record';
import { assertMounts } from '../mounts.js';
import { containerOptions } from './container.js';
import { connect, examine } from './engine.js';
import { findImage } from './image.js';
import { insideUser } from './ownership.js';
import { remove } from './run-container.js';

export interface AttachedOptions {
  readonly owner: string;
  readonly socketPath: string;
  /** Who it is inside; the caller when absent. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/**
 * @returns the command's exit code
 * @throws ProblemError when it can't be started
 */
export async function attachDocker(command: ConfinedCommand, options: AttachedOptions): Promise<number> {
  const { owner, socketPath } = options;
  const engine = await connect(socketPath);
  const { processors, refused } = await examine(engine, socketPath);
  if (refused) throw new ProblemError(refused);
  await assertMounts(command.mounts);
  const { id: imageId, volumes } = await findImage(engine, command.image);
  const setting = {
    owner,
    imageId,
    volumes,
    // A study's own folder is not given away, so root works in it as itself; it holds no capability.
    user: options.user ?? (process.getuid?.() === 0 ? { uid: 0, gid: 0 } : insideUser()),
    processors: Math.min(processors, command.limits.processors ?? processors),
  };
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const container = await engine.createContainer({
    ...containerOptions(command, setting),
    Tty: isTerminal,
    AttachStdin: true,
    OpenStdin: true,
    StdinOnce: true,
  });
  const keyboard: ReadStream | undefined = isTerminal ? process.stdin : undefined;
  const resize = (): void => void container.resize({ h: process.stdout.rows, w: process.stdout.columns }).catch(ignore);
  const stop = (): void => void container.kill({ signal: 'SIGKILL' }).catch(ignore);
  const interrupt = (): void => void container.kill({ signal: 'SIGINT' }).catch(ignore);
  try {
    const stream = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true });
    stream.on('error', ignore);
    const printed = new Promise((resolve) => stream.once('close', resolve).once('end', resolve));
    if (isTerminal) stream.pipe(process.stdout, { end: false });
    else container.modem.demuxStream(stream, process.stdout, process.stderr);
    process.on('SIGTERM', stop).on('SIGHUP', stop).on('SIGINT', interrupt);
    await container.start();
    keyboard?.setRawMode(true);
    process.stdin.pipe(stream);
    if (isTerminal) {
      resize();
      process.stdout.on('resize', resize);
    }
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    await printed;
    return StatusCode;
  } finally {
    keyboard?.setRawMode(false);
    process.stdin.unpipe();
    process.stdin.pause();
    process.stdout.off('resize', resize);
    process.off('SIGTERM', stop).off('SIGHUP', stop).off('SIGINT', interrupt);
    await remove(container);
  }
}

const ignore = (): void => undefined;
