// The DuckDB driver: opens a database file for reading, or tables in memory, in an engine that can reach nothing else.
// One connection runs one statement at a time. Whoever opens it closes it.
import { totalmem } from 'node:os';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import { ProblemError } from '@glovebox/record';
import type { TableFile } from '../files/table-files.js';
import { problem } from '../problems.js';
import { sqlTypeOf } from '../sql/plan/compile.js';
import type { Upload } from '../sql/plan/uploads.js';
import { duckdb as dialect } from '../sql/dialects/duckdb/dialect.js';
import type { Database } from '../database.js';
import type { Tables } from '../tables.js';
import { appendRows } from './append.js';
import { asProblem } from './failures.js';
import { loadFiles } from './load-files.js';
import { rowsOf } from './rows.js';

export interface DuckDbOptions {
  /** A database file, opened for reading only. Absent for tables in memory. */
  readonly path?: string;
  /** Tables to load, by query table name; only without `path`. */
  readonly tables?: Tables;
  /** Files to load as tables; only without `path`. */
  readonly files?: readonly TableFile[];
  /** Names of tables that have at most one row a patient: of several rows loaded the last counts. */
  readonly oneRowTables?: ReadonlySet<string>;
  /** For example `4GB`; half of the machine's memory when absent. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Where DuckDB may put what doesn't fit in memory; absent for nowhere. */
  readonly temporaryDirectory?: string;
}

export interface DuckDb extends Database {
  /** The rows of a statement as DuckDB hands them over: for callers that read whole columns. */
  chunks(sql: string): AsyncIterable<DuckDBDataChunk>;
  cancel(): void;
  close(): void;
}

/**
 * Opens a database.
 *
 * @throws ProblemError `database-not-readable`, or `database-importing` while another process writes to the file.
 * @example
 * const db = await openDuckDb({ path: 'release.duckdb', memoryLimit: '4GB' });
 * try { for await (const batch of extractDataset(db, definition)[0].rows) ... } finally { db.close(); }
 */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<DuckDb> {
  const instance = await createInstance(options);
  const connection = await instance.connect();
  const db = connected(connection, () => {
    connection.closeSync();
    instance.closeSync();
  });
  try {
    for (const setting of settingsOf(options)) await connection.run(setting);
    await loadFiles(connection, options.files ?? []);
    await connection.run('SET enable_external_access = false');
    for (const [name, { columns, rows }] of options.tables ?? []) {
      const isOneRow = options.oneRowTables?.has(name) === true;
      const kept = isOneRow ? [...new Map(rows.map((row) => [row[0], row])).values()] : rows;
      await createTable(connection, 'TABLE', {
        name,
        columns: [{ name: 'patient_id', type: 'int' }, ...columns],
        rows: kept,
      });
    }
    await connection.run('SET lock_configuration = true');
    return db;
  } catch (error) {
    db.close();
    throw asProblem(error);
  }
}

async function createInstance({ path }: DuckDbOptions): Promise<DuckDBInstance> {
  // Only here: loading the engine takes 0.1 s, and most commands have no use for it.
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  try {
    return await Instance.create(path ?? ':memory:', path === undefined ? {} : { access_mode: 'READ_ONLY' });
  } catch (error) {
    // A file is locked against readers by who writes to it, and by nobody else.
    const isBeingWritten = error instanceof Error && error.message.includes('Could not set lock');
    throw new ProblemError(problem(isBeingWritten ? 'database-importing' : 'database-not-readable', []));
  }
}

function settingsOf({ memoryLimit, threads, temporaryDirectory }: DuckDbOptions): readonly string[] {
  const text = (value: string): string => dialect.literal({ kind: 'literal', type: 'str', value });
  return [
    // Where to spill must be said, and files be loaded, before the outside is closed off.
    `SET temp_directory = ${text(temporaryDirectory ?? '')}`,
    'SET autoinstall_known_extensions = false',
    'SET autoload_known_extensions = false',
    'SET preserve_insertion_order = false',
    'SET max_expression_depth = 10000',
    `SET memory_limit = ${text(memoryLimit ?? halfOfMemory())}`,
    ...(threads === undefined ? [] : [`SET threads = ${Math.max(1, Math.floor(threads))}`]),
  ];
}

/** A limit is always set, so that the rest of the process and of the machine has room. */
const halfOfMemory = (): string => `${Math.floor(totalmem() / 2 / 2 ** 20)}MiB`;

function connected(connection: DuckDBConnection, close: () => void): DuckDb {
  let isOpen = true;
  async function* chunks(sql: string): AsyncGenerator<DuckDBDataChunk> {
    try {
      const result = await connection.stream(sql);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        yield chunk;
      }
    } catch (error) {
      throw asProblem(error);
    }
  }
  return {
    dialect,
    chunks,
    upload: (upload) => createTable(connection, 'TEMPORARY TABLE', upload),
    async execute(sql) {
      try {
        await connection.run(sql);
      } catch (error) {
        throw asProblem(error);
      }
    },
    async *stream(sql, columns) {
      for await (const chunk of chunks(sql)) yield rowsOf(chunk, columns);
    },
    cancel: () => connection.interrupt(),
    close: () => {
      if (isOpen) close();
      isOpen = false;
    },
  };
}

async function createTable(connection: DuckDBConnection, kind: string, { name, columns, rows }: Upload): Promise<void> {
  try {
    const list = columns.map((c) => `${dialect.quote(c.name)} ${dialect.typeName(sqlTypeOf(c.type))}`).join(', ');
    await connection.run(`CREATE OR REPLACE ${kind} ${dialect.quote(name)} (${list})`);
    await appendRows(connection, kind === 'TABLE' ? { table: name } : { table: name, catalog: 'temp' }, columns, rows);
  } catch (error) {
    throw asProblem(error);
  }
}
