// Brings the rows of a table into the form that the evaluator works on.
import type { Frame, Nullable, Table } from '@glovebox/language';
import type { Row, Tables } from '../tables.js';

/** The rows of a table with many rows a patient. */
export interface LoadedRows {
  /** 0, 1, 2 ... for each row. */
  readonly indexes: readonly number[];
  /** For each row, the position of its patient. */
  readonly positions: readonly number[];
  /** Reads one column by row. A column that the given table lacks is NULL. */
  column(name: string): (row: number) => Nullable;
}

export function loadManyRows(table: Table, tables: Tables, positions: ReadonlyMap<bigint, number>): LoadedRows {
  const given = tables.get(table.name);
  const rows = (given?.rows ?? []).filter((row) => positions.has(row[0]));
  return {
    indexes: rows.map((_, i) => i),
    positions: rows.map((row) => positions.get(row[0])!),
    column(name) {
      const index = given?.columns.findIndex((c) => c.name === name) ?? -1;
      return index === -1 ? () => null : (row) => rows[row]![index + 1] ?? null;
    },
  };
}

/** Per patient position its row in the order of the frame's columns; of several rows the last one counts. */
export function loadOneRow(
  frame: Frame,
  tables: Tables,
  positions: ReadonlyMap<bigint, number>,
): readonly (readonly Nullable[] | undefined)[] {
  const rows: (readonly Nullable[] | undefined)[] = Array.from({ length: positions.size });
  if (frame.kind === 'table') {
    const given = tables.get(frame.name);
    const order = frame.columns.map((c) => given?.columns.findIndex((g) => g.name === c.name) ?? -1);
    place(given?.rows ?? [], (row) => order.map((index) => (index === -1 ? null : (row[index + 1] ?? null))));
  } else if (frame.kind === 'inline_table') {
    place(frame.rows, (row) => row.slice(1));
  } else {
    throw new Error(`a ${frame.kind} must be read into rows before it is evaluated`);
  }
  return rows;

  function place(given: readonly Row[], values: (row: Row) => readonly Nullable[]): void {
    for (const row of given) {
      const position = positions.get(row[0]);
      if (position !== undefined) rows[position] = values(row);
    }
  }
}
