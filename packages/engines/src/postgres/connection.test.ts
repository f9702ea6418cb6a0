import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetDefinition, MeasuresDefinition, Nullable, Series, Table } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { startPostgres, type PostgresServer } from '@glovebox/testkit';
import type { Database } from '../database.js';
import { extractEachMeasure, extractMeasures } from '../measures/measures-result.js';
import { extractDataset } from '../sql/extract-dataset.js';
import type { ResultColumn } from '../tables.js';
import { openPostgres } from './connection.js';

let server: PostgresServer;
let db: Database;
beforeAll(async () => {
  server = await startPostgres();
  // Narrow types and a dictionary's order of texts, as databases have them.
  server.run(`
    CREATE TABLE patients (patient_id integer PRIMARY KEY, name text, size smallint, weight real, born date);
    INSERT INTO patients SELECT n, CASE n % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'B' END, n % 100, n / 8.0, DATE '2000-01-31' + n
      FROM generate_series(1, 12000) AS n;
  `);
  db = await openPostgres({ url: server.url });
});
afterAll(async () => {
  await db?.close();
  await server?.stop();
});

const patients: Table = {
  kind: 'table',
  name: 'patients',
  rows: 'one',
  columns: [
    { name: 'name', type: 'str' },
    { name: 'size', type: 'int' },
    { name: 'weight', type: 'float' },
    { name: 'born', type: 'date' },
  ],
};
const of = (name: string, source: Table = patients): Series => ({ kind: 'select_column', source, name });
const int = (value: bigint): Series => ({ kind: 'value', type: 'int', value });
const exists: Series = { kind: 'exists', source: patients };
const datasetOf = (columns: Readonly<Record<string, Series>>, population: Series = exists): DatasetDefinition => ({
  kind: 'dataset',
  population,
  columns: Object.entries(columns).map(([name, series]) => ({ name, series })),
  eventTables: [],
  dummyData: {},
});
async function rowsOf(definition: DatasetDefinition, on = db): Promise<readonly (readonly Nullable[])[]> {
  const all: (readonly Nullable[])[] = [];
  for await (const batch of extractDataset(on, definition)[0]!.rows) all.push(...batch);
  return all;
}
const codeOf = (run: () => Promise<unknown>): Promise<string> =>
  run().then(
    () => 'no problem',
    (error: unknown) => (error instanceof ProblemError ? error.problems[0]!.code : String((error as Error).cause)),
  );
/** On a connection of its own: after a statement that failed a transaction is of no more use. */
async function alone<T>(use: (own: Database) => Promise<T>): Promise<T> {
  const own = await openPostgres({ url: server.url });
  try {
    return await use(own);
  } finally {
    await own.close();
  }
}

