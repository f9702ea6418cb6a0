// Removes what runs that were killed left in a study's folder, and stored copies that no later run would use. Only for whoever
// holds the study's lock.
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openOutputStore, removeFolder, type OutputStore } from '@glovebox/execution';
import type { LocalState } from './local-state.js';

export const workFolderOf = (own: string): string => join(own, 'work');
/** The log of an action's last run, relative to the study; a file name may be 255 bytes long, a name of an action longer. */
export function logOf(action: string): string {
  const name = action.replaceAll('/', '_');
  const isLong = Buffer.byteLength(name) > 200;
  const digest = createHash('sha256').update(action).digest('hex').slice(0, 16);
  return `metadata/${isLong ? `${Array.from(name).slice(0, 40).join('')}-${digest}` : name}.log`;
}

export const keepFolderOf = (own: string): string => join(own, 'kept');

/** @returns the study's store, with nothing in it but the latest job of each action */
export async function openTidyStore(own: string, state: LocalState): Promise<OutputStore> {
  await removeFolder(workFolderOf(own));
  // One by one: made together, a disk that can't be written looks like a folder that is not there.
  for (const folder of [dirname(own), own]) await mkdir(folder).catch(unlessThere);
  const store = await openOutputStore(own);
  const latest = new Set([...state.values()].map(({ job }) => job));
  for (const job of await readdir(join(own, 'jobs'))) {
    if (!latest.has(job)) await rm(join(own, 'jobs', job), { recursive: true, force: true });
  }
  await store.removeLeftovers();
  return store;
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
