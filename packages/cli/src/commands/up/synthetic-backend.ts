// The synthetic backend's database: made once, the first time that the platform starts from a data folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDatabase } from '@glovebox/synth';
import type { Terminal } from '../../command-line.js';
import { readIfThere, writeWhole, type DataFolder } from './data-folder.js';

/** Codes of the example study occur in the database, so that its measures have something to count. */
const exampleCodelists = fileURLToPath(new URL('../../../../../studies/winter-pressures/codelists', import.meta.url));

export interface SyntheticBackend {
  readonly path: string;
  readonly release: string;
}

export async function ensureSyntheticBackend(
  folder: DataFolder,
  patients: number,
  terminal: Terminal,
): Promise<SyntheticBackend> {
  const path = join(folder.database, 'synthetic.duckdb');
  const releaseFile = join(folder.database, 'tpp-release');
  const release = await readIfThere(releaseFile);
  if (release !== undefined && existsSync(path)) return { path, release: release.trim() };
  terminal.error(`Making a synthetic database of ${patients.toLocaleString('en')} patients (once) ...\n`);
  const made = await generateDatabase({
    path,
    patients,
    codelistFolders: existsSync(exampleCodelists) ? [exampleCodelists] : [],
    onProgress: ({ done, total, step }) => {
      if (terminal.isInteractive)
        terminal.error(`\r  ${String(Math.round((100 * done) / total)).padStart(3)} %  ${step.padEnd(30)}`);
    },
  });
  if (terminal.isInteractive) terminal.error('\r\u001b[K');
  await writeWhole(releaseFile, `${made.release}\n`);
  return made;
}
