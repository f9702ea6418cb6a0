import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTemporaryDatabase, openStore } from '@glovebox/store';
import { startPostgres, type PostgresServer } from './postgres-server.js';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

test('a server of its own holds a store, and leaves nothing behind', async () => {
  const database = await createTemporaryDatabase(server.url);
  const store = await openStore({ url: database.url });
  await store.close();
  await database.drop();
  const other = await startPostgres();
  const folder = decodeURIComponent(new URL(other.url).hostname);
  expect(existsSync(folder)).toBe(true);
  await other.stop();
  expect(existsSync(folder)).toBe(false);
});
