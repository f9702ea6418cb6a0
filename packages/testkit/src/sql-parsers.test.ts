import { expect, test } from 'vitest';
import { sqlParsers } from './sql-parsers.js';

const good = {
  postgres: `SELECT count(*) FILTER (WHERE "a" > 1) AS "n" FROM "t" ORDER BY ("b" COLLATE "C") ASC NULLS FIRST OFFSET 0;`,
  trino: `CREATE TABLE "x" AS
SELECT array_max(filter(ARRAY[1, 2], v -> v IS NOT NULL)) AS "m", array_agg(DISTINCT "a") FILTER (WHERE "b" > 1E0) AS "s",
  ROW_NUMBER() OVER (PARTITION BY "a" ORDER BY "b" ASC NULLS FIRST) AS "p", BIGINT '5000000000' AS "i" FROM "t" AS "w";
SELECT 1 AS "one";`,
  mssql: `SELECT * INTO [#x] FROM (
SELECT COUNT_BIG(CASE WHEN [t].[a] > 1.5e0 THEN 1 END) AS [n], DATEADD(day, 1, CAST('2020-01-01' AS DATE)) AS [d],
  ([t].[s] COLLATE Latin1_General_BIN2) AS [s], (SELECT MAX([v].[v]) FROM (VALUES ([t].[a]), ([t].[b])) AS [v] ([v])) AS [g]
FROM [t] AS [t]
GROUP BY [t].[s]
) AS [q];
SELECT 1 AS [one];`,
};

test.each(Object.keys(good) as (keyof typeof good)[])('SQL of %s is read, that of others is not', async (name) => {
  const parse = sqlParsers[name];
  expect(await parse(good[name])).toEqual([]);
  expect(await parse(good[name].replace('SELECT', 'SELEC'))).not.toEqual([]);
  expect(await parse(good[name].replace(/"|\[|\]/g, '`'))).not.toEqual([]);
});
