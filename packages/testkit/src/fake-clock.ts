// A clock that stands still until a test moves it.
import type { Clock, Monotonic } from '@glovebox/record';

export interface FakeClock {
  readonly now: Clock;
  readonly monotonic: Monotonic;
  /** Time passes. */
  advance(seconds: number): void;
  /** Somebody sets the clock, and no time passes. */
  jump(seconds: number): void;
}

export function fakeClock(start = '2026-11-01T08:00:00Z'): FakeClock {
  let time = new Date(start).getTime();
  let passed = 0;
  return {
    now: () => new Date(time),
    monotonic: () => passed,
    advance(seconds) {
      time += seconds * 1000;
      passed += seconds * 1000;
    },
    jump(seconds) {
      time += seconds * 1000;
    },
  };
}
