import { expect, test } from 'vitest';
import { patternMatcher } from './path-pattern.js';

test('every character of a pattern but the star stands for itself', () => {
  for (let code = 32; code < 127; code += 1) {
    const character = String.fromCharCode(code);
    if (character === '*') continue;
    const matches = patternMatcher(`output/a${character}b*.csv`);
    expect(matches(`output/a${character}b-1.csv`), character).toBe(true);
    expect(matches(`output/a${character === 'x' ? 'y' : 'x'}b-1.csv`), character).toBe(false);
  }
});

test('a star stays within one folder', () => {
  expect(patternMatcher('output/*-table.csv')('output/a/b-table.csv')).toBe(false);
});

test.each([
  ['output/*.csv', 'output/.csv', true],
  ['output/*.csv', 'output/a.csv.gz', false],
  ['*/*.csv', 'a/b.csv', true],
  ['a*a.csv', 'a.csv', false],
  ['a*b*b.csv', 'axb.csv', false],
  ['a*b*b.csv', 'axbb.csv', true],
  ['**.csv', 'x.csv', true],
  ['output/x', 'output/x/', false],
])('%s and %s: %s', (pattern, path, isMatch) => {
  expect(patternMatcher(pattern)(path)).toBe(isMatch);
});

test('a pattern of many stars is tried on a long name at once', () => {
  const matches = patternMatcher(`${'a*'.repeat(12)}b.csv`);
  expect(matches('a'.repeat(250))).toBe(false);
  expect(matches(`${'a'.repeat(250)}b.csv`)).toBe(true);
}, 2000);
