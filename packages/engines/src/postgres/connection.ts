// The PostgreSQL driver: one connection, one transaction, so that every statement sees the data as it was at the first.
// The transaction is never committed, and what it makes are temporary tables. Whoever opens it closes it.
import type { Client } from 'pg';
import type { Nullable } from '@glovebox/language';
import { sqlTypeOf } from '../sql/plan/compile.js';
import type { Upload } from '../sql/plan/uploads.js';
import { postgres as dialect } from '../sql/dialects/postgres/dialect.js';
import type { Database } from '../database.js';
import { asProblem } from './failures.js';
import { textOf, valueOf } from './values.js';

export interface PostgresOptions {
  /** `postgresql://user:password@host:port/database`. */
  readonly url: string;
}

/** Rows fetched at a time, and rows sent at a time. */
const batchSize = 5_000;

const settings = [
  'BEGIN ISOLATION LEVEL REPEATABLE READ',
  // Texts and floats pass exactly, whatever the server's defaults.
  'SET LOCAL standard_conforming_strings = on',
  "SET LOCAL datestyle = 'ISO, YMD'",
  'SET LOCAL extra_float_digits = 1',
  // Statements run once: compiling them takes longer than it saves.
  'SET LOCAL jit = off',
  // Only who fills or changes a table keeps readers from it, and that can take hours.
  "SELECT set_config('lock_timeout', '60s', true) WHERE current_setting('lock_timeout') = '0'",
];

/**
 * Connects.
 *
 * @throws ProblemError `database-not-reachable`.
 * @example
 * const db = await openPostgres({ url: 'postgresql://localhost/release' });
 * try { for await (const batch of extractDataset(db, definition)[0].rows) ... } finally { await db.close(); }
 */
export async function openPostgres({ url }: PostgresOptions): Promise<Database> {
  const client = await connect(url);
  try {
    for (const setting of settings) await client.query(setting);
  } catch (error) {
    await client.end().catch(() => {});
    throw asProblem(error);
  }
  return connected(client, url);
}

async function connect(url: string): Promise<Client> {
  // Only here: most commands have no use for the driver.
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: url,
    application_name: 'glovebox',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // Every value as the text that the server sends.
    types: { getTypeParser: () => (text: string) => text },
  });
  // A connection that breaks while nothing runs is told to nobody else; the next statement fails.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw asProblem(error);
  }
}

function connected(client: Client, url: string): Database {
  const run = async (sql: string, values: readonly unknown[] = []): Promise<void> => {
    try {
      await client.query(sql, [...values]);
    } catch (error) {
      throw asProblem(error);
    }
  };
  return {
    dialect,
    upload: (upload) => createTable(run, upload),
    execute: (sql) => run(sql),
    async *stream(sql, columns) {
      const { default: Cursor } = await import('pg-cursor');
      const types = columns.map((column) => sqlTypeOf(column.type));
      const cursor = client.query(new Cursor<(string | null)[]>(sql, [], { rowMode: 'array' }));
      try {
        for (;;) {
          const rows = await cursor.read(batchSize);
          if (rows.length === 0) return;
          yield rows.map((row) => types.map((type, at): Nullable => valueOf(row[at]!, type)));
        }
      } catch (error) {
        throw asProblem(error);
      } finally {
        await cursor.close().catch(() => {});
      }
    },
    cancel: () => cancelStatement(client, url),
    close: () => client.end().catch(() => {}),
  };
}

/** Asks the server, on a connection of its own, to stop what the client's runs. */
async function cancelStatement(client: Client, url: string): Promise<void> {
  const { processID } = client as Client & { readonly processID: number };
  const other = await connect(url);
  try {
    await other.query('SELECT pg_cancel_backend($1)', [processID]);
  } finally {
    await other.end();
  }
}

async function createTable(
  run: (sql: string, values?: readonly unknown[]) => Promise<void>,
  { name, columns, rows }: Upload,
): Promise<void> {
  const typeNames = columns.map((column) => dialect.typeName(sqlTypeOf(column.type)));
  const list = columns.map((column, at) => `${dialect.quote(column.name)} ${typeNames[at]!}`).join(', ');
  // Only a temporary one, not a table of the database that has the name.
  await run(`DROP TABLE IF EXISTS pg_temp.${dialect.quote(name)}`);
  await run(dialect.createTable(name, list));
  const arrays = typeNames.map((type, at) => `$${at + 1}::text[]::${type.toLowerCase()}[]`).join(', ');
  const insert = `INSERT INTO ${dialect.quote(name)} SELECT * FROM unnest(${arrays})`;
  for (let at = 0; at < rows.length; at += batchSize) {
    const batch = rows.slice(at, at + batchSize);
    await run(
      insert,
      columns.map((_, index) => batch.map((row) => textOf(row[index] ?? null))),
    );
  }
  // What it holds decides how it is joined.
  await run(`ANALYZE ${dialect.quote(name)}`);
}
