// Copies the working tree of a study as an action sees it: everything but git's folder, `metadata`, and whatever any action's
// output pattern matches, so that an action can't read by accident what it does not say it needs.
//
// Links are copied as links, never followed: one that leads out of the study leads nowhere in the sandbox, as it would on a
// backend. Pipes, sockets and devices can't be committed, so they are left out, and copying never waits on one.
import { constants, copyFile, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { anyPatternMatcher, type Pipeline } from '@glovebox/pipeline';
import { ProblemError } from '@glovebox/record';
import { problem } from './problems.js';

/** Folders at the top of a study that are no part of it. */
export const leftOut: ReadonlySet<string> = new Set(['.git', 'metadata', '.glovebox', 'node_modules']);

/**
 * @param study the folder to copy from
 * @param folder an empty folder that is there
 * @throws ProblemError when something may not be read
 */
export async function copyStudyCode(study: string, pipeline: Pipeline, folder: string): Promise<void> {
  const isOutput = anyPatternMatcher(
    pipeline.actions.flatMap((action) => Object.values(action.outputs).flatMap((level) => Object.values(level))),
  );

  async function copyFolder(path: string): Promise<void> {
    for (const name of await readdir(join(study, path))) {
      const inner = path === '' ? name : `${path}/${name}`;
      if (leftOut.has(inner) || isOutput(inner)) continue;
      const from = join(study, inner);
      const to = join(folder, inner);
      // A file that went away meanwhile, or whose name is no text, which git would take but no script can name.
      const stat = await lstat(from).catch(() => undefined);
      try {
        if (stat?.isSymbolicLink()) await symlink(await readlink(from), to);
        else if (stat?.isFile()) await copyFile(from, to, constants.COPYFILE_FICLONE);
        else if (stat?.isDirectory()) {
          await mkdir(to);
          await copyFolder(inner);
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
        throw new ProblemError(problem('study-file-unreadable', [inner]));
      }
    }
  }
  await copyFolder('');
}
