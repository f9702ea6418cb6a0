import { expect, test } from 'vitest';
import { compareParts } from './compare.js';
import type { ReuseParts } from './parts.js';

/** A listing that tells how often it was read from beginning to end. */
class CountedListing extends Map<string, string> {
  walks = 0;
  override [Symbol.iterator]() {
    this.walks += 1;
    return super[Symbol.iterator]();
  }
}

const partsOf = (digest: string, files: ReadonlyMap<string, string>): ReuseParts => ({
  command: ['a.py'],
  config: null,
  image: 'python:v2',
  runtime: null,
  code: null,
  files: { digest, files },
  outputs: [],
  inputs: {},
  dataRelease: null,
});

test('two listings are compared once, however many actions read them', () => {
  const before = partsOf('old', new Map([['a.py', '1']]));
  const listing = new CountedListing();
  listing.set('a.py', '2').set('b.py', '1');
  const now = partsOf('new', listing);
  const reasons = Array.from({ length: 100 }, (_, i) => compareParts(before, { ...now, command: [`${i}.py`] }));
  expect(reasons[99]).toEqual([
    { kind: 'files-changed', changed: ['a.py'], added: ['b.py'], removed: [], total: 2 },
    { kind: 'command-changed' },
  ]);
  expect(listing.walks).toBe(1);
  // Another pair is not answered with this one's differences.
  expect(compareParts(partsOf('older', new Map()), now)[0]).toMatchObject({ added: ['a.py', 'b.py'], total: 2 });
});
