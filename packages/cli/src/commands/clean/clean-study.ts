// Removes what runs left in a study's folder. Outputs, which people look at, stay.
import { readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolder } from '@glovebox/execution';
import { dockerSandbox } from '@glovebox/sandbox';
import type { Terminal } from '../../command-line.js';
import type { Result } from '../../json-result.js';
import { dockerSocket } from '../run/executor.js';
import { keepFolderOf, logOf, openTidyStore, workFolderOf } from '../run/leftovers.js';
import { readLocalState } from '../run/local-state.js';
import { lockStudy } from '../run/lock.js';
import { openStudy } from '../run/open-study.js';

/**
 * @param forgets also removes the record of what ran and its logs, so that everything runs again next time
 * @returns how much was removed
 * @throws CommandFailure with exit code 1 when there is no study, or a run is going on
 */
export async function cleanStudy(projectDir: string, forgets: boolean, terminal: Terminal): Promise<Result> {
  const { folder, own, pipeline } = await openStudy(projectDir);
  const unlock = await lockStudy(await realpath(folder));
  try {
    const count = async (path: string): Promise<number> => (await readdir(path).catch(() => [])).length;
    const folders = (await count(workFolderOf(own))) + (await count(keepFolderOf(own)));
    const jobs = await count(join(own, 'jobs'));
    await removeFolder(keepFolderOf(own));
    if (forgets) {
      await removeFolder(own);
      for (const { name } of pipeline.actions) await rm(join(folder, logOf(name)), { force: true });
    } else if (jobs > 0) {
      await openTidyStore(own, await readLocalState(own));
    }
    const containers = await removeContainers(folder);
    const removed = jobs - (await count(join(own, 'jobs')));
    terminal.out(`Removed ${plural(folders, 'folder')} of actions and ${plural(removed, 'stored job')}.\n`);
    if (containers > 0) terminal.out(`Ended ${plural(containers, 'container')} that a killed run had left.\n`);
    if (forgets)
      terminal.out('Nothing is known to have run. Outputs were left where they are.\nNext: glovebox run run_all\n');
    return { exitCode: 0, value: { folders, jobs: removed, containers, forgotten: forgets } };
  } finally {
    await unlock();
  }
}

/** Of runs of this study, where an engine answers; without one there are none. */
async function removeContainers(folder: string): Promise<number> {
  const sandbox = dockerSandbox({ owner: folder, socketPath: dockerSocket() });
  return (await sandbox.probe()) === undefined ? sandbox.removeLeftovers() : 0;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
