// Puts the outputs of needed jobs into a workspace that holds the code, over committed files of the same name. Each is a copy
// of its own (a clone where the file system can), so nothing that the action does reaches the store.
import { lstat, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OutputStore } from './output-store.js';

/** Makes the folders of a path, replacing a link on the way by a folder: writing must stay inside. */
async function makeFolders(root: string, folder: string): Promise<void> {
  if (folder === '.') return;
  await makeFolders(root, dirname(folder));
  const path = join(root, folder);
  const stat = await lstat(path).catch(() => undefined);
  if (stat?.isDirectory()) return;
  if (stat) await rm(path);
  await mkdir(path);
}

/** Thrown when an input that was promised is not there. */
export class MissingInput extends Error {}

/** @param inputs needed action to the job that made its outputs */
export async function bringInInputs(
  store: OutputStore,
  inputs: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  for (const job of Object.values(inputs)) {
    const found = await store.readJob(job);
    if (found?.manifest.outcome.code !== 'succeeded') throw new MissingInput(`no outputs of job ${job}`);
    for (const { path, sha256 } of found.manifest.outputs) {
      await makeFolders(folder, dirname(path));
      await rm(join(folder, path), { recursive: true, force: true });
      await store.copyOut(sha256, join(folder, path));
    }
  }
}
