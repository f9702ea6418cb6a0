import { expect, test } from 'vitest';
import { createKeptTrees } from './kept-trees.js';

const treeOf = (digest: string, files: number) => ({
  digest,
  files: new Map(Array.from({ length: files }, (_, i) => [`${i}.py`, 'x'])),
});

test('what was used longest ago goes first, by how many files there are', () => {
  const kept = createKeptTrees(10);
  for (const digest of ['a', 'b', 'c']) kept.put(treeOf(digest, 3));
  expect(kept.get('a')?.files.size).toBe(3);
  kept.put(treeOf('d', 4));
  expect(['a', 'b', 'c', 'd'].map((digest) => kept.get(digest) !== undefined)).toEqual([true, false, true, true]);
});

test('the same tree again takes no more room, and one that is too large is not kept', () => {
  const kept = createKeptTrees(10);
  for (let i = 0; i < 20; i += 1) kept.put(treeOf('a', 4));
  kept.put(treeOf('b', 4));
  expect([kept.get('a'), kept.get('b')].every((tree) => tree !== undefined)).toBe(true);
  kept.put(treeOf('huge', 11));
  expect(kept.get('huge')).toBeUndefined();
});
