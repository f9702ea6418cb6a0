import { expect, test } from 'vitest';
import { openDuckDb } from '@glovebox/engines';
import type { MeasuresDefinition } from '@glovebox/language';
import { CommandFailure } from '../../command-line.js';
import { orExit } from './exit-codes.js';
import { hasTimeLimit } from './measures-progress.js';
import { problem } from './problems.js';
import { withTimeLimit } from './time-limit.js';

const late = () => problem('measures-out-of-time', [72]);

test('a statement that would never end is cancelled when the time is over, and the run ends with 14', async () => {
  const db = await openDuckDb();
  try {
    const endless = 'SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE a.range + b.range = 3';
    const limit = { milliseconds: 10, cancel: () => db.cancel(), problem: late };
    const failed = await orExit(() => withTimeLimit(limit, () => db.execute(endless))).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CommandFailure);
    expect(failed).toMatchObject({ exitCode: 14, problems: [{ code: 'measures-out-of-time' }] });
  } finally {
    db.close();
  }
});

test('what ends in time is left alone, well or badly', async () => {
  const limit = { milliseconds: 3_600_000, cancel: () => expect.unreachable(), problem: late };
  expect(await withTimeLimit(limit, async () => 7)).toBe(7);
  const failing = withTimeLimit(limit, async () => {
    throw new Error('of its own');
  });
  await expect(failing).rejects.toThrow('of its own');
});

test('that a cancelling fails is no fault: the run fails of its time all the same', async () => {
  const failing: ((error: Error) => void)[] = [];
  const run = () => new Promise<void>((_, reject) => failing.push(reject));
  const cancel = async (): Promise<void> => {
    for (const fail of failing) fail(new Error('connection lost'));
    throw new Error('no connection');
  };
  await expect(withTimeLimit({ milliseconds: 1, cancel, problem: late }, run)).rejects.toThrow('took 72 hours');
});

test('measures of fewer than twelve different intervals have no limit', () => {
  const start = (day: number): string => `2024-01-${String(day).padStart(2, '0')}`;
  const definition = (...lists: readonly (readonly number[])[]): MeasuresDefinition => ({
    kind: 'measures',
    measures: lists.map((days, at) => ({
      name: `m${at}`,
      numerator: { kind: 'value', type: 'int', value: 1n },
      denominator: { kind: 'value', type: 'int', value: 1n },
      groupBy: [],
      intervals: days.map((day) => ({ start: start(day), end: start(day) })),
    })),
    dummyData: {},
    disclosureControl: false,
  });
  const days = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);
  expect(hasTimeLimit(definition(days(11), days(11)))).toBe(false);
  expect(hasTimeLimit(definition(days(11), [12]))).toBe(true);
});
