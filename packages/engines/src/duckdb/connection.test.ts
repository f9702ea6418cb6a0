import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ProblemError } from '@glovebox/record';
import type { Nullable } from '@glovebox/language';
import type { ResultColumn } from '../tables.js';
import { openDuckDb, type DuckDb } from './connection.js';

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glovebox-duckdb-'));
  file = join(folder, 'release.duckdb');
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run('CREATE TABLE patients AS SELECT i AS patient_id FROM range(3) t(i)');
  connection.closeSync();
  instance.closeSync();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withDb<T>(options: Parameters<typeof openDuckDb>[0], use: (db: DuckDb) => Promise<T>): Promise<T> {
  const db = await openDuckDb(options);
  try {
    return await use(db);
  } finally {
    db.close();
  }
}

async function rows(db: DuckDb, sql: string, columns: readonly ResultColumn[]): Promise<(readonly Nullable[])[]> {
  const all: (readonly Nullable[])[] = [];
  for await (const batch of db.stream(sql, columns)) all.push(...batch);
  return all;
}

const codesOf = (run: () => Promise<unknown>): Promise<readonly string[]> =>
  run().then(
    () => [],
    (error: unknown) => {
      if (error instanceof ProblemError) return error.problems.map((p) => p.code);
      throw error;
    },
  );

test('values of every type come back as the query model has them', async () => {
  const columns = [
    { name: 'b', type: 'bool' },
    { name: 'i', type: 'int' },
    { name: 'f', type: 'float' },
    { name: 's', type: 'str' },
    { name: 'd', type: 'date' },
  ] as const;
  const given = [
    [1n, true, 2n ** 63n - 1n, 0.1, '\u{1F600}', '0001-01-01'],
    [2n, null, null, null, null, null],
    [3n, false, -(2n ** 63n), -Infinity, '', '9999-12-31'],
  ] as const;
  await withDb({ tables: new Map([['t', { columns, rows: given }]]) }, async (db) => {
    const found = await rows(db, 'SELECT * FROM t ORDER BY patient_id', [
      { name: 'patient_id', type: 'int' },
      ...columns,
    ]);
    expect(found).toEqual(given);
  });
});

test('of several rows in a table of one row a patient the last counts', async () => {
  const table = {
    columns: [{ name: 'i', type: 'int' }],
    rows: [
      [1n, 1n],
      [1n, 2n],
    ],
  } as const;
  await withDb({ tables: new Map([['t', table]]), oneRowTables: new Set(['t']) }, async (db) => {
    expect(await rows(db, 'SELECT i FROM t', [{ name: 'i', type: 'int' }])).toEqual([[2n]]);
  });
});

test('the database can be read, not changed; temporary tables are possible', async () => {
  await withDb({ path: file }, async (db) => {
    await db.upload({ name: 'codes', columns: [{ name: 'code', type: 'str' }], rows: [['x']] });
    expect(await rows(db, 'SELECT count(*) FROM patients, codes', [{ name: 'n', type: 'int' }])).toEqual([[3n]]);
    await expect(db.execute('DELETE FROM patients')).rejects.toThrow('failed to run');
  });
});

test('a statement reaches no file, no extension and no setting', async () => {
  const secret = join(folder, 'secret.csv');
  const out = join(folder, 'out.csv');
  await writeFile(secret, 'a\n1\n');
  await withDb({ path: file }, async (db) => {
    const forbidden = [
      `SELECT * FROM read_csv('${secret}')`,
      `SELECT * FROM '${secret}'`,
      `COPY patients TO '${out}'`,
      `ATTACH '${join(folder, 'other.duckdb')}'`,
      'INSTALL httpfs',
      'LOAD httpfs',
      'SET enable_external_access = true',
      "SET memory_limit = '1TB'",
    ];
    for (const sql of forbidden) await expect(db.execute(sql), sql).rejects.toThrow();
  });
  expect(existsSync(out)).toBe(false);
});

test('what a user can act on is a problem without values of the data', async () => {
  expect(await codesOf(() => openDuckDb({ path: join(folder, 'missing.duckdb') }))).toEqual(['database-not-readable']);
  await withDb({ path: file, memoryLimit: '50MB' }, async (db) => {
    expect(await codesOf(() => db.execute('SELECT * FROM nothing'))).toEqual(['table-missing']);
    expect(await codesOf(() => db.execute('SELECT wrong FROM patients'))).toEqual(['column-missing']);
    expect(await codesOf(() => db.execute('SELECT 9223372036854775807 + patient_id FROM patients'))).toEqual([
      'integer-overflow',
    ]);
    const large = 'CREATE TEMP TABLE large AS SELECT i, repeat(CAST(i AS VARCHAR), 100) AS s FROM range(5000000) t(i)';
    expect(await codesOf(() => db.execute(large))).toEqual(['engine-out-of-memory']);
  });
});

test('a running statement can be cancelled', async () => {
  await withDb({ path: file }, async (db) => {
    const endless = 'SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE a.range + b.range = 3';
    const running = codesOf(() => db.execute(endless));
    const again = setInterval(() => db.cancel(), 20);
    expect(await running).toEqual(['query-cancelled']);
    clearInterval(again);
  });
});
