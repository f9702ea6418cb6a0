// What people inside may look at of a workspace, as a folder of plain files: its moderately sensitive outputs, a note in place
// of each that was refused, the logs of its actions, and metadata/manifest.json, which lists every output of the workspace.
//
// It follows the workspace's view: what is no longer at this level, or no longer made, is removed, and a note goes when its
// file is accepted. Files are replaced whole, and the manifest comes last. A crash on the way is repaired by doing it again
// with `isVerified` false, which takes nothing on trust that is there.
import { createHash } from 'node:crypto';
import {
  chmod,
  constants,
  copyFile,
  lstat,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { severalAtOnce, temporaryName, writeWhole } from './files.js';
import type { Manifest, OutputFile } from './manifest.js';
import type { ViewEntry, WorkspaceView } from './output-store.js';
import { foldersOf, walk } from './walk.js';

/** One output, as tools beside the data read it. */
export interface ListedOutput {
  readonly level: string;
  readonly job_id: string;
  readonly job_request: string | null;
  readonly action: string;
  /** Whose request made it. */
  readonly user: string | null;
  readonly repo: string | null;
  readonly commit: string | null;
  readonly size: number;
  /** When its job completed: seconds since 1970. */
  readonly timestamp: number;
  /** SHA-256. */
  readonly content_hash: string;
  readonly excluded: boolean;
  readonly message: string | null;
  readonly row_count: number | null;
  readonly col_count: number | null;
  /** Always false: what a newer job of its action did not make is listed no more. */
  readonly out_of_date_output: false;
  /** Whether project.yaml no longer has its action, at the commit of the workspace's newest job. */
  readonly out_of_date_action: boolean;
}

export interface WorkspaceListing {
  readonly workspace: string;
  readonly repo: null;
  readonly outputs: Readonly<Record<string, ListedOutput>>;
}

export interface Shown {
  readonly workspace: string;
  readonly view: WorkspaceView;
  readonly manifestOf: (job: string) => Promise<Manifest | undefined>;
  readonly objectPath: (sha256: string) => string;
  /** Where files are written first, on the same file system. */
  readonly incoming: string;
  /** Whether the folder is known to be as its manifest says. */
  readonly isVerified: boolean;
}

const level = 'moderately_sensitive';
const isReserved = (path: string): boolean => path === 'metadata' || path.startsWith('metadata/');
const listingPath = (folder: string): string => join(folder, 'metadata/manifest.json');

export async function readListing(folder: string): Promise<WorkspaceListing | undefined> {
  try {
    return JSON.parse(await readFile(listingPath(folder), 'utf8')) as WorkspaceListing;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

type Wanted = ReadonlyMap<string, { readonly sha256: string; readonly note?: string }>;

/** Makes the folder follow the view. */
export async function showToReviewers(folder: string, shown: Shown): Promise<void> {
  const before = await readListing(folder);
  const wanted = wantedFiles(shown.view);
  await removeOthers(folder, wanted);
  const { incoming, objectPath } = shown;
  await severalAtOnce([...wanted], async ([path, { sha256, note }]) => {
    const target = join(folder, path);
    if (await isThere(target, path, sha256, note, shown.isVerified ? before : undefined)) return;
    await placeFile(target, incoming, (to) =>
      note === undefined ? copyFile(objectPath(sha256), to, constants.COPYFILE_FICLONE) : writeFile(to, note),
    );
  });
  const listing = await listOutputs(shown, before);
  await writeWhole(listingPath(folder), `${JSON.stringify(listing, null, 1)}\n`, shown.incoming);
}

/** Puts the log of a finished job in place of the one of its action's last job. */
export async function showLog(folder: string, manifest: Manifest, log: string, incoming: string): Promise<void> {
  await placeFile(join(folder, 'metadata', fileName(manifest.action, '.log')), incoming, (to) => copyFile(log, to));
}

const longestName = 255;

/** As the name says, as far as a file can be called so; where it can't, a digest tells it from others that would be the same. */
function fileName(name: string, ending: string): string {
  const plain = name.replaceAll(/[/\p{Cc}]/gu, '_');
  if (plain === name && Buffer.byteLength(name + ending) <= longestName) return name + ending;
  const mark = `-${createHash('sha256').update(name).digest('hex').slice(0, 8)}${ending}`;
  const start = Buffer.from(plain).subarray(0, longestName - mark.length);
  return start.toString('utf8').replace(/\uFFFD+$/, '') + mark;
}

function noteOf(path: string, { excluded, job, action }: ViewEntry): string {
  return `${path} is not shown here: ${excluded}.\n\nIt was made by the action ${action}, job ${job}, and is kept as highly sensitive.\n`;
}

function wantedFiles(view: WorkspaceView): Wanted {
  const entries = Object.entries(view).filter(([path, entry]) => entry.level === level && !isReserved(path));
  const shown = entries.filter(([, { excluded }]) => excluded === null);
  const files = new Map<string, { sha256: string; note?: string }>(
    shown.map(([path, { sha256 }]) => [path, { sha256 }]),
  );
  const folders = new Set(shown.flatMap(([path]) => foldersOf(path)));
  for (const [path, entry] of entries) {
    if (entry.excluded === null) continue;
    const note = noteOf(path, entry);
    const sha256 = createHash('sha256').update(note).digest('hex');
    // An output, or a folder of one, may have the name that a note would have.
    let name = path;
    do name = join(dirname(name), fileName(basename(name), '.txt'));
    while (files.has(name) || folders.has(name));
    files.set(name, { sha256, note });
  }
  return files;
}

async function removeOthers(folder: string, wanted: Wanted): Promise<void> {
  for await (const { path, raw } of walk(folder, { isMissingFine: true })) {
    if (wanted.has(path) || isReserved(path)) continue;
    await rm(Buffer.concat([Buffer.from(`${folder}/`), raw]));
    // Folders that this empties would be in the way of a file of their name.
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
      const isGone = await rmdir(join(folder, parent)).then(
        () => true,
        () => false,
      );
      if (!isGone) break;
    }
  }
}

async function isThere(
  target: string,
  path: string,
  sha256: string,
  note: string | undefined,
  before: WorkspaceListing | undefined,
): Promise<boolean> {
  const stat = await lstat(target).catch(() => undefined);
  if (!stat?.isFile()) return false;
  const listed = before?.outputs[path];
  if (note === undefined && listed?.content_hash === sha256 && !listed.excluded) return stat.size === listed.size;
  const hash = createHash('sha256');
  const handle = await open(target);
  for await (const chunk of handle.createReadStream()) hash.update(chunk as Buffer);
  return hash.digest('hex') === sha256;
}

/** Not flushed: the next start looks at what each file holds. */
async function placeFile(target: string, incoming: string, write: (to: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = join(incoming, temporaryName());
  try {
    await write(temporary);
    await chmod(temporary, 0o600);
    // An empty folder of its name may have been left there.
    if ((await lstat(target).catch(() => undefined))?.isDirectory()) await rm(target, { recursive: true });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function listOutputs(shown: Shown, before: WorkspaceListing | undefined): Promise<WorkspaceListing> {
  const jobs = new Map<string, Manifest | undefined>();
  for (const { job } of Object.values(shown.view)) {
    if (!jobs.has(job)) jobs.set(job, await shown.manifestOf(job));
  }
  const newest = [...jobs.values()]
    .filter((manifest) => manifest?.studyActions !== undefined)
    .sort((a, b) => b!.order - a!.order)[0];
  const known = newest?.studyActions && new Set(newest.studyActions);
  const counts = new Map<string, OutputFile>();
  for (const [job, manifest] of jobs) {
    for (const output of manifest?.outputs ?? [])
      if (shown.view[output.path]?.job === job) counts.set(output.path, output);
  }
  const outputs = Object.entries(shown.view).map(([path, entry]) => {
    const manifest = jobs.get(entry.job);
    const output = counts.get(path);
    const listed: ListedOutput = {
      level: entry.level,
      job_id: entry.job,
      job_request: manifest?.request ?? null,
      action: entry.action,
      user: manifest?.user ?? null,
      repo: manifest?.repository ?? null,
      commit: manifest?.commit ?? null,
      size: entry.bytes,
      timestamp: Date.parse(entry.completedAt) / 1000,
      content_hash: entry.sha256,
      excluded: entry.excluded !== null,
      message: entry.excluded,
      row_count: output?.rows ?? null,
      col_count: output?.columns ?? null,
      out_of_date_output: false,
      out_of_date_action: known ? !known.has(entry.action) : (before?.outputs[path]?.out_of_date_action ?? false),
    };
    return [path, listed] as const;
  });
  return { workspace: shown.workspace, repo: null, outputs: Object.fromEntries(outputs) };
}
