// Writing that survives a crash: a file is written elsewhere, flushed, and renamed, so that whoever looks sees the
// whole file or none.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { constants, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const temporaryName = (): string => `${process.pid}-${randomBytes(8).toString('hex')}`;

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Replaces a file whole; readable by its owner only.
 *
 * @param folder where it is written first, on the same file system; what a kill leaves there is removed with the rest
 */
export async function writeWhole(path: string, content: string | Uint8Array, folder: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = join(folder, temporaryName());
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(dirname(path));
}

const mostAtOnce = 16;

/** What waits for the disk for each of many files: several wait no longer than one. Nothing of it goes on once this rejects. */
export async function severalAtOnce<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < items.length; i += mostAtOnce) {
    const ended = await Promise.allSettled(items.slice(i, i + mostAtOnce).map(act));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }
}

export interface Digested {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Copies a regular file into `folder` under a temporary name, digesting it on the way; a link is never followed.
 *
 * @returns the digest, and the temporary file, flushed
 */
export async function copyDigested(path: string, folder: string): Promise<Digested & { readonly temporary: string }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, temporaryName());
  const from = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const to = await open(temporary, 'wx', 0o400);
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of from.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
        hash.update(chunk as Buffer);
        bytes += (chunk as Buffer).length;
        await to.writeFile(chunk as Buffer);
      }
      await to.sync();
    } finally {
      await to.close();
    }
    return { sha256: hash.digest('hex'), bytes, temporary };
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await from.close();
  }
}

/**
 * Removes a folder whatever an action left in it: folders without permissions, or nested more deeply than a path can tell.
 *
 * @throws Error when something of it is still there
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    const run = promisify(execFile);
    const options = { env: { PATH: '/usr/bin:/bin' } };
    await run('chmod', ['-R', 'u+rwX', '--', path], options).catch(() => undefined);
    await run('rm', ['-rf', '--one-file-system', '--', path], options);
  }
}
