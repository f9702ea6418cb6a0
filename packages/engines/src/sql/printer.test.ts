import { expect, test } from 'vitest';
import { ProblemError } from '@glovebox/record';
import { duckdb } from './dialects/duckdb/dialect.js';
import { printExpression, printStatement } from './printer.js';
import {
  binary,
  boolLiteral,
  column,
  dateLiteral,
  floatLiteral,
  from,
  inList,
  intLiteral,
  isNull,
  named,
  nullLiteral,
  prefix,
  select,
  statement,
  textLiteral,
  type ExpressionNode,
} from './tree/index.js';
import { openDuckDb } from '../duckdb/connection.js';

const sql = (node: ExpressionNode): string => printExpression(node, duckdb);
const one = intLiteral(1);
const two = intLiteral(2);
const a = column(undefined, 'a');

test('brackets stand only where binding strength asks for them', () => {
  expect(sql(binary('*', binary('+', one, two), two))).toBe('(1 + 2) * 2');
  expect(sql(binary('+', binary('*', one, two), two))).toBe('1 * 2 + 2');
  expect(sql(binary('-', one, binary('-', two, one)))).toBe('1 - (2 - 1)');
  expect(sql(binary('and', binary('or', a, a), a))).toBe('("a" OR "a") AND "a"');
  expect(sql(binary('=', binary('=', one, two), boolLiteral(true)))).toBe('(1 = 2) = TRUE');
  expect(sql(prefix('not', binary('=', one, two)))).toBe('NOT 1 = 2');
  expect(sql(isNull(binary('=', one, two)))).toBe('(1 = 2) IS NULL');
  expect(sql(prefix('-', intLiteral(-3)))).toBe('-(-3)');
  expect(sql(inList(binary('+', one, one), [one, two]))).toBe('1 + 1 IN (1, 2)');
});

test('constants are spelled so that the database reads the same type and value', () => {
  expect(sql(floatLiteral(0.1))).toBe('0.1e0');
  expect(sql(floatLiteral(1e22))).toBe('1e+22');
  expect(sql(floatLiteral(Number.NaN))).toBe("CAST('nan' AS DOUBLE)");
  expect(sql(floatLiteral(-Infinity))).toBe("CAST('-inf' AS DOUBLE)");
  expect(sql(intLiteral(-(2n ** 63n)))).toBe('-9223372036854775808');
  expect(sql(dateLiteral('2020-01-31'))).toBe("DATE '2020-01-31'");
  expect(sql(nullLiteral)).toBe('NULL');
});

test('an integer of more than 64 bits is a problem', () => {
  const print = (): string => sql(intLiteral(2n ** 63n));
  expect(print).toThrow(ProblemError);
  expect(print).toThrow('more than 64 bits');
});

test('a name with the character zero is a problem', () => {
  expect(() => sql(column(undefined, 'a\0b'))).toThrow('character zero');
});

const hostile = [
  "'; DROP TABLE t; --",
  "''",
  '"; SELECT 1; --',
  '\\',
  "\\'",
  'a\nb',
  'a\0b',
  '$$x$$',
  '/* x */',
  '-- x',
  '%_',
  '\u{1F600}',
  "E'\\x41'",
];

test('hostile text comes back from the database as it went in', async () => {
  const db = await openDuckDb();
  try {
    for (const text of hostile) {
      const query = statement([], select({ columns: [{ name: 'x', value: textLiteral(text) }] }));
      const rows = [];
      for await (const batch of db.stream(printStatement(query, duckdb), [{ name: 'x', type: 'str' }]))
        rows.push(...batch);
      expect(rows).toEqual([[text]]);
    }
  } finally {
    db.close();
  }
});

test('hostile names of tables, columns and stages are names and nothing else', async () => {
  const db = await openDuckDb();
  try {
    for (const name of hostile.filter((text) => !text.includes('\0'))) {
      await db.upload({ name, columns: [{ name, type: 'int' }], rows: [[7n]] });
      const inner = select({ columns: [{ name, value: column(name, name) }], from: [from(named(name), name)] });
      const stage = `${name} stage`;
      const outer = select({ columns: [{ name, value: column(undefined, name) }], from: [from(named(stage), 't')] });
      const rows = [];
      const text = printStatement(statement([{ name: stage, query: inner }], outer), duckdb);
      for await (const batch of db.stream(text, [{ name, type: 'int' }])) rows.push(...batch);
      expect(rows).toEqual([[7n]]);
    }
  } finally {
    db.close();
  }
});
