// The sums of measures as the database hands them over: batches of cells, each a combination of group values with its
// denominator and the numerators of several measures. Rows and lines of CSV are made from these.
import type { DuckDBDataChunk } from '@duckdb/node-api';
import { type Interval, type Measure, type Nullable } from '@glovebox/language';
import { controlledCount } from '../reference/disclosure-control.js';

export interface CellBatch {
  readonly interval: Interval;
  /** In the order in which their rows follow one another for each cell. */
  readonly measures: readonly Measure[];
  readonly size: number;
  readonly denominators: readonly Count[];
  /** For each measure. */
  readonly numerators: readonly (readonly Count[])[];
  /** The values of the groups by name. */
  readonly groups: ReadonlyMap<string, readonly Nullable[]>;
}

/** A count; a number where it is exact. */
export type Count = number | bigint;

/** The counts of a column of 64-bit integers, or of floats that hold whole numbers. */
export function countsOf(chunk: DuckDBDataChunk, at: number): readonly Count[] {
  const vector = chunk.getColumnVector(at);
  const counts: Count[] = [];
  for (let row = 0, size = vector.itemCount; row < size; row++) {
    const count = vector.getItem(row) as Count;
    counts.push(typeof count === 'bigint' ? countOf(count) : count);
  }
  return counts;
}

export const countOf = (count: bigint): Count =>
  count >= -9007199254740991n && count <= 9007199254740991n ? Number(count) : count;

/** A count under disclosure control. */
export function controlled(count: Count): Count {
  if (typeof count === 'bigint') return controlledCount(count);
  const size = Math.abs(count);
  return size <= 7 ? 0 : Math.sign(count) * Math.floor((size + 2) / 5) * 5;
}
