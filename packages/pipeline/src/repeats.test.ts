import { expect, it } from 'vitest';
import { readSource } from './document.js';

const keys = (count: number, between: string): string =>
  Array.from({ length: count }, (_, i) => `k${i}: 1`).join(between);
const uses = (count: number, use: string): string =>
  Array.from({ length: count }, (_, i) => `u${i}: ${use}\n`).join('');
const codes = (text: string): string[] =>
  readSource(text, 'p').problems.map(({ code, place }) => `${code} ${place?.line}`);

// A mapping of 499 keys is 999 values, so twenty fit and the next does not.
it.each([
  ['in brackets', `b: &b {${keys(499, ', ')}}\n`, '*b', 2],
  ['in brackets within another', `b: [&b {${keys(499, ', ')}}]\n`, '{<<: *b}', 2],
  ['of lines', `b: &b\n  ${keys(499, '\n  ')}\n`, '*b', 501],
  ['of a name that stood for less before', `a: &b 1\nb: &b {${keys(499, ', ')}}\n`, '*b', 3],
])('a mapping %s may be repeated as often as the limit allows', (_, start, use, line) => {
  expect(codes(start + uses(20, use))).toEqual([]);
  expect(codes(start + uses(21, use))).toEqual([`too-large ${line + 20}`]);
});

it('what an alias within an anchored value stands for counts with it', () => {
  const start = `a: &a [${'1, '.repeat(99)}]\nb: &b [${'*a, '.repeat(10)}]\n`;
  // 1,000 values for the second line and 1,001 for each use.
  expect(codes(start + uses(18, '*b'))).toEqual([]);
  expect(codes(start + uses(19, '*b'))).toEqual(['too-large 21']);
});

it('asterisks and ampersands that are text, and brackets that are never closed, count for nothing', () => {
  expect(codes(`a: "*b &c"\nd: x & *y [\ne: |\n  &b [ *b\n# &z [ *z\n`)).toEqual([]);
  expect(codes(`a: ]]]\nb: &b [1, 2\n`)[0]).toMatch(/^yaml-syntax/);
});
