// What a plan needs beside the database's own tables: rows that stand in the definition, and code lists too long to
// spell out. The driver puts them into temporary tables before the statement runs.
import type { Column, InlineTable, Nullable, Scalar, Series, SeriesType, ValueSet } from '@glovebox/language';

export interface Upload {
  readonly name: string;
  readonly columns: readonly Pick<Column, 'name' | 'type'>[];
  readonly rows: readonly (readonly Nullable[])[];
}

/** How a set is tested: a column of bits in a table of codes. */
export interface MaskBit {
  readonly column: string;
  readonly bit: bigint;
}
export interface MaskTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly bitOf: ReadonlyMap<ValueSet, MaskBit>;
}

export interface Uploads {
  /** A table of a set's values in the column `value`. */
  list(set: ValueSet): string;
  /** One table for several sets: the column `code`, and integers with a bit for each set that holds the code. */
  masks(sets: readonly ValueSet[]): MaskTable;
  inline(table: InlineTable): string;
  /** A table of rows of any kind. */
  rows(stem: string, columns: Upload['columns'], rows: Upload['rows']): string;
  /** Where a statement has the values of patients' sets, for databases without lists: `patient_id` and `value`. */
  readonly setRows: Map<Series, string>;
  all(): readonly Upload[];
}

/** Bits used of each integer: the sign stays alone. */
const bitsPerColumn = 62;

/** @param fresh gives a table name that nothing else has. */
export function uploads(fresh: (stem: string) => string): Uploads {
  const all: Upload[] = [];
  const lists = new Map<ValueSet, string>();
  const inlines = new Map<InlineTable, string>();
  const masks = new Map<string, MaskTable>();
  const setNumbers = new Map<ValueSet, number>();
  const numberOf = (set: ValueSet): number => {
    if (!setNumbers.has(set)) setNumbers.set(set, setNumbers.size);
    return setNumbers.get(set)!;
  };
  return {
    list(set) {
      let name = lists.get(set);
      if (name === undefined) {
        name = fresh('code_list');
        lists.set(set, name);
        all.push({ name, columns: [{ name: 'value', type: set.type }], rows: set.values.map((value) => [value]) });
      }
      return name;
    },
    masks(sets) {
      const key = sets
        .map(numberOf)
        .sort((a, b) => a - b)
        .join();
      let table = masks.get(key);
      if (table === undefined) {
        table = maskTable(fresh('code_masks'), sets, all);
        masks.set(key, table);
      }
      return table;
    },
    inline(table) {
      let name = inlines.get(table);
      if (name === undefined) {
        name = fresh('inline_table');
        inlines.set(table, name);
        // A patient has one row; of several the last counts.
        const byPatient = new Map(table.rows.map((row) => [row[0], row]));
        all.push({
          name,
          columns: [
            { name: 'patient_id', type: 'int' },
            ...table.columns.map((c) => ({ ...c, name: inlineColumn(table, c.name) })),
          ],
          rows: [...byPatient.values()],
        });
      }
      return name;
    },
    setRows: new Map(),
    rows(stem, columns, rows) {
      const name = fresh(stem);
      all.push({ name, columns, rows });
      return name;
    },
    all: () => all,
  };
}

/** What a column of an inline table is called: its place where databases, which read `a` and `A` alike, need that. */
export function inlineColumn({ columns }: InlineTable, name: string): string {
  const names = new Set(['patient_id', ...columns.map((c) => c.name.toLowerCase())]);
  return names.size > columns.length ? name : `c${columns.findIndex((c) => c.name === name)}`;
}

function maskTable(name: string, sets: readonly ValueSet[], all: Upload[]): MaskTable {
  const width = Math.ceil(sets.length / bitsPerColumn);
  const columns = Array.from({ length: width }, (_, at) => `mask${at}`);
  const bitOf = new Map<ValueSet, MaskBit>();
  const rows = new Map<Scalar, bigint[]>();
  for (const [index, set] of sets.entries()) {
    const at = Math.floor(index / bitsPerColumn);
    const bit = 1n << BigInt(index % bitsPerColumn);
    bitOf.set(set, { column: columns[at]!, bit });
    for (const value of set.values) {
      let row = rows.get(value);
      if (!row) rows.set(value, (row = Array.from({ length: width }, () => 0n)));
      row[at] = row[at]! | bit;
    }
  }
  const type: SeriesType = sets[0]!.type;
  all.push({
    name,
    columns: [{ name: 'code', type }, ...columns.map((column) => ({ name: column, type: 'int' as const }))],
    rows: [...rows].map(([code, bits]) => [code, ...bits]),
  });
  return { name, columns, bitOf };
}
