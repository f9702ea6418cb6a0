import { describe, expect, it } from 'vitest';
import type { Nullable } from '@glovebox/language';
import { countEpisodes, aggregate, exactSum } from './aggregations.js';
import { applyBinary, applyUnary, type ValueBinaryKind } from './functions.js';
import { compareNullable } from './order.js';

type BinaryCase = readonly [kind: ValueBinaryKind, left: Nullable, right: Nullable, expected: Nullable];

describe('dates', () => {
  it.each<BinaryCase>([
    ['add_months', '2003-01-29', 1n, '2003-03-01'],
    ['add_months', '2004-01-29', 1n, '2004-02-29'],
    ['add_months', '2003-01-31', 1n, '2003-03-01'],
    ['add_months', '2004-03-31', -1n, '2004-03-01'],
    ['add_months', '2000-10-31', 11n, '2001-10-01'],
    ['add_months', '2000-12-15', 1n, '2001-01-15'],
    ['add_months', '2000-01-15', -1n, '1999-12-15'],
    ['add_years', '2004-02-29', -1n, '2003-03-01'],
    ['add_years', '2004-02-29', 4n, '2008-02-29'],
    ['add_days', '2000-02-28', 2n, '2000-03-01'],
    ['add_days', '0001-01-01', 0n, '0001-01-01'],
    ['difference_in_days', '2020-03-01', '2020-02-28', 2n],
    ['difference_in_months', '2000-02-28', '2000-01-30', 0n],
    ['difference_in_months', '2000-01-27', '2000-01-30', -1n],
    ['difference_in_months', '1999-12-26', '2000-01-27', -2n],
    ['difference_in_years', '2021-02-28', '2020-02-29', 0n],
    ['difference_in_years', '2021-03-01', '2020-02-29', 1n],
    ['difference_in_years', '2021-02-28', '2021-03-01', -1n],
    ['difference_in_years', null, '2021-03-01', null],
  ])('%s of %s and %s is %s', (kind, left, right, expected) => {
    expect(applyBinary(kind, left, right)).toBe(expected);
  });

  it.each<BinaryCase>([
    ['add_days', '9999-12-31', 1n, null],
    ['add_days', '0001-01-01', -1n, null],
    ['add_months', '9999-12-31', 1n, null],
    ['add_years', '2020-01-01', 9_000_000_000_000n, null],
  ])('%s beyond the years 1 to 9999 is NULL', (kind, left, right, expected) => {
    expect(applyBinary(kind, left, right)).toBe(expected);
  });

  it('parts and first days are taken from the calendar', () => {
    expect(applyUnary('to_first_of_year', '2022-05-17')).toBe('2022-01-01');
    expect(applyUnary('to_first_of_month', '2022-05-17')).toBe('2022-05-01');
    expect(applyUnary('day', '2022-05-17')).toBe(17n);
  });
});

describe('arithmetic', () => {
  it.each<BinaryCase>([
    ['floor_divide', -7n, 2n, -4n],
    ['floor_divide', 7n, -2n, -4n],
    ['floor_divide', -6n, 2n, -3n],
    ['floor_divide', 1n, 0n, null],
    ['floor_divide', 1.0, 0.1, 10n],
    ['floor_divide', -0.5, 1, -1n],
    ['true_divide', 1n, 2n, 0.5],
    ['true_divide', 1, 0, null],
    ['power', 7n, 2n, 49],
    ['power', 0n, -1n, null],
    ['power', -8, 0.5, null],
    ['power', 0, 0, 1],
    ['add', 9_007_199_254_740_992n, 1n, 9_007_199_254_740_993n],
  ])('%s of %s and %s is %s', (kind, left, right, expected) => {
    expect(applyBinary(kind, left, right)).toBe(expected);
  });

  it('an int beyond 64 bits is a problem, not a wrong number', () => {
    expect(() => applyBinary('add', 2n ** 63n - 1n, 1n)).toThrow('outside -2^63');
    expect(() => applyUnary('negate', -(2n ** 63n))).toThrow('outside -2^63');
  });

  it('floats are cut off towards zero, and what is no int is NULL', () => {
    expect([-6.7, 6.7, NaN, Infinity, 1e300].map((x) => applyUnary('cast_to_int', x))).toEqual([
      -6n,
      6n,
      null,
      null,
      null,
    ]);
  });

  it('sums of floats do not depend on the order of the rows', () => {
    expect(exactSum([0.1, 0.2, 0.3])).toBe(0.6);
    expect(exactSum([1e100, 1, -1e100])).toBe(1);
    expect(exactSum([1, -1e100, 1e100])).toBe(1);
    expect(exactSum([])).toBe(0);
  });
});

describe('logic', () => {
  const values = [true, false, null];
  it('and, or and not follow three-valued logic', () => {
    const table = (kind: 'and' | 'or') => values.map((a) => values.map((b) => applyBinary(kind, a, b)));
    expect(table('and')).toEqual([
      [true, false, null],
      [false, false, false],
      [null, false, null],
    ]);
    expect(table('or')).toEqual([
      [true, true, true],
      [true, false, null],
      [true, null, null],
    ]);
    expect(values.map((v) => applyUnary('not', v))).toEqual([false, true, null]);
  });

  it('a comparison with NULL is NULL, and is_null never is', () => {
    expect([applyBinary('eq', null, null), applyBinary('ne', 1n, null)]).toEqual([null, null]);
    expect([applyUnary('is_null', null), applyUnary('is_null', 1n)]).toEqual([true, false]);
  });
});

describe('order', () => {
  it('puts NULL first, then compares text by code point', () => {
    const astral = '\u{1f600}';
    expect(['b', astral, '\ufffd', null, 'a'].sort(compareNullable)).toEqual([null, 'a', 'b', '\ufffd', astral]);
  });
});

describe('aggregations', () => {
  it('of nothing are NULL, except counts', () => {
    expect((['min', 'max', 'sum', 'mean', 'count_distinct'] as const).map((kind) => aggregate(kind, []))).toEqual([
      null,
      null,
      null,
      null,
      0n,
    ]);
    expect(countEpisodes([], 3)).toBe(0n);
  });

  it('a gap longer than allowed starts an episode', () => {
    const dates = ['2022-01-01', '2022-01-08', '2022-01-04', '2022-01-04'];
    expect([2, 3, 4, 0, -1].map((gap) => countEpisodes(dates, gap))).toEqual([3n, 2n, 1n, 3n, 4n]);
  });
});
