// What was run before in a study's folder: a small record per action, kept beside the logs in `metadata/`. The folder may have
// come from somebody else, so what the record says is checked like any other input.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { ActionHistory } from '@glovebox/pipeline';

export interface LocalRun {
  readonly job: string;
  readonly state: 'succeeded' | 'failed';
  readonly completedAt: string;
  /** Paths in the study's folder that the action's last success put there. */
  readonly outputs: readonly string[];
}
export type LocalState = Map<string, LocalRun>;

const fileOf = (own: string): string => join(own, 'latest.json');

const isInside = (path: unknown): path is string =>
  typeof path === 'string' &&
  path !== '' &&
  !isAbsolute(path) &&
  !path.split('/').includes('..') &&
  !path.includes('\0');

function isRun(value: unknown): value is LocalRun {
  const { job, state, completedAt, outputs } = (value ?? {}) as Partial<Record<keyof LocalRun, unknown>>;
  return (
    typeof job === 'string' &&
    /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(job) &&
    (state === 'succeeded' || state === 'failed') &&
    typeof completedAt === 'string' &&
    Array.isArray(outputs) &&
    outputs.every(isInside)
  );
}

/** An entry that is damaged counts as never run. */
export async function readLocalState(own: string): Promise<LocalState> {
  try {
    const entries = Object.entries(JSON.parse(await readFile(fileOf(own), 'utf8')) as Record<string, unknown>);
    return new Map(entries.filter((entry): entry is [string, LocalRun] => isRun(entry[1])));
  } catch (error) {
    const isDamaged = error instanceof SyntaxError || error instanceof TypeError;
    if (isDamaged || (error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}

export async function writeLocalState(own: string, state: LocalState): Promise<void> {
  await mkdir(dirname(fileOf(own)), { recursive: true });
  const temporary = `${fileOf(own)}.${process.pid}`;
  await rm(temporary, { force: true });
  await writeFile(temporary, JSON.stringify(Object.fromEntries(state), null, 2), { flag: 'wx' });
  await rename(temporary, fileOf(own));
}

/** Outputs of an action's last success that are no longer there; `metadata` when the stored copies are gone. */
export function missingOutputs({ job, outputs }: LocalRun, { folder, own }: { folder: string; own: string }): string[] {
  const missing = outputs.filter((path) => !existsSync(join(folder, path)));
  return existsSync(join(own, 'jobs', job, 'manifest.json')) ? missing : [...missing, 'metadata'];
}

/** An action whose output was deleted since counts as never run. */
export function historyOf(
  state: LocalState,
  study: { readonly folder: string; readonly own: string },
): Map<string, ActionHistory> {
  return new Map([...state].filter(([, run]) => run.state === 'failed' || missingOutputs(run, study).length === 0));
}
