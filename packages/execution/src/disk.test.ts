import { expect, test } from 'vitest';
import { hasReserve } from './disk.js';

const terabyte = { bsize: 4096, blocks: 2 ** 28, bavail: 2 ** 27, files: 2 ** 26, ffree: 2 ** 25 };
const small = { bsize: 4096, blocks: 10_000, bavail: 5000, files: 1000, ffree: 500 };

test('a disk has room while a gigabyte is free, or a twentieth of a small one', () => {
  expect([terabyte, small].map(hasReserve)).toEqual([true, true]);
  expect(hasReserve({ ...terabyte, bavail: 2 ** 18 })).toBe(true);
  expect(hasReserve({ ...terabyte, bavail: 2 ** 18 - 1 })).toBe(false);
  expect(hasReserve({ ...small, bavail: 499 })).toBe(false);
});

test('a disk that can take no more files is full, however many bytes are free', () => {
  expect(hasReserve({ ...terabyte, ffree: 99_999 })).toBe(false);
  expect(hasReserve({ ...small, ffree: 49 })).toBe(false);
  expect(hasReserve({ ...small, files: 0, ffree: 0 })).toBe(true);
});
