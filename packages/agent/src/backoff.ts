// Waiting longer after each failure in a row, with some chance in it, so that many agents do not return all at once.
import { setTimeout as sleep } from 'node:timers/promises';

const leastMilliseconds = 200;
const mostMilliseconds = 15_000;

/** @param attempt 1 after the first failure; rejects with AbortError when the signal aborts */
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  const full = Math.min(mostMilliseconds, leastMilliseconds * 2 ** (attempt - 1));
  await sleep(full / 2 + (Math.random() * full) / 2, undefined, { signal });
}
