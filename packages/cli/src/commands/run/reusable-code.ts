// The code of reusable actions on this machine: fetched once, kept for every study of this user.
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Action } from '@glovebox/pipeline';
import { openMirror } from '@glovebox/repository';

export const repositoriesFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'glovebox', 'repositories');

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
