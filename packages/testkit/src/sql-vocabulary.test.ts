import { expect, test } from 'vitest';
import { strangersIn } from './sql-vocabulary.js';

const nested = (depth: number): string => (depth === 0 ? '1' : `CASE WHEN 1 = 1 THEN ${nested(depth - 1)} END`);

test('what every version has is no stranger', () => {
  expect(
    strangersIn('mssql', `SELECT COUNT_BIG(*) AS [GREATEST(] FROM [t] AS [t] WHERE [a] = N'TRIM(a)' AND ([b] > 1e0);`),
  ).toEqual([]);
  expect(strangersIn('mssql', `SELECT ${nested(10)} AS [a], CAST(-5000000000 AS BIGINT) AS [b];`)).toEqual([]);
  expect(
    strangersIn('trino', `SELECT array_max(filter(ARRAY[1, 2], v -> v IS NOT NULL)) AS "greatest(", BIGINT '5';`),
  ).toEqual([]);
});

test.each([
  ['GREATEST()', 'SELECT GREATEST([a], 1) AS [b];'],
  ['TRIM()', 'SELECT TRIM([a]) AS [b];'],
  ['FILTER', 'SELECT COUNT_BIG(*) FILTER (WHERE [a] = 1) AS [b];'],
  ['TRUE', 'SELECT TRUE AS [b];'],
  ['NULLS', 'SELECT [a] AS [b] ORDER BY [a] ASC NULLS FIRST;'],
  ['CASE 11 deep', `SELECT ${nested(11)} AS [b];`],
  ['a constant that goes on in the next line', "SELECT N'a\\\nb' AS [b];"],
  ['a collation within CAST', 'SELECT CAST([a] AS NVARCHAR(4000) COLLATE Latin1_General_BIN2) AS [b];'],
  ['an integer that is a decimal', 'SELECT [a] & 5000000000 AS [b];'],
  ['an INSERT of too many rows', `INSERT INTO [t] VALUES\n${'(1),\n'.repeat(1000)}(1);`],
])('for SQL Server %s is one', (stranger, sql) => {
  expect(strangersIn('mssql', sql)).toContain(stranger);
});

test.each([
  ['greatest()', 'SELECT greatest("a", 1) AS "b";'],
  ['list()', 'SELECT list("a") AS "b";'],
  ['QUALIFY', 'SELECT "a" AS "b" QUALIFY "a" = 1;'],
])('for Trino %s is one', (stranger, sql) => {
  expect(strangersIn('trino', sql)).toContain(stranger);
});
