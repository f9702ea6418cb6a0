import { expect, test } from 'vitest';
import { usually } from './standing.js';

test.each([
  [4000, 9000, 'Usually takes 4 to 9 s.'],
  [180_000, 300_000, 'Usually takes 3 to 5 min.'],
  [178_000, 182_000, 'Usually takes about 3 min.'],
  [40_000, 180_000, 'Usually takes 40 s to 3 min.'],
  [5_000_000, 9_000_000, 'Usually takes 83 min to 2 h 30 min.'],
  [9_000_000, 12_600_000, 'Usually takes 2 h 30 min to 3 h 30 min.'],
  [7_200_000, 10_800_000, 'Usually takes 2 to 3 h.'],
  [0, 300, 'Usually takes about 1 s.'],
])('between %i and %i ms: %s', (least, most, words) => {
  expect(usually({ runs: 3, least, most })).toBe(words);
});
