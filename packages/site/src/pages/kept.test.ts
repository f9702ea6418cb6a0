import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { digestOf, kept } from './kept.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('what was made is not made again until it is pushed out, least recently used first', () => {
  const made: string[] = [];
  const get = kept<string>(2);
  const make = (key: string) => get(key, () => (made.push(key), key));
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) make(key);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('a failure is kept for half a minute and then tried again', async () => {
  let tries = 0;
  const get = kept<Promise<number>>(5);
  const ask = () =>
    get('a', async () => {
      tries += 1;
      throw new Error('away');
    });
  await expect(ask()).rejects.toThrow('away');
  await expect(ask()).rejects.toThrow('away');
  expect(tries).toBe(1);
  vi.advanceTimersByTime(30_000);
  await expect(ask()).rejects.toThrow('away');
  expect(tries).toBe(2);
});

test('a digest tells where one part ends and the next begins', () => {
  expect(digestOf('ab', 'c')).not.toBe(digestOf('a', 'bc'));
});
