import { expect, test } from 'vitest';
import type { Series, Table } from '@glovebox/language';
import { isNothingWithoutRows } from './emptiness.js';

const events: Table = { kind: 'table', name: 'events', rows: 'many', columns: [{ name: 'n', type: 'int' }] };
const exists: Series = { kind: 'exists', source: events };
const count: Series = { kind: 'count', source: events };
const int = (value: bigint): Series => ({ kind: 'value', type: 'int', value });
const nobody = (series: Series, given: readonly Series[] = []): boolean =>
  isNothingWithoutRows(series, (node) => given.includes(node));

test('a patient without rows adds nothing to counts, sums and whether there is any', () => {
  const sum: Series = { kind: 'sum', source: { kind: 'select_column', source: events, name: 'n' } };
  for (const series of [exists, count, sum, { kind: 'add', left: count, right: sum } as const]) {
    expect(nobody(series)).toBe(true);
  }
  expect(nobody({ kind: 'ge', left: count, right: int(3n) })).toBe(true);
});

test('what is true without rows counts for everybody', () => {
  expect(nobody({ kind: 'not', source: exists })).toBe(false);
  expect(nobody({ kind: 'add', left: count, right: int(1n) })).toBe(false);
  expect(nobody({ kind: 'lt', left: count, right: int(3n) })).toBe(false);
});

test('a set is empty only where its rows are not known of the patient already', () => {
  const set: Series = { kind: 'combine_as_set', source: { kind: 'select_column', source: events, name: 'n' } };
  const isIn: Series = { kind: 'in', left: int(3n), right: set };
  expect(nobody(isIn)).toBe(true);
  expect(nobody(isIn, [set])).toBe(false);
});

test('nothing is assumed of what is known of the patient', () => {
  const sick: Series = { kind: 'exists', source: { ...events, name: 'sick' } };
  expect(nobody({ kind: 'or', left: exists, right: sick }, [sick])).toBe(false);
  expect(nobody({ kind: 'and', left: exists, right: sick }, [sick])).toBe(true);
});
