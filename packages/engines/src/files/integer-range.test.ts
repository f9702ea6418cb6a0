import { describe, expect, it } from 'vitest';
import type { Column, Frame, Series, Table } from '@glovebox/language';
import { rangeOf } from './integer-range.js';

const range = (minimum: number, maximum: number) => ({ kind: 'ClosedRange' as const, minimum, maximum, step: 1 });
const rank: Column = { name: 'rank', type: 'int' };
const table = (name: string, columns: readonly Column[]): Table => ({ kind: 'table', name, rows: 'many', columns });
const select = (source: Frame, name: string): Series => ({ kind: 'select_column', source, name });

describe('the range of an output column', () => {
  it('is that of a table of the catalogue, which the definition need not repeat', () => {
    const addresses = table('addresses', [{ name: 'rural_urban_classification', type: 'int' }]);
    expect(rangeOf(select(addresses, 'rural_urban_classification'))).toEqual([1n, 8n]);
  });

  it('is what a study says of a column of its own table, through the greatest, the least and a choice of rows', () => {
    const own = table('own', [{ ...rank, constraints: [{ kind: 'NotNull' }, range(-5, 100)] }]);
    const series = select(own, 'rank');
    const picked = select(
      { kind: 'pick', position: 'first', source: { kind: 'sort', source: own, by: series } },
      'rank',
    );
    for (const one of [series, picked, { kind: 'max', source: series } as const]) {
      expect(rangeOf(one)).toEqual([-5n, 100n]);
    }
    expect(rangeOf({ kind: 'negate', source: series })).toBeUndefined();
  });

  it('of a table in a file or in the definition is what the study says', () => {
    const columns = [{ ...rank, constraints: [range(0, 3)] }];
    expect(rangeOf(select({ kind: 'file_table', path: 'a.csv', columns }, 'rank'))).toEqual([0n, 3n]);
    expect(rangeOf(select({ kind: 'inline_table', columns: [rank], rows: [] }, 'rank'))).toBeUndefined();
  });

  it('is not known where a study says nothing, or only something of dummy data', () => {
    const own = table('own', [{ ...rank, dummyDataConstraints: [range(0, 3)] }]);
    expect(rangeOf(select(own, 'rank'))).toBeUndefined();
  });

  it('of a count is that of 16 bits', () => {
    expect(rangeOf({ kind: 'count', source: table('own', [rank]) })).toEqual([0n, 65535n]);
  });
});
