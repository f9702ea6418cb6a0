// A database of its own on a PostgreSQL server, for a test that is run there: made empty, dropped afterwards.
import { newIdentifier } from '@glovebox/record';
import { Client } from 'pg';

export interface TemporaryDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** @param server URL of any database of the server, whose user may make databases */
export async function createTemporaryDatabase(server: string): Promise<TemporaryDatabase> {
  const name = `glovebox_${newIdentifier()}`;
  const run = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: server });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  // The name is our own letters, so it may stand in the text.
  await run(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}
