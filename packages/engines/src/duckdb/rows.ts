// DuckDB's columns as rows of the query model's values.
import type { DuckDBDataChunk, DuckDBDateValue, DuckDBValue } from '@duckdb/node-api';
import type { Nullable } from '@glovebox/language';
import { sqlTypeOf } from '../sql/plan/compile.js';
import type { SqlType } from '../sql/tree/index.js';
import type { ResultColumn } from '../tables.js';

export function rowsOf(chunk: DuckDBDataChunk, columns: readonly ResultColumn[]): readonly (readonly Nullable[])[] {
  const rows: Nullable[][] = Array.from({ length: chunk.rowCount }, () => []);
  for (const [at, { type }] of columns.entries()) {
    const sqlType = sqlTypeOf(type);
    chunk.visitColumnValues(at, (value, row) => {
      rows[row]![at] = valueOf(value, sqlType);
    });
  }
  return rows;
}

/** One value. Integers of any width become bigint, dates ISO text. */
export function valueOf(value: DuckDBValue, type: SqlType): Nullable {
  if (value === null) return null;
  switch (type) {
    case 'date':
      return isoDate((value as DuckDBDateValue).days);
    case 'int':
    case 'int32':
      return BigInt(value as bigint | number);
    case 'float':
      return Number(value);
    default:
      return value as boolean | string;
  }
}

const known = new Map<number, string>();

/** The ISO date of a number of days since 1970-01-01. */
export function isoDate(days: number): string {
  let text = known.get(days);
  if (text === undefined) {
    text = new Date(days * 86_400_000).toISOString().slice(0, 10);
    known.set(days, text);
  }
  return text;
}
