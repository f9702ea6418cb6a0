// Small counts can identify people: a count up to 7 becomes 0 and others are rounded to the nearest 5. Numerator and
// denominator are controlled one by one and the ratio is made from the controlled numbers; no row is removed.
import type { MeasureRow } from './measure-rows.js';

/** A count as it may be shown. Sums of negative ints are controlled by their size. */
export function controlledCount(count: bigint): bigint {
  if (count < 0n) return -controlledCount(-count);
  return count <= 7n ? 0n : ((count + 2n) / 5n) * 5n;
}

export function controlledRow<R extends Pick<MeasureRow, 'numerator' | 'denominator'>>(row: R): R {
  return { ...row, numerator: controlledCount(row.numerator), denominator: controlledCount(row.denominator) };
}
