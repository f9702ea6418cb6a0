// Puts rows of the query model's values into a table. DuckDB looks for it in the opened file alone unless the catalog is named,
// and refuses when the file is open for reading: temporary tables are in the catalog `temp`.
import type { DuckDBAppender, DuckDBConnection, DuckDBDateValue } from '@duckdb/node-api';
import type { Column, Nullable } from '@glovebox/language';
import { sqlTypeOf } from '../sql/plan/compile.js';
import type { SqlType } from '../sql/tree/index.js';

export interface Appender {
  append(rows: readonly (readonly Nullable[])[]): void;
  /** The rows are in the table only afterwards. */
  close(): void;
}

export async function appender(
  connection: DuckDBConnection,
  { table, catalog }: { readonly table: string; readonly catalog?: string },
  columns: readonly Pick<Column, 'type'>[],
): Promise<Appender> {
  // Loaded with the engine itself and not before: most commands have no use for it, and loading takes 0.1 s.
  const { DuckDBDateValue: DateValue } = await import('@duckdb/node-api');
  const dateValue = (days: number): DuckDBDateValue => new DateValue(days);
  const types = columns.map((c) => sqlTypeOf(c.type));
  const target = await connection.createAppender(table, null, catalog ?? null);
  return {
    append(rows) {
      for (const row of rows) {
        for (const [at, type] of types.entries()) appendValue(target, type, row[at] ?? null, dateValue);
        target.endRow();
      }
    },
    close: () => target.closeSync(),
  };
}

export async function appendRows(
  connection: DuckDBConnection,
  place: { readonly table: string; readonly catalog?: string },
  columns: readonly Pick<Column, 'type'>[],
  rows: readonly (readonly Nullable[])[],
): Promise<void> {
  const target = await appender(connection, place, columns);
  target.append(rows);
  target.close();
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
