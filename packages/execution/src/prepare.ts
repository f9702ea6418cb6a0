// Puts the outputs of needed jobs into a workspace that holds the code, over committed files of the same name. Each is a copy
// of its own (a clone where the file system can), so nothing that the action does reaches the store.
import { lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { isOf, type OutputStore } from './output-store.js';
import { walk } from './walk.js';

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

/**
 * @param inputs needed action to the job that made its outputs: a job of that action in this workspace, whoever says otherwise
 */
export async function bringInInputs(
  store: OutputStore,
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  for (const [action, job] of Object.entries(inputs)) {
    const manifest = (await store.readJob(job))?.manifest;
    if (!manifest || !isOf(manifest, workspace, action)) throw new MissingInput(`no outputs of job ${job}`);
    for (const { path, sha256 } of manifest.outputs) {
      await makeFolders(folder, dirname(path));
      await rm(join(folder, path), { recursive: true, force: true });
      await store.copyOut(sha256, join(folder, path));
    }
  }
}

/**
 * Removes every link that does not end at something inside. What is about to run follows links with rights of its own, and
 * the checkout's own look is not enough: inputs that came in since can have replaced a folder that a link leads through.
 */
export async function removeLinksOut(folder: string): Promise<void> {
  const root = await realpath(folder);
  // Again after one was removed, because another can have led through it.
  while (await removeSomeLinksOut(root));
}

async function removeSomeLinksOut(root: string): Promise<boolean> {
  const base = Buffer.from(`${root}${sep}`);
  let isAnyRemoved = false;
  for await (const { kind, raw } of walk(root)) {
    const path = Buffer.concat([base, raw]);
    if (kind === 'file' || !(await lstat(path)).isSymbolicLink()) continue;
    const end = await realpath(path).catch(() => '');
    if (end === root || end.startsWith(`${root}${sep}`)) continue;
    await rm(path);
    isAnyRemoved = true;
  }
  return isAnyRemoved;
}
