// Keeps outputs by content and jobs by name. An object never changes once it is there; a job is complete once its manifest is
// there, which is written last, and counts once it was accepted: one that was cancelled while it ended is complete and never
// counts. A workspace's view points, for each path, to the file of the accepted and succeeded job that wrote it last, so a
// failed, cancelled or repeated job cannot damage a good output, and a change of privacy level takes effect at once.
//
//   objects/<sha256>            contents
//   jobs/<job>/manifest.json    what a finished job made (manifest.ts)
//   jobs/<job>/accepted         there once the job counts
//   jobs/<job>/log.txt          its log
//   workspaces/<name>/view.json path -> job, level, digest
//   workspaces/<name>/moderately_sensitive/  what people inside may look at (reviewers-folder.ts)
import { copyFile, constants, chmod, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PrivacyLevel } from '@glovebox/record';
import { copyDigested, writeWhole, type Digested } from './files.js';
import type { Manifest } from './manifest.js';
import { foldersOf } from './walk.js';
import { showLog, showToReviewers } from './reviewers-folder.js';

export interface ViewEntry {
  readonly job: string;
  readonly action: string;
  readonly level: PrivacyLevel;
  readonly sha256: string;
  readonly bytes: number;
  readonly excluded: string | null;
  readonly completedAt: string;
  /** Of its job (Manifest), or of the moment at which that job was made to stand for its action again. */
  readonly order: number;
}
export type WorkspaceView = Readonly<Record<string, ViewEntry>>;

export interface CompleteJob {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest's file. */
  readonly digest: string;
}

export interface OutputStore {
  /** Takes in a regular file's content. @throws Error when it is a link or can't be read */
  put(path: string): Promise<Digested>;
  /** Writes a private copy of an object to a path that does not exist yet. */
  copyOut(sha256: string, path: string): Promise<void>;
  objectPath(sha256: string): string;
  jobFolder(job: string): string;
  /** Completes a job, for which it must not have been complete before. */
  complete(manifest: Omit<Manifest, 'order'>): Promise<CompleteJob>;
  /**
   * Makes a complete job count: the view of its workspace shows what it made, if it succeeded. May be repeated.
   *
   * @throws Error when the job is not complete
   */
  accept(job: string): Promise<Manifest>;
  /**
   * Makes the view of a workspace show, for each of these actions, what the job named here made, although newer ones may have
   * been accepted since.
   *
   * @returns whether all of them are jobs of that action and workspace that count
   */
  stand(workspace: string, jobs: Readonly<Record<string, string>>): Promise<boolean>;
  /** Undefined unless the job is complete. */
  readJob(job: string): Promise<CompleteJob | undefined>;
  readView(workspace: string): Promise<WorkspaceView>;
  /** Forgets a complete job, so that it may run again. */
  forget(job: string): Promise<void>;
  /** Forgets everything that was begun and not completed, and ends what was begun to be accepted. Nobody else may be using it. */
  removeLeftovers(): Promise<void>;
  /** Forgets the jobs that completed before `time` (ISO) and were never accepted. Nobody else may be using the store. */
  removeUnaccepted(time: string): Promise<void>;
  /** What people inside may look at; there once something of the workspace was accepted. */
  reviewersFolder(workspace: string): string;
}

const safeName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether its outputs may be used as those of this action. */
export const isOf = ({ outcome, ...of }: Manifest, workspace: string, action: string): boolean =>
  outcome.code === 'succeeded' && of.workspace === workspace && of.action === action;

/** Whether a path is one of these, or one of them a folder of the other: on a disk only one of them could be there. */
function inTheWayOf(entries: readonly (readonly [string, ViewEntry])[]): (path: string) => boolean {
  const paths = new Set(entries.map(([path]) => path));
  const folders = new Set(entries.flatMap(([path]) => foldersOf(path)));
  return (path) => paths.has(path) || folders.has(path) || foldersOf(path).some((folder) => paths.has(folder));
}

