// The folder `codelists/` of a study: what is in it, and changing it as a whole or not at all.
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  isProblem,
  listPath,
  manifestPath,
  manifestText,
  readCodelistList,
  readManifest,
  type Codelist,
  type CodelistManifest,
} from '@glovebox/pipeline';
import { CommandFailure } from '../../command-line.js';
import { problem } from './problems.js';

export const folderOf = (projectDir: string): string => join(resolve(projectDir), 'codelists');
export const listFile = basename(listPath);
export const manifestFile = basename(manifestPath);

/** @throws CommandFailure when it is a link, which would have files elsewhere written and removed */
export async function isThere(folder: string): Promise<boolean> {
  const stat = await lstat(folder).catch(() => undefined);
  if (stat?.isSymbolicLink()) throw new CommandFailure(1, [problem('codelists-folder-link', [folder])]);
  return stat?.isDirectory() ?? false;
}

/** The text of a file; undefined when there is none. */
export async function readText(folder: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @throws CommandFailure with every problem of codelists.txt */
export async function openList(
  folder: string,
): Promise<{ readonly text: string; readonly codelists: readonly Codelist[] }> {
  if (!(await isThere(folder))) throw new CommandFailure(1, [problem('codelists-folder-missing', [folder])]);
  const text = await readText(folder, listFile);
  if (text === undefined) throw new CommandFailure(1, [problem('codelists-file-missing', [listPath])]);
  const { codelists, problems } = readCodelistList(text);
  if (problems.length > 0) throw new CommandFailure(1, problems);
  return { text, codelists };
}

/** The manifest; empty when there is none or it is damaged, as whoever asks is about to write it. */
export async function readFormerManifest(folder: string): Promise<CodelistManifest> {
  const manifest = readManifest((await readText(folder, manifestFile)) ?? '{"files":{}}');
  return isProblem(manifest) ? {} : manifest;
}

export async function csvFilesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.csv')).sort();
}

export interface FolderChange {
  /** By file name. */
  readonly csv: ReadonlyMap<string, string>;
  readonly manifest: CodelistManifest;
  /** The new codelists.txt, when it changes. */
  readonly list?: string;
  readonly remove?: readonly string[];
}

/** Writes everything beside its place first: when that fails, for example on a full disk, nothing has changed. */
export async function changeFolder(folder: string, { csv, manifest, list, remove = [] }: FolderChange): Promise<void> {
  const created = await mkdir(folder, { recursive: true });
  const files = [
    ...csv,
    [manifestFile, manifestText(manifest)] as const,
    ...(list === undefined ? [] : [[listFile, list] as const]),
  ];
  const suffix = `.new-${randomBytes(6).toString('hex')}`;
  const written: string[] = [];
  try {
    for (const [name, text] of files) {
      written.push(name);
      await writeFile(join(folder, name + suffix), text, { flag: 'wx' });
    }
  } catch (error) {
    for (const name of written) await rm(join(folder, name + suffix), { force: true });
    if (created !== undefined) await rm(folder, { recursive: true, force: true });
    throw error;
  }
  for (const name of written) await rename(join(folder, name + suffix), join(folder, name));
  for (const name of remove) await rm(join(folder, name), { force: true });
}
