import { describe, expect, test } from 'vitest';
import { accepts, among, anything, between, except, isNull, isPresent, mapGoal, meet } from './goal.js';
import { textMatching } from './pattern.js';
import { drawsOf } from './random.js';

describe('goals', () => {
  test('meet where both accept a value', () => {
    const both = meet(between(1n, 10n), { ...isPresent, low: 10n })!;
    expect([9n, 10n, 11n, null].map((value) => accepts(both, value))).toEqual([false, true, false, false]);
    expect(meet(among(['a', 'b']), except(['a']))!.among).toEqual(['b']);
    expect(accepts(meet(anything, isNull)!, null)).toBe(true);
  });

  test('that exclude each other do not meet', () => {
    expect(meet(between(1n, 2n), between(3n, 4n))).toBeUndefined();
    expect(meet(among(['a']), among(['b']))).toBeUndefined();
    expect(meet(isNull, isPresent)).toBeUndefined();
    expect(
      meet(between('2020-01-01', undefined), { ...isPresent, high: '2020-01-01', highOpen: true }),
    ).toBeUndefined();
  });

  test('have no image when a bound has none', () => {
    expect(mapGoal(between(1n, undefined), () => null)).toBeUndefined();
    expect(mapGoal(between(1n, 2n), (value) => (value as bigint) + 1n)).toMatchObject({ low: 2n, high: 3n });
  });
});

describe('draws', () => {
  test('repeat for the same words and differ for others', () => {
    const take = (...words: string[]): number[] => {
      const draws = drawsOf(...words);
      return Array.from({ length: 5 }, () => draws.uniform());
    };
    expect(take('a', '1')).toEqual(take('a', '1'));
    expect(take('a', '1')).not.toEqual(take('a', '2'));
  });

  test('are spread evenly and geometric counts have their mean', () => {
    const draw = drawsOf('spread');
    const values = Array.from({ length: 20_000 }, () => draw.uniform());
    expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(0.5, 1);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const counts = Array.from({ length: 20_000 }, () => draw.geometric(3));
    expect(Math.abs(counts.reduce((a, b) => a + b, 0) / counts.length - 3)).toBeLessThan(0.2);
  });
});

test.each(['E020[0-9]{5}', '[a-zA-Z]{2}[0-9]{2}[a-zA-Z]', 'a(b|cd)?e+', 'x\\.[0-9]*y{2,3}'])(
  'texts made for %s match it',
  (pattern) => {
    const draw = drawsOf(pattern);
    for (let i = 0; i < 50; i++) expect(textMatching(pattern, draw)).toMatch(new RegExp(`^(${pattern})$`));
  },
);
