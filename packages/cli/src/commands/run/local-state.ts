// What was run before in a study's folder: a small record per action, kept beside the logs in `metadata/`. The folder may have
// come from somebody else, so what the record says is checked like any other input.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { codeTree, type CodeTree, type EarlierJob, type MadeFrom } from '@glovebox/pipeline';

export interface LocalRun {
  readonly job: string;
  readonly state: 'succeeded' | 'failed';
  readonly completedAt: string;
  /** Paths in the study's folder that the action's last success put there. */
  readonly outputs: readonly string[];
  /** Stands for the content of these; absent after a failure. */
  readonly digest?: string;
  /** What it was made from, with the digest of the study's files in place of them. */
  readonly made?: Made;
}
export type Made = Omit<MadeFrom, 'tree'> & { readonly tree: string };

export type LocalState = Map<string, LocalRun>;

const fileOf = (own: string): string => join(own, 'latest.json');
const treesOf = (own: string): string => join(own, 'trees.json');

const isInside = (path: unknown): path is string =>
  typeof path === 'string' &&
  path !== '' &&
  !isAbsolute(path) &&
  !path.split('/').includes('..') &&
  !path.includes('\0');

const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isRecord = (value: unknown, holds: (value: unknown) => boolean): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(holds);

function isMade(value: unknown): value is Made {
  const { args, image, tag, tree, runtime, code, read, inputs, outputs, dataRelease } = (value ?? {}) as Partial<
    Record<keyof Made, unknown>
  >;
  return (
    isTexts(args) &&
    [image, tag, tree].every(isText) &&
    [runtime, code, dataRelease].every(isTextOrNull) &&
    (read === null || isTexts(read)) &&
    isRecord(inputs, isText) &&
    isRecord(outputs, (level) => isRecord(level, isText))
  );
}

function isRun(value: unknown): value is LocalRun {
  const { job, state, completedAt, outputs, digest, made } = (value ?? {}) as Partial<Record<keyof LocalRun, unknown>>;
  return (
    typeof job === 'string' &&
    /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(job) &&
    (state === 'succeeded' || state === 'failed') &&
    typeof completedAt === 'string' &&
    Array.isArray(outputs) &&
    outputs.every(isInside) &&
    (digest === undefined || isText(digest)) &&
    (made === undefined || isMade(made))
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

/** The listings of files that runs were made from, by digest. One that is damaged is not among them. */
export async function readTrees(own: string): Promise<Map<string, CodeTree>> {
  const text = await readFile(treesOf(own), 'utf8').catch(() => '{}');
  let listings: unknown;
  try {
    listings = JSON.parse(text);
  } catch {
    return new Map();
  }
  if (!isRecord(listings, (files) => isRecord(files, isText))) return new Map();
  const trees = Object.values(listings as Record<string, Record<string, string>>).map((files) =>
    codeTree(Object.entries(files)),
  );
  return new Map(trees.map((tree) => [tree.digest, tree]));
}

async function writeWhole(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await rm(temporary, { force: true });
  await writeFile(temporary, JSON.stringify(value, null, 1), { flag: 'wx' });
  await rename(temporary, path);
}

/** @param trees those that no run names any more are forgotten */
export async function writeLocalState(
  own: string,
  state: LocalState,
  trees: ReadonlyMap<string, CodeTree>,
): Promise<void> {
  await mkdir(dirname(fileOf(own)), { recursive: true });
  const used = new Set([...state.values()].map(({ made }) => made?.tree));
  const kept = [...trees].filter(([digest]) => used.has(digest));
  await writeWhole(
    treesOf(own),
    Object.fromEntries(kept.map(([digest, { files }]) => [digest, Object.fromEntries(files)])),
  );
  await writeWhole(fileOf(own), Object.fromEntries(state));
}

/** Outputs of an action's last success that are no longer there; `metadata` when the stored copies are gone. */
export function missingOutputs({ job, outputs }: LocalRun, { folder, own }: { folder: string; own: string }): string[] {
  const missing = outputs.filter((path) => !existsSync(join(folder, path)));
  return existsSync(join(own, 'jobs', job, 'manifest.json')) ? missing : [...missing, 'metadata'];
}

/** What planning is told of the runs before. */
export function historyOf(
  state: LocalState,
  trees: ReadonlyMap<string, CodeTree>,
  study: { readonly folder: string; readonly own: string },
): Map<string, readonly EarlierJob[]> {
  return new Map([...state].map(([action, run]) => [action, [earlierJob(run)]]));

  function earlierJob(run: LocalRun): EarlierJob {
    const { job, state: ended, digest = job, made } = run;
    const tree = made && trees.get(made.tree);
    const missing = ended === 'succeeded' ? missingOutputs(run, study) : [];
    return { job, state: ended, digest, missing, ...(made && tree ? { made: { ...made, tree } } : {}) };
  }
}
