// Waiting for a condition instead of for a time: asks again and again until it holds, and says what never came to hold.
import { setTimeout as pause } from 'node:timers/promises';

const pauseMilliseconds = 40;

/**
 * @param what what is waited for, for the message of the failure
 * @param ask answers undefined or false as long as it does not hold
 */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`after ${seconds} s, still not: ${what}`);
    await pause(pauseMilliseconds);
  }
}
