import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { repeat } from './repeat.js';

test('turns go on after a failure, never overlap, and stopping waits for the last', async () => {
  vi.useFakeTimers();
  const logged: string[] = [];
  let [begun, open] = [0, 0];
  let finish = (): void => {};
  const work = async (): Promise<void> => {
    begun += 1;
    if (begun === 1) throw new Error('a bad moment');
    open += 1;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    open -= 1;
  };
  const stop = repeat(1, 'looking', work, pino({}, { write: (line: string) => logged.push(line) }));
  await vi.advanceTimersByTimeAsync(5000);
  expect([begun, open]).toEqual([2, 1]);
  expect(logged.join('')).toContain('looking failed');
  const stopped = stop();
  finish();
  await stopped;
  expect(open).toBe(0);
  await vi.advanceTimersByTimeAsync(5000);
  expect(begun).toBe(2);
  vi.useRealTimers();
});
