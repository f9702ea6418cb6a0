// Between which numbers the values of an output column lie, where that is known: it decides how wide an integer column
// of an Arrow file is. Counts are taken to fit 16 bits, as studies expect of them.
import { tablesNamed, type Column, type ColumnConstraint, type Series, type TableFacts } from '@glovebox/language';

export type IntegerRange = readonly [least: bigint, greatest: bigint];

/** Follows a column through first, last, min and max; any other operation loses it. */
export function rangeOf(series: Series): IntegerRange | undefined {
  if (series.kind === 'count') return [0n, 0xffffn];
  if (series.kind === 'min' || series.kind === 'max') return rangeOf(series.source);
  if (series.kind !== 'select_column') return undefined;
  let frame = series.source;
  while (frame.kind === 'filter' || frame.kind === 'sort' || frame.kind === 'pick') frame = frame.source;
  const column = frame.columns.find(({ name }) => name === series.name)!;
  const declared = column.constraints ?? [];
  const known = frame.kind === 'table' ? tablesNamed(frame.name).flatMap((table) => columnRules(table, column)) : [];
  const ranges = (declared.length > 0 ? [declared] : known).map((rules) => rules.find(isClosedRange));
  // Tables of one name in several namespaces must say the same.
  const [first, ...others] = ranges;
  if (!first || others.some((o) => o?.minimum !== first.minimum || o.maximum !== first.maximum)) return undefined;
  return [BigInt(first.minimum), BigInt(first.maximum)];
}

function columnRules(table: TableFacts, { name }: Column): readonly (readonly ColumnConstraint[])[] {
  return table.columns.filter((column) => column.name === name).map((column) => column.constraints ?? []);
}

const isClosedRange = (rule: ColumnConstraint): rule is ColumnConstraint & { readonly kind: 'ClosedRange' } =>
  rule.kind === 'ClosedRange';
