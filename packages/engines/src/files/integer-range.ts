// Between which numbers the values of an output column lie, where that is known: it decides how wide an integer column
// of an Arrow file is. Counts are taken to fit 16 bits, as studies expect of them.
import { tablesNamed, type Series } from '@glovebox/language';

export type IntegerRange = readonly [least: bigint, greatest: bigint];

/** Follows a column through first, last, min and max; any other operation loses it. */
export function rangeOf(series: Series): IntegerRange | undefined {
  if (series.kind === 'count') return [0n, 0xffffn];
  if (series.kind === 'min' || series.kind === 'max') return rangeOf(series.source);
  if (series.kind !== 'select_column') return undefined;
  let frame = series.source;
  while (frame.kind === 'filter' || frame.kind === 'sort' || frame.kind === 'pick') frame = frame.source;
  if (frame.kind !== 'table') return undefined;
  const ranges = tablesNamed(frame.name).flatMap(({ columns }) =>
    columns
      .filter((column) => column.name === series.name)
      .map((column) => column.constraints?.find((rule) => rule.kind === 'ClosedRange')),
  );
  // Tables of one name in several namespaces must say the same.
  const [first, ...others] = ranges;
  if (!first || others.some((o) => o?.minimum !== first.minimum || o.maximum !== first.maximum)) return undefined;
  return [BigInt(first.minimum), BigInt(first.maximum)];
}
