// Fetches images by Docker's own command, so that its settings for registries and its display of progress are used.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { readPipeline } from '@glovebox/pipeline';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { problem as execProblem } from '../exec/problems.js';
import { namedImage } from '../exec/run-in-image.js';
import { readStudyFile } from '../pipeline/study-file.js';
import { imagePrefix } from '../run/executor.js';

import { problem } from './problems.js';

export interface PullOptions {
  readonly image: string | undefined;
  /** Path of a project.yaml. */
  readonly project: string | undefined;
}

/** @throws CommandFailure with exit code 1 for the first that can't be had */
export async function pullImages({ image, project }: PullOptions, terminal: Terminal): Promise<void> {
  const names = new Set([
    ...(image === undefined ? [] : [named(image)]),
    ...(project === undefined ? [] : await imagesOf(project)),
  ]);
  if (image === undefined && project === undefined) for (const name of await imagesHere()) names.add(name);
  if (names.size === 0) {
    terminal.out(
      'There are no images to fetch.\nNext: glovebox pull python:v2, or in a study: glovebox pull --project\n',
    );
    return;
  }
  for (const name of names) {
    terminal.out(`Fetching ${name}\n`);
    await pull(imagePrefix() + name);
  }
}

function named(text: string): string {
  const found = namedImage(text);
  if (!found) throw new CommandFailure(1, [execProblem('exec-image-wrong', [text])]);
  return `${found.image}:${found.tag}`;
}

/** ehrQL is built in. */
async function imagesOf(file: string): Promise<string[]> {
  const { pipeline, problems } = readPipeline(await readStudyFile(file), file);
  if (!pipeline) throw new CommandFailure(1, problems);
  return pipeline.actions.filter(({ image }) => image !== 'ehrql').map(({ image, tag }) => `${image}:${tag}`);
}

async function imagesHere(): Promise<string[]> {
  const words = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', '--filter', `reference=${imagePrefix()}*`];
  try {
    const { stdout } = await promisify(execFile)('docker', words, { timeout: 60_000 });
    return stdout
      .split('\n')
      .filter((line) => line.startsWith(imagePrefix()) && !line.endsWith(':<none>'))
      .map((line) => line.slice(imagePrefix().length));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new CommandFailure(1, [problem('docker-command-missing', [])]);
    process.stderr.write((error as { stderr?: string }).stderr ?? '');
    throw new CommandFailure(1, [problem('pull-failed', ['The list of images'])]);
  }
}

async function pull(reference: string): Promise<void> {
  const child = spawn('docker', ['pull', '--', reference], { stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    if (exitCode !== 0) throw new CommandFailure(1, [problem('pull-failed', [reference])]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new CommandFailure(1, [problem('docker-command-missing', [])]);
  }
}