/** @param folder made when it is missing, for its owner only */
export async function openOutputStore(folder: string): Promise<OutputStore> {
  const objects = join(folder, 'objects');
  const incoming = join(folder, 'incoming');
  const jobs = join(folder, 'jobs');
  for (const path of [objects, incoming, jobs]) await mkdir(path, { recursive: true, mode: 0o700 });

  function named(parent: string, name: string): string {
    if (!safeName.test(name))
      throw new Error('the name of a job or workspace has characters that a folder may not have');
    return join(folder, parent, name);
  }
  const jobFolder = (job: string) => named('jobs', job);
  const manifestPath = (job: string) => join(jobFolder(job), 'manifest.json');
  const acceptedPath = (job: string) => join(jobFolder(job), 'accepted');
  const reviewersFolder = (workspace: string) => join(named('workspaces', workspace), 'moderately_sensitive');
  const viewPath = (workspace: string) => join(named('workspaces', workspace), 'view.json');

  async function readView(workspace: string): Promise<WorkspaceView> {
    return JSON.parse((await readIfThere(viewPath(workspace))) ?? '{}') as WorkspaceView;
  }

  // What is newer is told by this count and not by the clock, which may be set back.
  let latest = 0;
  function nextOrder(): number {
    latest += 1;
    return latest;
  }

  /**
   * An older job that is accepted again changes nothing that a newer one wrote.
   *
   * @param order higher than its own when it stands for its action again
   */
  async function pointTo(manifest: Manifest, order = manifest.order): Promise<void> {
    const { job, action, completedAt } = manifest;
    const before = Object.entries(await readView(manifest.workspace));
    const isNewer = before.some(([, entry]) => entry.action === action && entry.order > order);
    if (isNewer) return;
    const kept = before.filter(([, entry]) => entry.action !== action);
    const own = manifest.outputs.map(
      ({ path, level, sha256, bytes, excluded }) =>
        [path, { job, action, level, sha256, bytes, excluded, completedAt, order }] as const,
    );
    const newer = kept.filter(([, entry]) => entry.order > order);
    const others = kept.filter(([, entry]) => entry.order <= order);
    const inTheirWay = inTheWayOf(newer);
    const shown = own.filter(([path]) => !inTheirWay(path));
    const inItsWay = inTheWayOf(shown);
    const entries = [...others.filter(([path]) => !inItsWay(path)), ...newer, ...shown];
    await writeWhole(viewPath(manifest.workspace), JSON.stringify(Object.fromEntries(entries), null, 1), incoming);
  }

  // Views are read and then replaced, so one after the other.
  let queue: Promise<void> = Promise.resolve();
  function inTurn(change: () => Promise<void>): Promise<void> {
    const turn = queue.then(change);
    queue = turn.catch(() => undefined);
    return turn;
  }

  async function show(workspace: string, isVerified: boolean): Promise<void> {
    await showToReviewers(reviewersFolder(workspace), {
      workspace,
      view: await readView(workspace),
      manifestOf: async (job) => (await readJob(job))?.manifest,
      objectPath: (sha256) => join(objects, sha256),
      incoming,
      isVerified,
    });
  }

  async function readJob(job: string) {
    const text = await readIfThere(manifestPath(job));
    if (text === undefined) return undefined;
    const manifest = JSON.parse(text) as Manifest;
    return { manifest, digest: createHash('sha256').update(text).digest('hex') };
  }

  const workspaces = async (): Promise<string[]> => readdir(join(folder, 'workspaces')).catch(() => []);
  for (const job of await readdir(jobs)) latest = Math.max(latest, (await readJob(job))?.manifest.order ?? 0);
  for (const name of await workspaces()) {
    latest = Object.values(await readView(name)).reduce((most, { order }) => Math.max(most, order), latest);
  }

  return {
    jobFolder,
    reviewersFolder,
    objectPath: (sha256) => join(objects, sha256),
    readView,
    readJob,
    async put(path) {
      const { temporary, ...digested } = await copyDigested(path, incoming);
      await rename(temporary, join(objects, digested.sha256));
      return digested;
    },
    async copyOut(sha256, path) {
      await copyFile(join(objects, sha256), path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      await chmod(path, 0o644);
    },
    async complete(made) {
      const manifest = { ...made, order: nextOrder() };
      const text = JSON.stringify(manifest, null, 1);
      await writeWhole(manifestPath(manifest.job), text, incoming);
      return { manifest, digest: createHash('sha256').update(text).digest('hex') };
    },
    async accept(job) {
      const known = await readJob(job);
      if (!known) throw new Error('a job that is not complete can not be accepted');
      const { manifest } = known;
      // What is noted first is what a start after a crash goes by.
      if (!existsSync(acceptedPath(job))) await writeWhole(acceptedPath(job), '', incoming);
      await inTurn(async () => {
        if (manifest.outcome.code === 'succeeded') await pointTo(manifest);
        await showLog(reviewersFolder(manifest.workspace), manifest, join(jobFolder(job), 'log.txt'), incoming);
        await show(manifest.workspace, true);
      });
      return manifest;
    },
    forget: forgetJob,
    async stand(workspace, wanted) {
      let areAllThere = true;
      await inTurn(async () => {
        let isChanged = false;
        for (const [action, job] of Object.entries(wanted)) {
          const manifest = existsSync(acceptedPath(job)) ? (await readJob(job))?.manifest : undefined;
          if (!manifest || !isOf(manifest, workspace, action)) {
            areAllThere = false;
            continue;
          }
          const shown = Object.values(await readView(workspace)).filter((entry) => entry.action === action);
          if (shown.length > 0 && shown.every((entry) => entry.job === job)) continue;
          await pointTo(manifest, nextOrder());
          await showLog(reviewersFolder(workspace), manifest, join(jobFolder(job), 'log.txt'), incoming);
          isChanged = true;
        }
        if (isChanged) await show(workspace, true);
      });
      return areAllThere;
    },
    async removeLeftovers() {
      await rm(incoming, { recursive: true, force: true });
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      const unused = new Set(await readdir(objects));
      for (const job of await readdir(jobs)) {
        const manifest = (await readJob(job))?.manifest;
        if (manifest === undefined) {
          await rm(join(jobs, job), { recursive: true, force: true });
          continue;
        }
        for (const { sha256 } of manifest.outputs) unused.delete(sha256);
        if (existsSync(acceptedPath(job))) await settle(manifest);
      }
      for (const object of unused) await rm(join(objects, object), { force: true });
      for (const workspace of await workspaces()) await show(workspace, false);
    },
    async removeUnaccepted(time) {
      for (const job of await readdir(jobs)) {
        if (existsSync(acceptedPath(job))) continue;
        const manifest = (await readJob(job))?.manifest;
        if (manifest && manifest.completedAt < time) await forgetJob(job);
      }
    },
  };

  /** Its manifest first, so that what is left after a crash is no complete job. */
  async function forgetJob(job: string): Promise<void> {
    await rm(manifestPath(job), { force: true });
    await rm(jobFolder(job), { recursive: true, force: true });
  }

  /** The view of a job that was accepted just before a crash. */
  async function settle(manifest: Manifest): Promise<void> {
    if (manifest.outcome.code !== 'succeeded') return;
    const view = await readView(manifest.workspace);
    const isKnown = manifest.outputs.every(({ path }) => (view[path]?.order ?? 0) >= manifest.order);
    if (!isKnown) await pointTo(manifest);
  }
}
