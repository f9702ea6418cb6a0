// What a definition mentions: the values that it compares each column with, and its dates. Dummy values are drawn from
// these first, because they are what the definition looks for.
import {
  topologicalOrder,
  type DatasetDefinition,
  type Frame,
  type MeasuresDefinition,
  type Node,
  type Scalar,
  type Series,
} from '@glovebox/language';

export interface Vocabulary {
  /** By table and column (see `columnKey`), lists of values as they stand together in the definition. */
  readonly lists: ReadonlyMap<string, readonly (readonly Scalar[])[]>;
  /** Every date literal and interval end, ascending; never empty. */
  readonly dates: readonly string[];
  /** The last day on which anything happens. */
  readonly horizon: string;
  /** Whether the definition asks for the older kind of dummy data: many rows, hardly a NULL, ages without regard to people. */
  readonly isLegacy: boolean;
}

export const columnKey = (table: string, column: string): string => `${table}.${column}`;

export function baseTable(frame: Frame): Frame & { kind: 'table' | 'inline_table' | 'file_table' } {
  let base = frame;
  while (base.kind === 'filter' || base.kind === 'sort' || base.kind === 'pick') base = base.source;
  return base;
}

function comparedColumn(series: Series): string | undefined {
  if (series.kind !== 'select_column') return undefined;
  const table = baseTable(series.source);
  return table.kind === 'table' ? columnKey(table.name, series.name) : undefined;
}

function constants(series: Series): readonly Scalar[] {
  if (series.kind === 'value') return [series.value];
  return series.kind === 'value_set' ? series.values : [];
}

/** @param roots every series of the definition, placeholders filled in or not */
export function vocabularyOf(roots: readonly Node[], definition: DatasetDefinition | MeasuresDefinition): Vocabulary {
  const lists = new Map<string, (readonly Scalar[])[]>();
  const dates = new Set<string>();
  for (const node of topologicalOrder(roots)) {
    if ('type' in node && node.type === 'date') for (const value of constants(node)) dates.add(String(value));
    if (!('left' in node) || !('right' in node)) continue;
    const [column, other] = comparedColumn(node.left) ? [node.left, node.right] : [node.right, node.left];
    const key = comparedColumn(column);
    const values = constants(other);
    if (key !== undefined && values.length > 0) lists.set(key, [...(lists.get(key) ?? []), values]);
  }
  if (definition.kind === 'measures') {
    for (const { intervals } of definition.measures) for (const { start, end } of intervals) dates.add(start).add(end);
  }
  // Beyond these a date stands for never or for always, and nothing happens near it.
  const known = [...dates].filter((date) => date > '1990-01-01' && date < '2040-01-01').sort();
  const all = known.length > 0 ? known : ['2024-01-01'];
  return { lists, dates: all, horizon: addYear(all.at(-1)!), isLegacy: definition.dummyData.legacy === true };
}

function addYear(date: string): string {
  return `${Number(date.slice(0, 4)) + 1}-${date.slice(5, 8)}28`;
}
