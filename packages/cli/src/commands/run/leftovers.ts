// Removes what runs that were killed left in a study's folder, and stored copies that no later run would use. Only for whoever
// holds the study's lock.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openOutputStore, removeFolder, type OutputStore } from '@glovebox/execution';
import type { LocalState } from './local-state.js';

export const workFolderOf = (own: string): string => join(own, 'work');
export const keepFolderOf = (own: string): string => join(own, 'kept');

/** @returns the study's store, with nothing in it but the latest job of each action */
export async function openTidyStore(own: string, state: LocalState): Promise<OutputStore> {
  await removeFolder(workFolderOf(own));
  const store = await openOutputStore(own);
  const latest = new Set([...state.values()].map(({ job }) => job));
  for (const job of await readdir(join(own, 'jobs'))) {
    if (!latest.has(job)) await rm(join(own, 'jobs', job), { recursive: true, force: true });
  }
  await store.removeLeftovers();
  return store;
}
