// A clock that stands still until a test moves it.
import type { Clock } from '@glovebox/record';

export interface FakeClock {
  readonly now: Clock;
  advance(seconds: number): void;
}

export function fakeClock(start = '2026-11-01T08:00:00Z'): FakeClock {
  let time = new Date(start).getTime();
  return {
    now: () => new Date(time),
    advance(seconds) {
      time += seconds * 1000;
    },
  };
}
