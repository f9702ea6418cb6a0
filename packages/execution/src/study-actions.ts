// The names of all actions of a study, to tell later which outputs are of an action that it no longer has.
import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import { readPipeline } from '@glovebox/pipeline';

const mostBytes = 8 * 2 ** 20;

/** @returns undefined when the folder has no proper project.yaml: then nothing is said about its actions */
export async function actionsOf(folder: string): Promise<readonly string[] | undefined> {
  const handle = await open(join(folder, 'project.yaml'), constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    () => undefined,
  );
  if (!handle) return undefined;
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > mostBytes) return undefined;
    const { pipeline } = readPipeline(await handle.readFile('utf8'), 'project.yaml');
    return pipeline?.actions.map(({ name }) => name);
  } finally {
    await handle.close();
  }
}
