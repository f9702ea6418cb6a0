// `glovebox ehrql dump-dataset-sql`: the SQL that a dataset definition becomes, to read; nothing is executed.
import { writeFile } from 'node:fs/promises';
import { printDatasetSql, withFileTables } from '@glovebox/engines';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { exitCodes, orExit } from './exit-codes.js';
import { loadDataset } from './load-definition.js';
import { problem } from './problems.js';

export interface DumpOptions {
  readonly definition: string;
  readonly parameters: readonly string[];
  readonly dialect?: string;
  readonly output?: string;
}

export const dialects = ['duckdb'] as const;

export async function dumpDatasetSql(options: DumpOptions, terminal: Terminal): Promise<void> {
  const { definition: file, parameters, dialect = 'duckdb', output } = options;
  if (!dialects.some((name) => name === dialect)) {
    throw new CommandFailure(exitCodes.usage, [problem('dialect-unknown', [dialect, dialects])]);
  }
  const { definition } = await loadDataset({ file, args: parameters, isSecure: false }, terminal);
  const sql = await orExit(async () => printDatasetSql(await withFileTables(definition, process.cwd())));
  if (output === undefined) terminal.out(sql);
  else await writeFile(output, sql);
}
