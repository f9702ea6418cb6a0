// What the secure side holds after everything has ended, read from its files: manifests, contents, views, leftovers.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, WorkspaceView } from '../../packages/execution/src/index.js';

export interface KeptJob {
  readonly manifest: Manifest;
  /** Of the manifest's file. */
  readonly digest: string;
  readonly log: string;
}

export const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

const list = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** The agent's data folder. */
export function readOutputs(folder: string) {
  const outputs = join(folder, 'outputs');
  const jobs = new Map<string, KeptJob>();
  for (const job of list(join(outputs, 'jobs'))) {
    const path = join(outputs, 'jobs', job, 'manifest.json');
    if (!existsSync(path)) continue;
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    jobs.set(job, {
      manifest,
      digest: digestOf(path),
      log: readFileSync(join(outputs, 'jobs', job, 'log.txt'), 'utf8'),
    });
  }
  return {
    jobs,
    /** Name to digest of the content, which are the same when the object is whole. */
    objects: new Map(list(join(outputs, 'objects')).map((name) => [name, digestOf(join(outputs, 'objects', name))])),
    view: (workspace: string): WorkspaceView =>
      JSON.parse(readFileSync(join(outputs, 'workspaces', workspace, 'view.json'), 'utf8')) as WorkspaceView,
    /** What people inside may look at of a workspace: path to digest, without logs and listing. */
    reviewers: (workspace: string): Readonly<Record<string, string>> => {
      const shown = join(outputs, 'workspaces', workspace, 'moderately_sensitive');
      const paths = readdirSync(shown, { recursive: true, encoding: 'utf8' }).filter((path) =>
        statSync(join(shown, path)).isFile(),
      );
      const files = paths.filter((path) => !path.startsWith('metadata/'));
      return Object.fromEntries(files.map((path) => [path, digestOf(join(shown, path))]));
    },
    /** Reports that wait for an answer. */
    reports: list(join(folder, 'reports')),
    /** Files that only a process at work may have: half-taken contents, work folders, files being written. */
    leftovers: [
      ...list(join(outputs, 'incoming')),
      ...list(join(folder, 'work')),
      ...list(join(outputs, 'jobs')).filter((job) => !jobs.has(job)),
      ...readdirSync(outputs, { recursive: true, encoding: 'utf8' }).filter((path) => /(^|\/)\.[^/]*$/.test(path)),
    ],
  };
}

/** The manifests that are there at this moment, by job. A job that is under way has none. */
export function manifestDigests(folder: string): ReadonlyMap<string, string> {
  const jobs = join(folder, 'outputs/jobs');
  return new Map(
    list(jobs)
      .filter((job) => existsSync(join(jobs, job, 'manifest.json')))
      .map((job) => [job, digestOf(join(jobs, job, 'manifest.json'))]),
  );
}
