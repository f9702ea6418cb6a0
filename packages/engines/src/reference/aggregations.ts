// What each aggregation does to the values of one patient. NULL values don't take part.
import type { Scalar } from '@glovebox/language';
import { dayNumber } from './days.js';
import { int64 } from './functions.js';
import { compareScalars } from './order.js';

export type ValueAggregation = 'count_distinct' | 'min' | 'max' | 'sum' | 'mean';

/** @param values none is NULL */
export function aggregate(kind: ValueAggregation, values: readonly Scalar[]): Scalar | null {
  if (kind === 'count_distinct') return BigInt(new Set(values).size);
  if (values.length === 0) return null;
  switch (kind) {
    case 'min':
      return values.reduce((a, b) => (compareScalars(b, a) < 0 ? b : a));
    case 'max':
      return values.reduce((a, b) => (compareScalars(b, a) > 0 ? b : a));
    case 'sum':
      return isInts(values) ? int64(sumInts(values)) : exactSum(values as readonly number[]);
    case 'mean':
    default:
      return (isInts(values) ? Number(sumInts(values)) : exactSum(values as readonly number[])) / values.length;
  }
}

const isInts = (values: readonly Scalar[]): values is readonly bigint[] => typeof values[0] === 'bigint';
const sumInts = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

/** The sum rounded once, so that it doesn't depend on the order of the rows; infinite where it is too large on the way. */
export function exactSum(values: readonly number[]): number {
  // Each partial is a piece of the running sum that the larger pieces can't hold; none is lost.
  let partials: number[] = [];
  for (const value of values) {
    const next: number[] = [];
    let high = value;
    for (const partial of partials) {
      const [big, small] = Math.abs(high) < Math.abs(partial) ? [partial, high] : [high, partial];
      const sum = big + small;
      if (!Number.isFinite(sum)) return values.reduce((a, b) => a + b, 0);
      const rest = small - (sum - big);
      if (rest !== 0) next.push(rest);
      high = sum;
    }
    next.push(high);
    partials = next;
  }
  return roundPartials(partials);
}

/** Adds pieces from the largest down; the last step rounds half to even as one addition of all would. */
function roundPartials(partials: readonly number[]): number {
  let i = partials.length - 1;
  let high = partials[i] ?? 0;
  while (i > 0) {
    i -= 1;
    const before = high;
    const piece = partials[i]!;
    high = before + piece;
    const rest = piece - (high - before);
    if (rest !== 0) {
      const below = partials[i - 1] ?? 0;
      if ((rest < 0 && below < 0) || (rest > 0 && below > 0)) {
        const doubled = rest * 2;
        const rounded = high + doubled;
        if (doubled === rounded - high) high = rounded;
      }
      break;
    }
  }
  return high;
}

/** How many runs of dates there are in which no gap is longer than `maximumGapDays`. */
export function countEpisodes(dates: readonly string[], maximumGapDays: number): bigint {
  const days = dates.map(dayNumber).sort((a, b) => a - b);
  return BigInt(days.filter((day, i) => i === 0 || day - days[i - 1]! > maximumGapDays).length);
}
