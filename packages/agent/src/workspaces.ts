// Which repository each workspace's code comes from. The site says it with every job; were the site ever to say another one,
// code of a stranger would get the outputs of the workspace as its inputs. So the first one is written down here and only the
// operator changes it: in the configuration ("workspaces"), or by removing the workspace's file.
import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '@glovebox/record';
import { problem } from './problems.js';

async function readRepository(path: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { repository: string }).repository;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * @param folder where the agent writes them down
 * @param configured by workspace, from the operator
 * @throws ProblemError when the workspace belongs to another repository
 */
export async function holdToRepository(
  folder: string,
  configured: Readonly<Record<string, string>>,
  { workspace, repository }: { readonly workspace: string; readonly repository: string },
): Promise<void> {
  const chosen = Object.hasOwn(configured, workspace) ? configured[workspace] : undefined;
  const known = chosen ?? (await firstRepository(folder, workspace, repository));
  if (known !== repository) throw new ProblemError(problem('repository-not-of-workspace', [workspace, known]));
}

/** The one that is written down; when there is none, this one is, whole or not at all. */
async function firstRepository(folder: string, workspace: string, repository: string): Promise<string> {
  // A name may be longer than a file's can be.
  const path = join(folder, `${createHash('sha256').update(workspace).digest('hex').slice(0, 32)}.json`);
  const known = await readRepository(path);
  if (known !== undefined) return known;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `${process.pid}-${randomBytes(8).toString('hex')}`);
  try {
    await writeFile(temporary, JSON.stringify({ workspace, repository }), { mode: 0o600, flush: true });
    // Unlike a rename, this fails when another job has just written it down.
    await link(temporary, path);
    return repository;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readRepository(path)) ?? repository;
  } finally {
    await rm(temporary, { force: true });
  }
}