describe('a PostgreSQL database', () => {
  test('streams rows in order, more than one batch of them, whatever width its columns have', async () => {
    const rows = await rowsOf(
      datasetOf({
        product: { kind: 'multiply', left: of('size'), right: int(10_000_000_000n) },
        weight: of('weight'),
        born: of('born'),
      }),
    );
    expect(rows).toHaveLength(12_000);
    expect(rows[0]).toEqual([1n, 10_000_000_000n, 0.125, '2000-02-01']);
    expect(rows.at(-1)).toEqual([12000n, 0n, 1500, '2032-12-08']);
    expect(rows.every(([id], at) => id === BigInt(at + 1))).toBe(true);
  });

  test('orders texts by code points, whatever its own order is', async () => {
    expect(server.run(`SELECT 'a' < 'B'`)).toBe('t');
    const [first] = await rowsOf(
      datasetOf(
        {
          least: { kind: 'minimum_of', sources: [of('name'), { kind: 'value', type: 'str', value: 'a' }] },
          isBefore: { kind: 'lt', left: of('name'), right: { kind: 'value', type: 'str', value: 'a' } },
        },
        { kind: 'eq', left: of('name'), right: { kind: 'value', type: 'str', value: 'B' } },
      ),
    );
    expect(first).toEqual([1n, 'B', true]);
  });

  test('gives the same data to every statement of a run, and keeps nothing of it', async () => {
    const before = server.run('SELECT count(*) FROM pg_class');
    await alone(async (own) => {
      const count = (): Promise<number> => rowsOf(datasetOf({}), own).then((rows) => rows.length);
      const first = await count();
      server.run(`INSERT INTO patients VALUES (20000)`);
      expect(await count()).toBe(first);
      await own.upload({ name: 'mine', columns: [{ name: 'x', type: 'int' }], rows: [[1n]] });
    });
    server.run('DELETE FROM patients WHERE patient_id = 20000');
    expect(server.run('SELECT count(*) FROM pg_class')).toBe(before);
  });

  test('passes every kind of value both ways exactly', async () => {
    const columns: readonly ResultColumn[] = [
      { name: 'i', type: 'int' },
      { name: 'f', type: 'float' },
      { name: 's', type: 'str' },
      { name: 'b', type: 'bool' },
      { name: 'd', type: 'date' },
    ];
    const rows: readonly (readonly Nullable[])[] = [
      [2n ** 63n - 1n, 0.1, `it's "{,}" \\ %_ é😀\n`, true, '0001-01-01'],
      [-(2n ** 63n), -0, 'NULL', false, '9999-12-31'],
      [0n, Infinity, '', null, '2020-02-29'],
      [null, NaN, null, null, null],
      [1n, 5e-324, ' x ', true, '1582-10-10'],
      [2n, 1.7976931348623157e308, 'null', true, '1900-01-01'],
    ];
    await db.upload({ name: 'passing', columns, rows });
    const found: (readonly Nullable[])[] = [];
    for await (const batch of db.stream('SELECT * FROM passing', columns)) found.push(...batch);
    expect(found).toEqual(rows);
  });

  test('works through sub-expressions that are used again and again', { timeout: 60_000 }, async () => {
    let date = of('born');
    for (let at = 0; at < 60; at++) date = { kind: 'add_months', left: date, right: int(1n) };
    const [first] = await rowsOf(datasetOf({ date }));
    expect(first).toEqual([1n, '2005-02-01']);
  });

  test('adds up measures, together and each for itself', async () => {
    const interval = { start: '2020-01-01', end: '2020-12-31' };
    const bornBefore: Series = {
      kind: 'le',
      left: of('born'),
      right: { kind: 'parameter', name: 'interval_end_date', type: 'date' },
    };
    const measure = (name: string, numerator: Series) => ({
      name,
      numerator,
      denominator: bornBefore,
      groupBy: [{ name: 'name', series: of('name') }],
      intervals: [interval],
    });
    const definition: MeasuresDefinition = {
      kind: 'measures',
      measures: [
        measure('size', of('size')),
        measure('heavy', { kind: 'gt', left: of('weight'), right: { kind: 'value', type: 'float', value: 900 } }),
      ],
      dummyData: {},
      disclosureControl: false,
    };
    const found: (readonly Nullable[])[] = [];
    for await (const batch of extractMeasures(db, definition).rows) found.push(...batch);
    const byHand = server.run(`SELECT name, count(*), sum(size), count(*) FILTER (WHERE weight > 900)
      FROM patients WHERE born <= '2020-12-31' GROUP BY name ORDER BY name COLLATE "C" NULLS FIRST`);
    const expected = byHand.split('\n').flatMap((line) => {
      const [name = '', people = '', size = '', heavy = ''] = line.split('|');
      return [
        ['size', name || null, BigInt(size), BigInt(people)],
        ['heavy', name || null, BigInt(heavy), BigInt(people)],
      ];
    });
    expect(expected).toHaveLength(6);
    expect(found.map(([name, , , , numerator, denominator, group]) => [name, group, numerator, denominator])).toEqual(
      expected,
    );
    const tables = extractEachMeasure(db, definition);
    expect(tables.map((table) => table.name)).toEqual(['size', 'heavy']);
  });
});

describe('what goes wrong is a problem that says nothing of the data', () => {
  const noTable: Table = { ...patients, name: 'nowhere' };
  const noColumn: Table = { ...patients, columns: [{ name: 'height', type: 'int' }] };
  test.each([
    ['a table that is not there', 'table-missing', datasetOf({ x: of('name', noTable) })],
    ['a column that is not there', 'column-missing', datasetOf({ x: of('height', noColumn) })],
    [
      'an int that is too large',
      'integer-overflow',
      datasetOf({ x: { kind: 'multiply', left: of('size'), right: int(2n ** 62n) } }),
    ],
  ])('%s', async (_what, code, definition) => {
    expect(await codeOf(() => alone((own) => rowsOf(definition, own)))).toBe(code);
  });

  test('a server that is not there, or lets nobody in', async () => {
    expect(await codeOf(() => openPostgres({ url: 'postgresql://127.0.0.1:1/x' }))).toBe('database-not-reachable');
    const noDatabase = server.url.replace(/postgres$/, 'nothing');
    expect(await codeOf(() => openPostgres({ url: noDatabase }))).toBe('database-not-reachable');
  });

  test('a statement that is stopped', async () => {
    await alone(async (own) => {
      const running = codeOf(() => own.execute('SELECT pg_sleep(600)'));
      const isRunning = (): boolean =>
        server.run(`SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%'`) === '1';
      while (!isRunning()) await new Promise(setImmediate);
      await own.cancel();
      expect(await running).toBe('query-cancelled');
    });
  });

  test('a table of the database that has the name of a temporary one stays', async () => {
    server.run('CREATE TABLE code_list AS SELECT 1 AS value');
    await alone(async (own) => {
      await own.upload({ name: 'code_list', columns: [{ name: 'value', type: 'int' }], rows: [[2n], [3n]] });
      const counted: unknown[] = [];
      for await (const rows of own.stream('SELECT count(*) FROM public.code_list', [{ name: 'n', type: 'int' }])) {
        counted.push(...rows.flat());
      }
      expect(counted).toEqual([1n]);
    });
  });

  test('a text with the character zero', async () => {
    const upload = { name: 'zero', columns: [{ name: 's', type: 'str' as const }], rows: [['a\0b']] };
    expect(await codeOf(() => alone((own) => own.upload(upload)))).toBe('text-not-storable');
  });
});
