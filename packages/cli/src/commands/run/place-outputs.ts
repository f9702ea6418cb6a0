// Puts what an action made into the study's folder, and takes away what it made before and no longer does. Neither ever
// follows a link out of the study: the folder may be somebody else's repository.
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Manifest, OutputStore } from '@glovebox/execution';
import { ProblemError } from '@glovebox/record';
import { problem } from './problems.js';

export interface Placing {
  readonly folder: string;
  readonly store: OutputStore;
  readonly outputs: Manifest['outputs'];
  /** What the action's last success put there. */
  readonly previous: readonly string[];
  /** Whether a path is an output of another action too. */
  readonly belongsToAnother: (path: string) => boolean;
}

/**
 * @returns the paths that were removed
 * @throws ProblemError when something stands in the way
 */
export async function placeOutputs({ folder, store, outputs, previous, belongsToAnother }: Placing): Promise<string[]> {
  for (const { path, sha256 } of outputs) {
    const parent = await parentOf(folder, path, true);
    const temporary = join(parent, `.glovebox-${randomBytes(6).toString('hex')}`);
    try {
      await store.copyOut(sha256, temporary);
      await rename(temporary, join(folder, path));
    } catch (error) {
      await rm(temporary, { force: true });
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EISDIR') throw new ProblemError(problem('output-not-placed', [path, path, 'a folder']));
      const isClosed = code === 'EACCES' || code === 'EROFS';
      if (isClosed) throw new ProblemError(problem('output-not-placed', [path, dirname(path), 'not to be written to']));
      throw error;
    }
  }
  // Some file systems take names that differ only in case for the same, so they are compared without it.
  const made = new Set(outputs.map(({ path }) => path.toLowerCase()));
  const removed: string[] = [];
  for (const path of previous) {
    if (made.has(path.toLowerCase()) || belongsToAnother(path)) continue;
    const stat = await lstat(join(folder, path)).catch(() => undefined);
    if (!stat?.isFile()) continue;
    await parentOf(folder, path, false);
    await rm(join(folder, path));
    removed.push(path);
  }
  return removed;
}

async function parentOf(folder: string, path: string, isToBeMade: boolean): Promise<string> {
  const refused = (at: string, found: string) =>
    new ProblemError(problem('output-not-placed', [path, relative(folder, at), found]));
  let here = folder;
  for (const name of dirname(path).split('/')) {
    here = join(here, name);
    // Made before it is looked at: another action that ends now may need the same folder.
    if (isToBeMade) await mkdir(here).catch(unlessThere);
    const stat = await lstat(here).catch(() => undefined);
    if (stat?.isSymbolicLink()) {
      const target = await realpath(here).catch(() => '');
      if (!`${target}/`.startsWith(`${folder}/`)) throw refused(here, 'a link that leads out of the study');
    } else if (stat && !stat.isDirectory()) throw refused(here, 'not a folder');
  }
  return here;
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
