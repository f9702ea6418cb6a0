// `glovebox ehrql dump-dataset-sql`: the SQL that a dataset definition becomes, to read; nothing is executed.
import { writeFile } from 'node:fs/promises';
import { dialectNames, dialects, printDatasetSql, withFileTables, type DialectName } from '@glovebox/engines';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { exitCodes, orExit } from './exit-codes.js';
import { loadDataset } from './load-definition.js';
import { problem } from './problems.js';

export interface DumpOptions {
  readonly definition: string;
  readonly parameters: readonly string[];
  readonly dialect?: string;
  /** As ehrQL names it, for example `mssql`; what `dialect` says counts more. */
  readonly queryEngine?: string;
  readonly output?: string;
}

export async function dumpDatasetSql(options: DumpOptions, terminal: Terminal): Promise<void> {
  const { definition: file, parameters, output } = options;
  const dialect = dialects[dialectName(options)];
  const { definition } = await loadDataset({ file, args: parameters, isSecure: false }, terminal);
  const sql = await orExit(async () => printDatasetSql(await withFileTables(definition, process.cwd()), dialect));
  if (output === undefined) terminal.out(sql);
  else await writeFile(output, sql);
}

/** An engine of ehrQL by its short name or the name of its class; those that run on files have no SQL of their own. */
const engineOf: Readonly<Record<string, DialectName>> = {
  mssql: 'mssql',
  trino: 'trino',
  sqlite: 'duckdb',
  localfile: 'duckdb',
  csv: 'duckdb',
};

function dialectName({ dialect, queryEngine }: DumpOptions): DialectName {
  const asked = dialect ?? queryEngine ?? 'duckdb';
  const known = dialectNames.find((name) => name === asked);
  if (known) return known;
  const engine = dialect === undefined ? asked.split('.').find((part) => Object.hasOwn(engineOf, part)) : undefined;
  if (engine === undefined) {
    throw new CommandFailure(exitCodes.usage, [problem('dialect-unknown', [asked, dialectNames])]);
  }
  return engineOf[engine]!;
}
