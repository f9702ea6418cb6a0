// What was run before in a study's folder: a small record per action, kept beside the logs in `metadata/`.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionHistory } from '@glovebox/pipeline';

export interface LocalRun {
  readonly job: string;
  readonly state: 'succeeded' | 'failed';
  /** Paths in the study's folder. */
  readonly outputs: readonly string[];
}
export type LocalState = Map<string, LocalRun>;

const fileOf = (metadata: string): string => join(metadata, 'glovebox', 'latest.json');

export async function readLocalState(metadata: string): Promise<LocalState> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(fileOf(metadata), 'utf8')) as Record<string, LocalRun>));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return new Map();
    throw error;
  }
}

export async function writeLocalState(metadata: string, state: LocalState): Promise<void> {
  await mkdir(join(metadata, 'glovebox'), { recursive: true });
  const temporary = `${fileOf(metadata)}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(Object.fromEntries(state), null, 2));
  await rename(temporary, fileOf(metadata));
}

/** An action whose output was deleted since counts as never run. */
export function historyOf(state: LocalState, folder: string): Map<string, ActionHistory> {
  const isThere = ({ outputs }: LocalRun): boolean => outputs.every((path) => existsSync(join(folder, path)));
  return new Map([...state].filter(([, run]) => run.state === 'failed' || isThere(run)));
}
