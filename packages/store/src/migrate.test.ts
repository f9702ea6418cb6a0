import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, type Migration, type RunSql } from './migrate.js';

let pglite: PGlite;
beforeAll(async () => {
  pglite = await PGlite.create();
});
afterAll(() => pglite.close());
const run: RunSql = async (sql) => (await pglite.exec(sql)).at(-1)?.rows ?? [];

const one: Migration = {
  name: '0001-one.sql',
  digest: 'a',
  sql: 'create table one (x integer); insert into one values (1)',
};
const broken: Migration = { name: '0002-broken.sql', digest: 'b', sql: 'create table two (x integer); select 1/0' };
const two: Migration = { name: '0002-two.sql', digest: 'c', sql: 'create table two (x integer)' };

test('each migration runs once, in order, whole or not at all', async () => {
  await migrate(run, [one]);
  await migrate(run, [one]);
  await expect(migrate(run, [one, broken])).rejects.toThrow('division by zero');
  await run('rollback');
  await migrate(run, [one, two]);
  expect(await run('select x from one')).toEqual([{ x: 1 }]);
  expect(await run('select x from two')).toEqual([]);
});

test('a migration that changed after it ran, or that is not known, stops the start', async () => {
  await expect(migrate(run, [{ ...one, digest: 'other' }, two])).rejects.toThrow('0001-one.sql has changed');
  await expect(migrate(run, [one])).rejects.toThrow('0002-two.sql, which this version does not know');
});
