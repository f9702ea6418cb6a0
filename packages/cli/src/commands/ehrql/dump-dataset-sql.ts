// `glovebox ehrql dump-dataset-sql`: the SQL that a dataset definition becomes, to read; nothing is executed.
import {
  backendNamed,
  dialectNames,
  dialects,
  printDatasetSql,
  withBackendFilters,
  withFileTables,
  writeText,
  type DialectName,
} from '@glovebox/engines';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { exitCodes, orExit } from './exit-codes.js';
import { loadDataset } from './load-definition.js';
import { grantedPermissions } from './permissions.js';
import { problem } from './problems.js';

export interface DumpOptions {
  readonly definition: string;
  readonly parameters: readonly string[];
  readonly dialect?: string;
  /** As ehrQL names it, for example `mssql`; what `dialect` says counts more. */
  readonly queryEngine?: string;
  /** What it leaves out of every query is in the SQL, unless the job's grant says otherwise. */
  readonly backend?: string;
  readonly output?: string;
}

export async function dumpDatasetSql(options: DumpOptions, terminal: Terminal): Promise<void> {
  const { definition: file, parameters, output } = options;
  const dialect = dialects[dialectName(options)];
  const loaded = await loadDataset({ file, args: parameters, isSecure: false }, terminal);
  const filters = options.backend === undefined ? undefined : backendNamed(options.backend);
  const sql = await orExit(async () => {
    const definition = await withFileTables(loaded.definition, process.cwd());
    const granted = grantedPermissions(process.env['EHRQL_PERMISSIONS']);
    return printDatasetSql(filters ? withBackendFilters(definition, filters, granted) : definition, dialect);
  });
  if (output === undefined) terminal.out(sql);
  else await orExit(() => writeText(sql, output));
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
