// A lock between processes that the system gives back when its holder dies, however it dies. It is held by a small
// `flock` child that lives as long as our end of its pipe: no stale lock file can keep anybody out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock on a file, which is made when it is missing.
 *
 * @param wait wait for the present holder; otherwise give undefined at once
 * @example
 * const lock = await takeLock('/var/lib/glovebox/agent.lock', false);
 * if (!lock) throw new Error('another agent uses this folder');
 */
export async function takeLock(file: string, wait: boolean): Promise<Lock | undefined> {
  await mkdir(dirname(file), { recursive: true });
  const child = spawn('flock', [wait ? '--exclusive' : '--nonblock', '--no-fork', file, 'cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  child.stdin.on('error', () => undefined);
  const exited = once(child, 'exit');
  // cat answers only once flock has the lock and has become cat.
  child.stdin.write('.');
  const isHeld = await Promise.race([once(child.stdout, 'data').then(() => true), exited.then(() => false)]);
  if (!isHeld) return undefined;
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  (child.stdout as unknown as { unref(): void }).unref();
  return {
    release: async () => {
      child.ref();
      child.stdin.end();
      await exited;
    },
  };
}

/** Runs `work` while holding the lock on a file. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(file, true);
  if (!lock) throw new Error(`the lock on ${file} could not be taken`);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
