// Says what is installed on this machine and what of it works, so that a question about a failure can begin with facts.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, release, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { defaultRuntimes } from '@glovebox/execution';
import { readPipeline } from '@glovebox/pipeline';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { readStudyFile } from '../pipeline/study-file.js';
import { examineExecutors, type ExecutorReport } from './executors.js';

const rows = (entries: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries
    .map(([name, text]) => `  ${name.padEnd(width)}  ${text.replaceAll('\n', `\n  ${' '.repeat(width)}  `)}\n`)
    .join('');
};

/** The first line that a program prints when asked for its version. */
async function versionOf(program: string, args: readonly string[] = ['--version']): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: 20_000 });
    return `${stdout}${stderr}`.trim().split('\n')[0] ?? '';
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing ? `not installed (${program} is not there)` : `${program} is there but does not run`;
  }
}

async function packageVersion(path: string): Promise<string> {
  return (JSON.parse(await readFile(path, 'utf8')) as { version: string }).version;
}

async function examineMachine(): Promise<Readonly<Record<string, string>>> {
  const own = new URL('../../../package.json', import.meta.url);
  const pyodide = createRequire(import.meta.resolve('@glovebox/language')).resolve('pyodide/package.json');
  return {
    glovebox: await packageVersion(own.pathname),
    node: process.version,
    pyodide: await packageVersion(pyodide),
    git: await versionOf('git'),
    docker: await versionOf('docker'),
    system: `${process.platform} ${release()}`,
    processors: String(availableParallelism()),
    memory: `${(totalmem() / 2 ** 30).toFixed(1)} GB`,
  };
}

async function examineInterpreters(): Promise<Readonly<Record<string, string>>> {
  const found = Object.entries(defaultRuntimes).map(
    async ([image, program]) => [`${image}:*`, `${program}: ${await versionOf(program)}`] as const,
  );
  return Object.fromEntries([
    ['ehrql:*', 'built in: definitions run in Pyodide, queries in DuckDB'],
    ...(await Promise.all(found)),
  ]);
}

/** @param isJson for other programs: `{"machine","executors","default","images"}` */
export async function showInfo(isJson: boolean, terminal: Terminal): Promise<void> {
  const [machine, executors, images] = await Promise.all([examineMachine(), examineExecutors(), examineInterpreters()]);
  const usual = executors.find(({ name, works }) => works && name !== 'slurm')?.name ?? null;
  if (isJson) {
    terminal.out(`${JSON.stringify({ machine, executors, default: usual, images }, null, 2)}\n`);
    return;
  }
  terminal.out(rows(Object.entries(machine)));
  terminal.out('\nWhat confines actions:\n');
  terminal.out(rows(executors.map((one) => [one.name, words(one)])));
  terminal.out(
    usual === null
      ? '\nNothing does, so `glovebox run` is refused until one of these works.\n'
      : `\n\`glovebox run\` uses ${usual} unless told otherwise by --executor; slurm is for agents of a backend.\n`,
  );
  terminal.out('\nWhat stands for the images of actions, with bubblewrap:\n');
  terminal.out(rows(Object.entries(images)));
}

function words({ works, reason, images }: ExecutorReport): string {
  if (!works) return `does not work: ${reason}`;
  if (images === undefined) return 'works';
  return images.length === 0
    ? 'works, with no image of studies; next: glovebox pull IMAGE'
    : `works: ${images.join(', ')}`;
}

/** @throws CommandFailure with every problem of the file */
export async function listImages(file: string, terminal: Terminal): Promise<void> {
  const { pipeline, problems } = readPipeline(await readStudyFile(file), file);
  if (!pipeline) throw new CommandFailure(1, problems);
  const names = new Set(pipeline.actions.map(({ image, tag }) => `${image}:${tag}`));
  terminal.out([...names].map((name) => `${name}\n`).join(''));
}
