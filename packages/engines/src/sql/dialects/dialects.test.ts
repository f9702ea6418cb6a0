import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetDefinition, Nullable, Series } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { sqlParsers, startPostgres, strangersIn, type PostgresServer } from '@glovebox/testkit';
import type { Database } from '../../database.js';
import { openDuckDb } from '../../duckdb/connection.js';
import { openPostgres } from '../../postgres/connection.js';
import { runDataset } from '../../reference/run-dataset.js';
import { extractDataset } from '../extract-dataset.js';
import { printDatasetSql } from '../print-dataset.js';
import { intLiteral, textLiteral } from '../tree/index.js';
import { dialectNames, dialects } from './index.js';
import { goldenDefinitions, goldenTables } from './testing-definitions.js';

const names = Object.keys(goldenDefinitions) as (keyof typeof goldenDefinitions)[];

describe.each(dialectNames)('SQL for %s', (dialect) => {
  test.each(names)('%s is as it was, and SQL of that database', { timeout: 300_000 }, async (name) => {
    const sql = printDatasetSql(goldenDefinitions[name], dialects[dialect]);
    await expect(sql).toMatchFileSnapshot(`golden/${dialect}/${name}.sql`);
    if (dialect !== 'duckdb') expect(await sqlParsers[dialect](sql)).toEqual([]);
    if (dialect === 'mssql' || dialect === 'trino') expect(strangersIn(dialect, sql)).toEqual([]);
  });
});

describe('databases that run here agree with the reference engine', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const rowsOf = async (db: Database, definition: DatasetDefinition): Promise<unknown> => {
    const found: unknown[] = [];
    for (const { name, rows } of extractDataset(db, definition)) {
      const all: (readonly Nullable[])[] = [];
      for await (const batch of rows) all.push(...batch);
      found.push([name, all]);
    }
    return found;
  };
  const expected = (definition: DatasetDefinition): unknown =>
    runDataset(definition, goldenTables).map(({ name, rows }) => [name, rows]);

  test.each(names)('on %s, DuckDB', async (name) => {
    const db = await openDuckDb({ tables: goldenTables, threads: 1 });
    try {
      expect(await rowsOf(db, goldenDefinitions[name])).toEqual(expected(goldenDefinitions[name]));
    } finally {
      db.close();
    }
  });

  test.each(names)('on %s, PostgreSQL', async (name) => {
    const db = await openPostgres({ url: server.url });
    try {
      for (const [table, { columns, rows }] of goldenTables) {
        await db.upload({ name: table, columns: [{ name: 'patient_id', type: 'int' }, ...columns], rows });
      }
      expect(await rowsOf(db, goldenDefinitions[name])).toEqual(expected(goldenDefinitions[name]));
    } finally {
      await db.close();
    }
  });
});

describe('what a database can not store is a problem', () => {
  const asking = (series: Series): DatasetDefinition => ({
    ...goldenDefinitions.values,
    columns: [{ name: 'x', series }],
  });
  const codeOf = (definition: DatasetDefinition, dialect: keyof typeof dialects): string | undefined => {
    try {
      printDatasetSql(definition, dialects[dialect]);
      return undefined;
    } catch (error) {
      if (error instanceof ProblemError) return error.problems[0]!.code;
      throw error;
    }
  };
  const of = (type: 'str' | 'float' | 'int', value: string | number | bigint): Series => ({
    kind: 'value',
    type,
    value,
  });

  test('the character zero in PostgreSQL', () => {
    expect(dialectNames.map((name) => codeOf(asking(of('str', 'a\0b')), name))).toEqual([
      undefined,
      'text-not-storable',
      undefined,
      undefined,
    ]);
  });

  test.each([Infinity, Number.NaN, 5e-324])('the float %s in SQL Server', (value) => {
    expect(dialectNames.map((name) => codeOf(asking(of('float', value)), name))).toEqual([
      undefined,
      undefined,
      'float-not-storable',
      undefined,
    ]);
  });

  test('more than 64 bits anywhere', () => {
    const codes = dialectNames.map((name) => codeOf(asking(of('int', 2n ** 63n)), name));
    expect(codes).toEqual(dialectNames.map(() => 'integer-too-large'));
  });
});

test('SQL Server reads a backslash before a line break, and the least integer of 32 bits, as they are', () => {
  const { mssql } = dialects;
  expect(mssql.literal(textLiteral('a\\\nb\\\\\r\n\0c'))).toBe("(N'a\\' + N'\nb\\\\' + N'\r\n' + NCHAR(0) + N'c')");
  expect(mssql.literal(textLiteral('a\\b\n'))).toBe("N'a\\b\n'");
  expect([2n ** 31n - 1n, 2n ** 31n, -(2n ** 31n)].map((value) => mssql.literal(intLiteral(value)))).toEqual([
    '2147483647',
    'CAST(2147483648 AS BIGINT)',
    'CAST(-2147483648 AS BIGINT)',
  ]);
});

/** Nested so deep that repeating operands would double the text each time. */
function nested(depth: number): DatasetDefinition {
  const { columns } = goldenDefinitions.values;
  const seriesOf = (name: string): Series => columns.find((column) => column.name === name)!.series;
  let date = seriesOf('months_later');
  let condition = seriesOf('same_condition');
  let number = seriesOf('power');
  let known = condition;
  let choice = seriesOf('choice');
  for (let at = 0; at < depth; at++) {
    date = { kind: 'add_months', left: date, right: { kind: 'value', type: 'int', value: 1n } };
    condition = { kind: 'eq', left: condition, right: seriesOf('logic') };
    number = { kind: 'multiply', left: number, right: number };
    known = { kind: 'not', source: { kind: 'is_null', source: known } };
    choice = { kind: 'case', cases: [{ when: condition, then: choice }], otherwise: null };
  }
  return {
    ...goldenDefinitions.values,
    columns: Object.entries({ date, condition, number, known, choice }).map(([name, series]) => ({ name, series })),
  };
}

test.each(dialectNames)('SQL for %s grows linearly with what a definition nests', (name) => {
  const length = (depth: number): number => printDatasetSql(nested(depth), dialects[name]).length;
  expect(length(40) / length(20)).toBeLessThan(2.3);
  if (name === 'mssql') expect(strangersIn(name, printDatasetSql(nested(40), dialects[name]))).toEqual([]);
});
