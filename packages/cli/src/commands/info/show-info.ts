// Says what is installed on this machine and what of it works, so that a question about a failure can begin with facts.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, release, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { defaultRuntimes } from '@glovebox/execution';
import { renderProblem, type Sandbox } from '@glovebox/record';
import { bubblewrapSandbox, dockerSandbox } from '@glovebox/sandbox';
import type { Terminal } from '../../command-line.js';

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

async function describe(sandbox: Sandbox): Promise<readonly [string, string]> {
  const refusal = await sandbox.probe();
  return [sandbox.name, refusal === undefined ? 'works' : `does not work: ${renderProblem(refusal)}`];
}

async function packageVersion(path: string): Promise<string> {
  return (JSON.parse(await readFile(path, 'utf8')) as { version: string }).version;
}

export async function showInfo(terminal: Terminal): Promise<void> {
  const own = new URL('../../../package.json', import.meta.url);
  const pyodide = createRequire(import.meta.resolve('@glovebox/language')).resolve('pyodide/package.json');
  const executors = [bubblewrapSandbox(), dockerSandbox({ owner: 'glovebox-info' })];
  const interpreters = Object.entries(defaultRuntimes).map(
    async ([image, program]) => [`${image}:*`, `${program}: ${await versionOf(program)}`] as const,
  );
  terminal.out(
    rows([
      ['glovebox', await packageVersion(own.pathname)],
      ['node', process.version],
      ['pyodide', await packageVersion(pyodide)],
      ['git', await versionOf('git')],
      ['system', `${process.platform} ${release()}`],
      ['processors', String(availableParallelism())],
      ['memory', `${(totalmem() / 2 ** 30).toFixed(1)} GB`],
    ]),
  );
  terminal.out(`\nWhat confines actions (\`glovebox run\` uses bubblewrap):\n`);
  terminal.out(rows(await Promise.all(executors.map(describe))));
  terminal.out('\nWhat stands for the images of actions:\n');
  const ehrql = ['ehrql:*', 'built in: definitions run in Pyodide, queries in DuckDB'] as const;
  terminal.out(rows([ehrql, ...(await Promise.all(interpreters))]));
}
