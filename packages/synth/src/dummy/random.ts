// Repeatable draws. A stream is named by words (the seed, a patient's number, an attempt), so that what one patient gets
// doesn't depend on how many draws another took.
import { createHash } from 'node:crypto';

export interface Draw {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** A whole number from 0 to `end - 1`. */
  below(end: number): number;
  /** Any element; undefined of an empty list. */
  from<T>(list: readonly T[]): T | undefined;
  /** The list in another order. */
  shuffled<T>(list: readonly T[]): T[];
  /** A whole number from 0, geometric with this mean. */
  geometric(mean: number): number;
}

/** A stream of draws (sfc32, seeded by a digest of the words). */
export function drawsOf(...words: readonly (string | number)[]): Draw {
  const digest = createHash('sha256').update(words.join(' ')).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)) as [number, number, number, number];
  const uniform = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4_294_967_296;
  };
  const below = (end: number): number => Math.floor(uniform() * end);
  return {
    uniform,
    below,
    chance: (probability) => uniform() < probability,
    from: (list) => list[below(list.length)],
    shuffled: (list) => {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [copy[i], copy[j]] = [copy[j]!, copy[i]!];
      }
      return copy;
    },
    geometric: (mean) => Math.floor(Math.log(1 - uniform()) / Math.log(mean / (1 + mean))),
  };
}
