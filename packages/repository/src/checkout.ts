// Writes the files of a commit into an empty folder, as the author committed them: no .git, no filters, no line-ending
// conversion. A tree from a stranger can hold links that point anywhere. All regular files are written before any link
// exists, so nothing is ever written through one; afterwards a link whose end lies outside the folder is removed.
import { lstat, mkdir, open, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { readBlobs } from './blobs.js';
import type { Git } from './git.js';
import { isInside } from './policy.js';
import type { TreeFile } from './tree.js';

export interface CheckedOut {
  readonly files: number;
  /** Links of the commit that were left out because they point outside the study. */
  readonly refusedLinks: readonly string[];
}

/** @param folder made when it is missing; must be empty */
export async function checkOutFiles(git: Git, files: readonly TreeFile[], folder: string): Promise<CheckedOut> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new Error('the folder of a checkout must be empty');
  const made = new Set<string>(['.']);
  const regular = files.filter((f) => f.kind !== 'link');
  let next = 0;
  for await (const content of readBlobs(
    git,
    regular.map((f) => f.blob),
  )) {
    const file = regular[next++]!;
    if (content === undefined) throw new Error(`the repository lacks the content of ${file.path}`);
    await makeFolder(folder, dirname(file.path), made);
    const handle = await open(join(folder, file.path), 'wx', file.kind === 'executable' ? 0o755 : 0o644);
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
  }
  return {
    files: regular.length,
    refusedLinks: await makeLinks(
      git,
      files.filter((f) => f.kind === 'link'),
      folder,
      made,
    ),
  };
}

async function makeFolder(root: string, path: string, made: Set<string>): Promise<void> {
  if (made.has(path)) return;
  await mkdir(join(root, path), { recursive: true });
  made.add(path);
}

async function makeLinks(git: Git, links: readonly TreeFile[], folder: string, made: Set<string>): Promise<string[]> {
  const targets = new Map<string, string>();
  let next = 0;
  for await (const content of readBlobs(
    git,
    links.map((f) => f.blob),
  )) {
    targets.set(links[next++]!.path, content?.toString('utf8') ?? '');
  }
  // Folders first: a folder made later could otherwise be made through a link.
  for (const path of targets.keys()) await makeFolder(folder, dirname(path), made);
  const refused: string[] = [];
  for (const [path, target] of targets) {
    if (target === '' || target.includes('\0') || isAbsolute(target)) refused.push(path);
    else await symlink(target, join(folder, path));
  }
  const root = await realpath(folder);
  for (const [path, target] of targets) {
    if (refused.includes(path) || (await staysInside(root, join(folder, path), target))) continue;
    await rm(join(folder, path));
    refused.push(path);
  }
  return refused.sort();
}

async function staysInside(root: string, link: string, target: string): Promise<boolean> {
  try {
    return isInside(root, await realpath(link));
  } catch {
    // The end does not exist (yet). Only a plain way downwards is certain to stay inside whatever is made later.
    return !target.split('/').includes('..') && (await lstat(link)).isSymbolicLink();
  }
}
