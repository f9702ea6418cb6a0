// What is kept for every study of this user: the code of reusable actions, fetched once, and what interpreters said of themselves.
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Action } from '@glovebox/pipeline';
import { openMirror } from '@glovebox/repository';

const kept = (name: string): string =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'glovebox', name);

export const repositoriesFolder = (): string => kept('repositories');
/** Lists of the packages of interpreters, each named by the digest that the logs of actions have. */
export const programsFolder = (): string => kept('programs');

/** Writes the action's own code into an empty folder. It was resolved before, so it is here already. */
export async function checkOutReusable(
  { repository, commit }: NonNullable<Action['code']>,
  folder: string,
): Promise<void> {
  const allowed = { addresses: [repository.replace(/[^/]*$/, '')], localFolders: [repository] };
  const mirror = await openMirror({ folder: repositoriesFolder(), url: repository, allowed });
  await mirror.fetchCommit(commit);
  await mirror.checkOut(commit, folder);
}
