// Writes a small study that runs at once, from the files in study-template/.
import { cp, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { problem } from './problems.js';

const template = fileURLToPath(new URL('../../../study-template/', import.meta.url));

/**
 * @param path a folder that does not exist yet or is empty; the last part of it names the study
 * @throws CommandFailure with exit code 1; nothing is written then
 */
export async function writeStudy(path: string, terminal: Terminal): Promise<void> {
  const folder = resolve(path);
  const name = basename(folder);
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(name))
    throw new CommandFailure(1, [problem('study-name-unusable', [name])]);
  if (!(await isFree(folder))) throw new CommandFailure(1, [problem('study-exists', [folder])]);
  // Written beside its place first, so that a study is there whole or not at all.
  const unfinished = join(dirname(folder), `.${name}.unfinished-${process.pid}`);
  await mkdir(dirname(folder), { recursive: true });
  try {
    await cp(template, unfinished, { recursive: true, errorOnExist: true, force: false });
    await rename(join(unfinished, 'gitignore'), join(unfinished, '.gitignore'));
    const readme = join(unfinished, 'README.md');
    await writeFile(readme, (await readFile(readme, 'utf8')).replaceAll('STUDY_NAME', name));
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  terminal.out(`Wrote the study ${folder}\n\nNext:\n  cd ${path}\n  glovebox run run_all\n`);
}

async function isFree(folder: string): Promise<boolean> {
  const stat = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return stat === undefined || (stat.isDirectory() && (await readdir(folder)).length === 0);
}
