// Lets Kysely's PostgreSQL dialect speak to the embedded database. PGlite has one connection: whoever holds it (a
// transaction, for example) makes all others wait, so waiting callers queue here in the order in which they came.
import type { PGlite } from '@electric-sql/pglite';
import type { PostgresPool, PostgresPoolClient } from 'kysely';

type Client = Awaited<ReturnType<PostgresPool['connect']>>;

const commands = ['INSERT', 'UPDATE', 'DELETE', 'SELECT'] as const;
type Command = (typeof commands)[number];
const commandOf = (sql: string): Command => {
  const word = sql.trimStart().slice(0, 6).toUpperCase();
  return commands.find((command) => command === word) ?? 'SELECT';
};

/** A pool of one. */
export function pglitePool(pglite: PGlite): PostgresPool {
  let tail: Promise<void> = Promise.resolve();
  const query = async (sql: string, parameters: readonly unknown[]) => {
    const { rows, affectedRows } = await pglite.query<never>(sql, [...parameters]);
    return { rows, rowCount: affectedRows ?? rows.length, command: commandOf(sql) };
  };
  return {
    async connect() {
      const before = tail;
      let release: () => void = () => {};
      tail = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      // Kysely's client type also offers cursors, which PGlite has not; nothing here asks for one.
      const client: Pick<PostgresPoolClient, 'release'> & { query: typeof query } = { query, release };
      return client as unknown as Client;
    },
    end: () => pglite.close(),
  };
}
