// Unpacks `x.gz` to `x` beside it. A copy that is newer is left alone; one that can't be unpacked leaves nothing behind.
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { catalogue, type Problem } from '@glovebox/record';
import { CommandFailure, type Terminal } from '../../command-line.js';

export const unzipProblems = {
  'unzip-path-missing': (path: string) => ({
    message: `There is no ${path}.`,
    hint: 'Check the path, or run what makes it first: glovebox run ACTION',
  }),
  'unzip-name-wrong': (path: string) => ({
    message: `${path} is no compressed file; a name that ends in .gz, or a folder, is accepted.`,
    hint: 'For example: glovebox unzip output',
  }),
  'unzip-failed': (path: string, reason: string) => ({
    message: `${path} can't be unpacked (${reason}).`,
    hint: 'Remove it and run the action that makes it again.',
  }),
} as const;

const problem = catalogue(unzipProblems);

/** @throws CommandFailure with exit code 1 and every file that can't be unpacked; the others are */
export async function unzip(path: string, terminal: Terminal): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) throw new CommandFailure(1, [problem('unzip-path-missing', [path])]);
  if (!found.isDirectory() && !path.endsWith('.gz')) throw new CommandFailure(1, [problem('unzip-name-wrong', [path])]);
  const files = found.isDirectory() ? await filesBelow(path) : [path];
  const problems: Problem[] = [];
  for (const file of files) {
    const target = file.slice(0, -'.gz'.length);
    if (await isNewer(target, file)) {
      terminal.out(`${target} is newer already\n`);
      continue;
    }
    try {
      await unpack(file, target);
      terminal.out(`${target}\n`);
    } catch (error) {
      problems.push(problem('unzip-failed', [file, (error as NodeJS.ErrnoException).code ?? 'it is damaged']));
    }
  }
  if (problems.length > 0) throw new CommandFailure(1, problems);
  if (files.length === 0) terminal.out(`There is no .gz file in ${path}.\n`);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.gz') && entry.name !== '.gz')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function isNewer(target: string, file: string): Promise<boolean> {
  const [copy, original] = [await stat(target).catch(() => undefined), await stat(file)];
  return copy !== undefined && copy.mtimeMs > original.mtimeMs;
}

async function unpack(file: string, target: string): Promise<void> {
  const unfinished = `${target}.unfinished-${process.pid}`;
  try {
    await pipeline(createReadStream(file), createGunzip(), createWriteStream(unfinished, { flags: 'wx' }));
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
