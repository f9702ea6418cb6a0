// Makes the synthetic backend database in a folder: `database.duckdb`, and `release.json` that names its data release.
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogUpdate } from 'log-update';
import { generateDatabase, type DatabaseProgress } from '@glovebox/synth';
import type { Terminal } from '../../command-line.js';

export interface SynthOptions {
  readonly patients: number;
  /** The folder that gets the database; made when it doesn't exist. */
  readonly out: string;
  readonly seed: string;
  readonly codelists: readonly string[];
  readonly memoryLimit: string;
}

/**
 * Runs the command; progress goes to standard error, the path of the database to standard output.
 * @throws ProblemError as `generateDatabase` does
 */
export async function runSynth(options: SynthOptions, terminal: Terminal): Promise<void> {
  const started = performance.now();
  const path = join(options.out, 'database.duckdb');
  const progress = showProgress(terminal);
  const { release } = await generateDatabase({
    path,
    patients: options.patients,
    seed: options.seed,
    codelistFolders: options.codelists,
    memoryLimit: options.memoryLimit,
    onProgress: (step) => progress.show(step),
  });
  progress.clear();
  const manifest = join(options.out, 'release.json');
  await writeFile(
    `${manifest}.partial`,
    `${JSON.stringify({ name: release, database: 'database.duckdb' }, null, 2)}\n`,
  );
  await rename(`${manifest}.partial`, manifest);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  terminal.error(`Made data release ${release} in ${seconds} s.\n`);
  terminal.out(`${path}\n`);
}

/** One line that changes where a person watches, plain lines elsewhere. */
function showProgress(terminal: Terminal): { show: (progress: DatabaseProgress) => void; clear: () => void } {
  const update = terminal.isInteractive ? createLogUpdate(process.stderr) : undefined;
  return {
    show: (progress) => (update ? update(progressLine(progress)) : terminal.error(`${progressLine(progress)}\n`)),
    clear: () => update?.clear(),
  };
}

function progressLine({ done, total, step }: DatabaseProgress): string {
  return `${String(done).padStart(String(total).length)} of ${total}  ${step.replaceAll('-', ' ')}`;
}
