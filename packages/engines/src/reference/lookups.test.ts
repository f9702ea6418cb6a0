import { describe, expect, it } from 'vitest';
import type { Case, DatasetDefinition, Series, Table } from '@glovebox/language';
import { evaluationOrder, lookupOf } from './lookups.js';
import { runDataset } from './run-dataset.js';

const p: Table = {
  kind: 'table',
  name: 'p',
  rows: 'one',
  columns: [
    { name: 'i', type: 'int' },
    { name: 'j', type: 'int' },
  ],
};
const [i, j] = ['i', 'j'].map((name): Series => ({ kind: 'select_column', source: p, name }));
const int = (value: number): Series => ({ kind: 'value', type: 'int', value: BigInt(value) });
const equals = (left: Series, value: number): Series => ({ kind: 'eq', left, right: int(value) });

/** 1 to 40 to ten times that, but 7 to nothing; again 3, which the first decides; 50 and 60 to 5. */
const cases: Case['cases'] = [
  ...Array.from({ length: 40 }, (_, n) => ({ when: equals(i!, n + 1), then: n === 6 ? null : int((n + 1) * 10) })),
  { when: equals(i!, 3), then: int(-1) },
  { when: { kind: 'in', left: i!, right: { kind: 'value_set', type: 'int', values: [50n, 60n, 4n] } }, then: int(5) },
];
const whole: Case = { kind: 'case', cases, otherwise: j! };
/** The same in pieces that are too small to be looked up. */
const pieces = [0, 20, 40].reduceRight<Series>(
  (otherwise, from) => ({ kind: 'case', cases: cases.slice(from, from + 20), otherwise }),
  j!,
);

describe('a case that looks one series up', () => {
  it('gives what its conditions give one by one', () => {
    const definition: DatasetDefinition = {
      kind: 'dataset',
      population: { kind: 'exists', source: p },
      columns: [
        { name: 'whole', series: whole },
        { name: 'pieces', series: pieces },
      ],
      eventTables: [],
      dummyData: {},
    };
    const given = [1n, 3n, 4n, 7n, 40n, 50n, 99n, null].map((value, n) => [BigInt(n), value, 8n] as const);
    const rows = runDataset(definition, new Map([['p', { columns: p.columns, rows: given }]]))[0]!.rows;
    expect(rows.map((row) => row[1])).toEqual([10n, 30n, 40n, null, 400n, 5n, 8n, 8n]);
    expect(rows.map((row) => row[2])).toEqual(rows.map((row) => row[1]));
  });

  it('leaves its conditions unevaluated', () => {
    expect(evaluationOrder([whole]).map((node) => node.kind)).toEqual([
      'table',
      'select_column',
      'select_column',
      'case',
    ]);
  });

  it('is none with few conditions, another series or a result that is no constant', () => {
    expect(lookupOf({ ...whole, cases: cases.slice(0, 31) })).toBeUndefined();
    expect(lookupOf({ ...whole, cases: [...cases, { when: equals(j!, 1), then: int(1) }] })).toBeUndefined();
    expect(lookupOf({ ...whole, cases: [...cases, { when: equals(i!, 99), then: j! }] })).toBeUndefined();
    expect(lookupOf(whole)?.source).toBe(i);
  });
});
