// Columns as the database hands them over, as cells. There can be hundreds of millions of counts, and one thread to take
// them: columns are read whole, and groups come as codes where their values are known.
import type { DuckDBDataChunk } from '@duckdb/node-api';
import { typeOf, type Nullable } from '@glovebox/language';
import { valueOf } from '../duckdb/rows.js';
import { sqlTypeOf } from '../sql/plan/compile.js';
import type { Filled, Grouping } from './batches.js';
import type { ResultColumn } from '../tables.js';
import { countOf, countsOf, type CellBatch, type Count } from './cells.js';
import type { PackedGroup } from './packed-groups.js';
import { groupColumn, numeratorColumn, weightColumn } from './patient-rows.js';

export interface ColumnsOfCells {
  /** The first column: the groups, then the denominator, then the numerators. */
  readonly first: number;
  readonly grouping: Grouping;
  /** The places of the groups, in the order of their columns. */
  readonly groups: readonly number[];
  /** Those of them that come as codes. */
  readonly packed: readonly PackedGroup[];
  readonly filled: Filled;
  /** The places of the numerators, in the order of their columns; all when absent. */
  readonly numerators?: readonly number[];
}
export interface ChunkOfCells extends ColumnsOfCells {
  readonly chunk: DuckDBDataChunk;
}

export type CellsOfAnyInterval = Omit<CellBatch, 'interval'>;

export function cellsOf({
  chunk,
  first,
  grouping,
  groups,
  packed,
  filled,
  numerators,
}: ChunkOfCells): CellsOfAnyInterval {
  const values = groups.map((place, index): readonly Nullable[] => {
    const column = chunk.getColumnValues(first + index);
    const group = packed.find((one) => one.at === place);
    if (!group) {
      const type = sqlTypeOf(typeOf(filled.groups[place]!));
      return column.map((value) => valueOf(value, type));
    }
    const decoded: readonly Nullable[] = [null, ...group.values];
    return column.map((code) => decoded[code as number]!);
  });
  const denominator = first + groups.length;
  const places = numerators ?? filled.numerators.map((_, at) => at);
  const counts = places.map((_, at) => countsOf(chunk, denominator + 1 + at));
  return {
    measures: grouping.measures,
    size: chunk.rowCount,
    denominators: countsOf(chunk, denominator),
    numerators: grouping.measures.map((measure) => counts[places.indexOf(filled.numeratorOf.get(measure)!)]!),
    groups: new Map(grouping.names.map((name) => [name, values[groups.indexOf(filled.groupOf.get(name)!)]!])),
  };
}

/** The columns of a table of cells, whose groups are values. */
export function columnsOf({ groups, filled, numerators = [] }: ColumnsOfCells): readonly ResultColumn[] {
  return [
    ...groups.map((at) => ({ name: groupColumn(at), type: typeOf(filled.groups[at]!) })),
    ...[weightColumn, ...numerators.map(numeratorColumn)].map((name) => ({ name, type: 'int' as const })),
  ];
}

/** The same as rows, from databases that hand over rows. */
export function cellsOfRows(
  { grouping, groups, filled, numerators = [] }: ColumnsOfCells,
  rows: readonly (readonly Nullable[])[],
): CellsOfAnyInterval {
  const counts = (at: number): readonly Count[] => rows.map((row) => countOf(row[groups.length + at] as bigint));
  return {
    measures: grouping.measures,
    size: rows.length,
    denominators: counts(0),
    numerators: grouping.measures.map((measure) => counts(1 + numerators.indexOf(filled.numeratorOf.get(measure)!))),
    groups: new Map(
      grouping.names.map((name) => [name, rows.map((row) => row[groups.indexOf(filled.groupOf.get(name)!)]!)]),
    ),
  };
}

/** Cells of several intervals, in their order, interval by interval; `places` says of which each is. */
export function* runsOf(
  cells: CellsOfAnyInterval,
  places: readonly number[],
): Generator<CellsOfAnyInterval & { readonly place: number }> {
  for (let start = 0; start < places.length;) {
    const place = places[start]!;
    let end = start + 1;
    while (end < places.length && places[end] === place) end += 1;
    if (end - start === places.length) return yield { ...cells, place };
    yield {
      place,
      measures: cells.measures,
      size: end - start,
      denominators: cells.denominators.slice(start, end),
      numerators: cells.numerators.map((counts) => counts.slice(start, end)),
      groups: new Map([...cells.groups].map(([name, values]) => [name, values.slice(start, end)])),
    };
    start = end;
  }
}
