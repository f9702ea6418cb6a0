// Puts rows of the query model's values into a table. DuckDB looks for it in the opened file alone unless the catalog is named,
// and refuses when the file is open for reading: temporary tables are in the catalog `temp`.
import type { DuckDBAppender, DuckDBConnection, DuckDBDateValue } from '@duckdb/node-api';
import type { Column, Nullable } from '@glovebox/language';
import { sqlTypeOf } from '../sql/plan/compile.js';
import type { SqlType } from '../sql/tree/index.js';

export async function appendRows(
  connection: DuckDBConnection,
  { table, catalog }: { readonly table: string; readonly catalog?: string },
  columns: readonly Pick<Column, 'type'>[],
  rows: readonly (readonly Nullable[])[],
): Promise<void> {
  // Loaded with the engine itself and not before: most commands have no use for it, and loading takes 0.1 s.
  const { DuckDBDateValue: DateValue } = await import('@duckdb/node-api');
  const dateValue = (days: number): DuckDBDateValue => new DateValue(days);
  const types = columns.map((c) => sqlTypeOf(c.type));
  const appender = await connection.createAppender(table, null, catalog ?? null);
  for (const row of rows) {
    for (const [at, type] of types.entries()) appendValue(appender, type, row[at] ?? null, dateValue);
    appender.endRow();
  }
  appender.closeSync();
}

function appendValue(
  appender: DuckDBAppender,
  type: SqlType,
  value: Nullable,
  dateValue: (days: number) => DuckDBDateValue,
): void {
  if (value === null) return appender.appendNull();
  switch (type) {
    case 'bool':
      return appender.appendBoolean(value as boolean);
    case 'float':
      return appender.appendDouble(Number(value));
    case 'date':
      return appender.appendDate(dateValue(dayNumber(value as string)));
    case 'str':
      return appender.appendVarchar(value as string);
    default:
      return appender.appendBigInt(BigInt(value));
  }
}

/** Days since 1970-01-01 of an ISO date. */
export function dayNumber(date: string): number {
  const moment = new Date(0);
  moment.setUTCFullYear(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)));
  return moment.getTime() / 86_400_000;
}
