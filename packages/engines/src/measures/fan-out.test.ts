import { expect, test } from 'vitest';
import { fanOut, type Addressed } from './fan-out.js';

const collect = async <T>(stream: AsyncIterable<T>): Promise<readonly T[]> => {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
};

function numbers(count: number, readers: number, onTaken: (at: number) => void = () => {}) {
  return (async function* (): AsyncGenerator<Addressed<number>> {
    for (let at = 0; at < count; at++) {
      onTaken(at);
      yield { to: at % readers, item: at };
    }
  })();
}

test('each reader gets its items in order, and a reader without any ends', async () => {
  const [even, odd, none] = fanOut(numbers(100, 2), 3);
  const [evens, odds, nothing] = await Promise.all([collect(even!), collect(odd!), collect(none!)]);
  expect(evens).toEqual(Array.from({ length: 50 }, (_, at) => at * 2));
  expect(odds).toEqual(Array.from({ length: 50 }, (_, at) => at * 2 + 1));
  expect(nothing).toEqual([]);
});

test('readers one after another get everything', async () => {
  const [even, odd] = fanOut(numbers(100, 2), 2);
  expect(await collect(odd!)).toHaveLength(50);
  expect(await collect(even!)).toHaveLength(50);
});

test('a reader that takes its time holds up the source', async () => {
  let taken = 0;
  const [slow, quick] = fanOut(
    numbers(1000, 2, (at) => (taken = at)),
    2,
  );
  const iterator = slow![Symbol.asyncIterator]();
  await iterator.next();
  const rest = collect(quick!);
  for (let turn = 0; turn < 1000; turn++) await Promise.resolve();
  expect(taken).toBeLessThan(20);
  while (!(await iterator.next()).done);
  expect(await rest).toHaveLength(500);
});

test('a reader that stops early holds up nobody, and when all have stopped the source is closed', async () => {
  let isClosed = false;
  const source = (async function* (): AsyncGenerator<Addressed<number>> {
    try {
      for (let at = 0; ; at++) yield { to: at % 2, item: at };
    } finally {
      isClosed = true;
    }
  })();
  const [first, second] = fanOut(source, 2);
  for await (const item of first!) if (item >= 10) break;
  for await (const item of second!) if (item >= 1000) break;
  expect(isClosed).toBe(true);
});

test('an error of the source reaches every reader', async () => {
  const source = (async function* (): AsyncGenerator<Addressed<number>> {
    yield { to: 0, item: 1 };
    throw new Error('the database is gone');
  })();
  const results = await Promise.allSettled(fanOut(source, 3).map(collect));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});
