// Opens the study in a folder of this machine: its pipeline, and where it keeps what earlier runs made.
import { existsSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readPipeline, type Pipeline } from '@glovebox/pipeline';
import { CommandFailure } from '../../command-line.js';
import { readStudyFile } from '../pipeline/study-file.js';
import { problem } from './problems.js';

export interface Study {
  readonly folder: string;
  /** The name of the folder, with other characters than a workspace may have replaced. */
  readonly workspace: string;
  /** Logs, and in `glovebox/` what only this program reads. */
  readonly metadata: string;
  readonly own: string;
  readonly pipeline: Pipeline;
}

/** Where a study's runs are recorded. @throws CommandFailure when a link would lead writing elsewhere */
export async function recordFolders(folder: string): Promise<{ readonly metadata: string; readonly own: string }> {
  const metadata = join(folder, 'metadata');
  const own = join(metadata, 'glovebox');
  for (const path of [metadata, own]) {
    const stat = await lstat(path).catch(() => undefined);
    if (stat && !stat.isDirectory()) throw new CommandFailure(1, [problem('metadata-not-a-folder', [path])]);
  }
  return { metadata, own };
}

/** @throws CommandFailure with every problem of project.yaml */
export async function openStudy(projectFolder: string): Promise<Study> {
  const file = join(resolve(projectFolder), 'project.yaml');
  if (!existsSync(file)) throw new CommandFailure(1, [problem('no-project', [resolve(projectFolder)])]);
  const folder = await realpath(projectFolder);
  const { pipeline, problems } = readPipeline(await readStudyFile(file), 'project.yaml');
  if (!pipeline) throw new CommandFailure(1, problems);
  const workspace = `w${basename(folder)}`.replace(/[^A-Za-z0-9_.-]/g, '_').slice(1) || 'study';
  return { folder, workspace: workspace.replace(/^[.-]/, '_'), ...(await recordFolders(folder)), pipeline };
}
