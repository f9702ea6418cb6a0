// Chance that can be had again: the same seed gives the same numbers. The seed is printed by the test and can be given in
// GLOVEBOX_FAULT_SEED; it decides what is killed and how long is waited, not how fast the machine is.
import { randomInt } from 'node:crypto';

export interface Chance {
  readonly seed: number;
  /** From 0 up to, not including, `below`. */
  number(below: number): number;
  one<T>(list: readonly T[]): T;
}

/** Mulberry32: small, and good enough for choosing. */
export function chance(seed = Number(process.env['GLOVEBOX_FAULT_SEED'] ?? randomInt(2 ** 31))): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    seed,
    number: (below) => Math.floor(next() * below),
    one: (list) => list[Math.floor(next() * list.length)],
  };
}
