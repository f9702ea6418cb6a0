// The databases that a definition can run on: a DuckDB file, a folder of files of tables, or a PostgreSQL server. Rows stream; nothing of the
// database can be changed.
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  backendNamed,
  backendOf,
  extractDataset,
  extractEachMeasure,
  extractMeasures,
  observeStatements,
  openDuckDb,
  openPostgres,
  tableFiles,
  withBackendFilters,
  type Backend,
  type Database,
  type DuckDb,
  type DuckDbOptions,
} from '@glovebox/engines';
import { definitionRoots, type DatasetDefinition, type MeasuresDefinition } from '@glovebox/language';
import { CommandFailure } from '../../command-line.js';
import { exitCodes } from './exit-codes.js';
import { grantedPermissions } from './permissions.js';
import { problem } from './problems.js';
import type { StatementLog } from './log-statements.js';
import type { RowSource } from './rows.js';

type Place =
  | { readonly kind: 'file' | 'folder'; readonly path: string }
  | { readonly kind: 'server'; readonly url: string };

/** Where a `--dsn` points; ends the command when nothing is there that an engine can open. */
export function databasePlace(dsn: string): Place {
  const scheme = /^([a-z][a-z0-9+]*):/i.exec(dsn)?.[1];
  if (scheme === 'postgresql' || scheme === 'postgres') return { kind: 'server', url: dsn };
  if (scheme !== undefined && scheme !== 'duckdb') {
    // Only the scheme is repeated: the rest may hold a password.
    throw new CommandFailure(exitCodes.usage, [problem('database-unknown', [`${scheme}:...`])]);
  }
  const path = dsn.replace(/^duckdb:(\/\/(?=\/))?/, '');
  if (!existsSync(path)) throw new CommandFailure(exitCodes.database, [problem('database-missing', [path])]);
  return { kind: statSync(path).isDirectory() ? 'folder' : 'file', path };
}

/**
 * Whether a definition may only be evaluated in a sandbox when its data is there. A folder of tables is what lies beside a
 * study on the machine of whoever wrote both; a database is more than that.
 */
export const isDatabase = (dsn: string | undefined): boolean =>
  dsn !== undefined && databasePlace(dsn).kind !== 'folder';

export interface DatabaseRun {
  readonly dsn: string;
  readonly backend: string | undefined;
  /** Told of each statement of the query. */
  readonly log: StatementLog;
}

/**
 * Opens the database for a definition, hands its rows to `use`, and closes it again. What the backend leaves out of every query
 * is left out here, unless the job's grant says otherwise.
 *
 * @param backend as the command was asked; a database that says itself which backend it is overrules this
 */
export async function withDatabase<T>(
  { dsn, backend, log }: DatabaseRun,
  definition: DatasetDefinition | MeasuresDefinition,
  use: (rows: RowSource) => Promise<T>,
): Promise<T> {
  const place = databasePlace(dsn);
  const granted = grantedPermissions(process.env['EHRQL_PERMISSIONS']);
  const filtering = (filters: Backend | undefined): Filtering => {
    if (!filters) return (one) => one;
    return (one) => withBackendFilters(one, filters, granted);
  };
  if (place.kind === 'file') {
    return withDuckDb({ path: place.path }, async (_rows, db) =>
      use(streaming(observeStatements(db, log.observer), filtering(await backendOf(db, backend)), log)),
    );
  }
  if (place.kind === 'server') {
    return withPostgres(place.url, async (db) =>
      use(streaming(observeStatements(db, log.observer), filtering(await backendOf(db, backend)), log)),
    );
  }
  const filter = filtering(backend === undefined ? undefined : backendNamed(backend));
  const files = await tableFiles(place.path, definitionRoots(filter(definition)));
  return withDuckDb({ files }, (_rows, db) => use(streaming(observeStatements(db, log.observer), filter, log)));
}

type Filtering = <D extends DatasetDefinition | MeasuresDefinition>(definition: D) => D;

/** Opens an engine with a limit on its memory and a place for what exceeds that, and closes it again. */
export async function withDuckDb<T>(
  options: DuckDbOptions,
  use: (rows: RowSource, db: DuckDb) => Promise<T>,
): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'glovebox-query-'));
  try {
    const memoryLimit = process.env['GLOVEBOX_QUERY_MEMORY'];
    const db = await openDuckDb({ ...options, temporaryDirectory: scratch, ...(memoryLimit ? { memoryLimit } : {}) });
    try {
      return await use(
        streaming(db, (definition) => definition),
        db,
      );
    } finally {
      db.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function withPostgres<T>(url: string, use: (db: Database) => Promise<T>): Promise<T> {
  const db = await openPostgres({ url });
  try {
    return await use(db);
  } finally {
    await db.close();
  }
}

function streaming(db: Database, filter: Filtering, log?: StatementLog): RowSource {
  return {
    dataset: (definition) => extractDataset(db, filter(definition), log ? { onPlan: log.expect } : {}),
    measures: (definition, isSplit, options) =>
      isSplit
        ? extractEachMeasure(db, filter(definition), options)
        : [extractMeasures(db, filter(definition), options)],
    cancel: () => db.cancel(),
  };
}

/** Opens the database, runs the smallest query, and sees whether it is of the backend that is expected. */
export async function testConnection(dsn: string, backend?: string): Promise<void> {
  const test = async (db: Database | DuckDb): Promise<void> => {
    await db.execute('SELECT 1');
    await backendOf(db, backend);
  };
  const place = databasePlace(dsn);
  if (place.kind === 'folder') {
    await tableFiles(place.path, []);
    return;
  }
  if (place.kind === 'server') {
    await withPostgres(place.url, test);
    return;
  }
  const db = await openDuckDb({ path: place.path });
  try {
    await test(db);
  } finally {
    db.close();
  }
}
