import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { openStore } from './open.js';

const folder = mkdtempSync(join(tmpdir(), 'glovebox-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a database that was killed while it was made is made again', async () => {
  const halfMade = mkdtempSync(join(tmpdir(), 'glovebox-store-'));
  mkdirSync(join(halfMade, 'database-being-made', 'base'), { recursive: true });
  writeFileSync(join(halfMade, 'database-being-made', 'PG_VERSION'), '18\n');
  const store = await openStore({ dataFolder: halfMade });
  expect(await store.db.selectFrom('organisations').selectAll().execute()).toEqual([]);
  await store.close();
  expect(readdirSync(halfMade)).toEqual(['database']);
  expect(statSync(join(halfMade, 'database')).mode & 0o077).toBe(0);
  rmSync(halfMade, { recursive: true });
});

test('what was written to a folder is there when it is opened again', async () => {
  const first = await openStore({ dataFolder: folder });
  const now = new Date('2026-11-01T08:00:00Z');
  await first.db.insertInto('organisations').values({ slug: 'a', name: 'Ä', created_at: now }).execute();
  await first.db
    .insertInto('people')
    .values({ username: 'ann', name: 'Ann', roles: ['staff', 'researcher'], created_at: now })
    .execute();
  await first.close();
  const second = await openStore({ dataFolder: folder });
  expect(await second.db.selectFrom('organisations').selectAll().execute()).toEqual([
    { id: 1, slug: 'a', name: 'Ä', created_at: now },
  ]);
  expect(await second.db.selectFrom('people').select('roles').execute()).toEqual([{ roles: ['staff', 'researcher'] }]);
  await second.close();
});

test('a folder that is open is refused to a second opener and free after closing', async () => {
  const first = await openStore({ dataFolder: folder });
  await expect(openStore({ dataFolder: folder })).rejects.toThrow('another process uses the data folder');
  await first.close();
  await (await openStore({ dataFolder: folder })).close();
});

test('tidying keeps everything and lets the log of changes start anew', async () => {
  const store = await openStore({ image: null });
  const position = async (): Promise<unknown> => {
    const { rows } = await sql<{ redo: string }>`select redo_lsn::text as redo from pg_control_checkpoint()`.execute(
      store.db,
    );
    return rows[0]?.redo;
  };
  const before = await position();
  const organisation = { slug: 'kept', name: 'Kept', created_at: new Date(0) };
  await store.db.insertInto('organisations').values(organisation).execute();
  await store.maintain();
  expect(await position()).not.toBe(before);
  expect(await store.db.selectFrom('organisations').select('slug').execute()).toEqual([{ slug: 'kept' }]);
  await store.close();
});

test('a transaction that fails leaves nothing behind, and others wait for it', async () => {
  const store = await openStore({ image: null });
  const failing = store.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('organisations')
      .values({ slug: 'x', name: 'X', created_at: new Date(0) })
      .execute();
    await sql`select 1/0`.execute(tx);
  });
  const counting = store.db
    .selectFrom('organisations')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  await expect(failing).rejects.toThrow('division by zero');
  expect(await counting).toEqual({ n: 0 });
  await store.close();
});
