// Opens the public zone's database and brings it up to date: PGlite in a folder, or a PostgreSQL server by its URL.
// A folder belongs to one process at a time; a second one is refused, because the embedded database would be damaged.
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Pool, type QueryResult } from 'pg';
import { holdFolder } from './hold-folder.js';
import { migrate } from './migrate.js';
import { pglitePool } from './pglite-pool.js';
import type { Database } from './tables.js';

export interface Store {
  readonly db: Kysely<Database>;
  /**
   * What a server does by itself and the embedded database does not: frees the room of old rows, renews what the planner
   * knows, and writes a checkpoint, without which the log of changes grows until the next start. Call it now and then.
   */
  maintain(): Promise<void>;
  /** The embedded database as a tar image, for `{image}`; only where it is embedded. */
  readonly dump?: () => Promise<Blob>;
  close(): Promise<void>;
}

/** `image`: an embedded database in memory, from what `dump` gave (or empty). */
export type StoreLocation =
  | { readonly dataFolder: string }
  | { readonly url: string }
  | { readonly image: Blob | null };

export async function openStore(location: StoreLocation): Promise<Store> {
  if ('url' in location) return openServer(location.url);
  if ('image' in location) {
    return openEmbedded(await PGlite.create(location.image ? { loadDataDir: location.image } : {}), async () => {});
  }
  mkdirSync(location.dataFolder, { recursive: true, mode: 0o700 });
  const release = await holdFolder(location.dataFolder);
  try {
    return await openEmbedded(await PGlite.create(await preparedFolder(location.dataFolder)), release);
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * The embedded database's folder, made when it is missing. It is made under another name first: a process that is killed
 * meanwhile would leave a database that can never be opened.
 */
async function preparedFolder(dataFolder: string): Promise<string> {
  const folder = join(dataFolder, 'database');
  if (existsSync(folder)) return folder;
  const beingMade = join(dataFolder, 'database-being-made');
  rmSync(beingMade, { recursive: true, force: true });
  mkdirSync(beingMade, { mode: 0o700 });
  await (await PGlite.create(beingMade)).close();
  renameSync(beingMade, folder);
  return folder;
}

async function openEmbedded(pglite: PGlite, release: () => Promise<void>): Promise<Store> {
  await migrate(async (sql) => (await pglite.exec(sql)).at(-1)?.rows ?? []);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: pglitePool(pglite) }) });
  return {
    db,
    maintain: async () => {
      await sql`vacuum (analyze)`.execute(db);
      await sql`checkpoint`.execute(db);
    },
    dump: async () => pglite.dumpDataDir('none'),
    async close() {
      await db.destroy();
      await release();
    },
  };
}

async function openServer(url: string): Promise<Store> {
  // A half-open connection must not hang a request for ever.
  const pool = new Pool({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    query_timeout: 35_000,
    idle_in_transaction_session_timeout: 30_000,
    // Statements here are short; translating one to machine code takes longer than it does.
    options: '-c jit=off',
  });
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {});
  try {
    await migrate(async (sql) => {
      const result: unknown = await pool.query(sql);
      const last = Array.isArray(result) ? result.at(-1) : result;
      return (last as QueryResult<Record<string, unknown>>).rows;
    });
  } catch (error) {
    await pool.end();
    throw error;
  }
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { db, maintain: async () => {}, close: () => db.destroy() };
}
