// Tables and results as engines exchange them. Small tables (dummy data, tests, inline tables) are held in memory as rows;
// results always stream in batches, because they grow with patients.
import type { Column, Nullable, SeriesType } from '@glovebox/language';

/** Each row is the patient id, then a value for each column in order. */
export type Row = readonly [patientId: bigint, ...values: Nullable[]];

export interface TableRows {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** By query table name. */
export type Tables = ReadonlyMap<string, TableRows>;

export interface ResultColumn {
  readonly name: string;
  readonly type: SeriesType;
  readonly categories?: readonly string[];
  /** Of an int, the least and greatest value that it can have, where that is known. */
  readonly range?: readonly [least: bigint, greatest: bigint];
}

/** One output table; `rows` yields batches of rows, each with a value for every column (`patient_id` included). */
export interface ResultTable {
  readonly name: string;
  readonly columns: readonly ResultColumn[];
  readonly rows: AsyncIterable<readonly (readonly Nullable[])[]>;
  /** The same rows as lines of CSV, where an engine has a faster way to them. Only one of the two may be read. */
  readonly lines?: AsyncIterable<string>;
}
