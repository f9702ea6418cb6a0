// A date of a row compared with a day of every interval at once: looked up in a table of days, which has for each day an
// integer with the bits of the intervals in which the comparison is true.
import { substituteParameters, type Binary, type Series } from '@glovebox/language';
import { dayNumber } from '../duckdb/append.js';
import { isoDate } from '../duckdb/rows.js';
import { applyBinary } from '../reference/functions.js';
import { compile } from '../sql/plan/compile.js';
import { constantOf } from '../sql/plan/constant.js';
import type { Leaf } from '../sql/plan/layers.js';
import { isConstant } from '../sql/plan/place.js';
import type { RowScope } from '../sql/plan/row-scope.js';
import { binary, column, dateLiteral, either, from, named, type FromNode } from '../sql/tree/index.js';
import { bitOf, moves, type BitsInput } from './bits.js';

/** A comparison of a date of the row with a day of each interval. */
export interface Lookup {
  readonly condition: Series;
  readonly date: Series;
  readonly days: readonly string[];
  readonly isTrue: (date: string, day: string) => boolean;
}

type Comparison = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne';
const comparisons = new Set<Series['kind']>(['lt', 'le', 'gt', 'ge', 'eq', 'ne']);
const isComparison = (node: Series): node is Binary & { readonly kind: Comparison } => comparisons.has(node.kind);

export function lookupOf(condition: Series, { intervals, pool }: BitsInput): Lookup | undefined {
  if (!isComparison(condition)) return undefined;
  const { kind, left, right } = condition;
  const isLeft = !moves(left);
  const [date, bound] = isLeft ? [left, right] : [right, left];
  if (moves(date) || !isConstant(bound) || isConstant(date)) return undefined;
  const days = intervals.map((interval) => constantOf(substituteParameters([bound], interval, pool)[0]!));
  if (!days.every((day) => typeof day === 'string')) return undefined;
  if (!isoDay.test(days[0]!) || lengthOf(days) > mostDays) return undefined;
  const isTrue = (row: string, day: string): boolean =>
    (isLeft ? applyBinary(kind, row, day) : applyBinary(kind, day, row)) === true;
  return { condition, date, days, isTrue };
}

const isoDay = /^\d{4}-\d\d-\d\d$/;
/** Longer times than a person's make a table that is not worth it. */
const mostDays = 50_000;

const lengthOf = (days: readonly string[]): number => {
  const sorted = [...days].sort();
  return dayNumber(sorted.at(-1)!) - dayNumber(sorted[0]!);
};

/** For each date that is compared a table of days: from the day before the first that matters to the one after the last. */
export function joinedDays(
  lookups: readonly Lookup[],
  rows: RowScope,
  { dialect, uploads }: BitsInput,
): {
  readonly sources: readonly FromNode[];
  readonly leaves: readonly Leaf[];
  readonly leafOf: ReadonlyMap<Series, string>;
} {
  const byDate = new Map<Series, Lookup[]>();
  for (const lookup of lookups) byDate.set(lookup.date, [...(byDate.get(lookup.date) ?? []), lookup]);
  const direct = new Map(rows.leaves.map(({ name, value }) => [name, value]));
  const scope = {
    dialect,
    longList: rows.longList,
    known: new Map([...rows.bindings].map(([node, bind]) => [node, bind((name) => direct.get(name)!)])),
  };
  const leafOf = new Map<Series, string>();
  const leaves: Leaf[] = [];
  const sources = [...byDate].map(([date, ofDate], at) => {
    const alias = `d${at}`;
    const bounds = ofDate.flatMap(({ days }) => days).sort();
    const [first, last] = [dayNumber(bounds[0]!) - 1, dayNumber(bounds.at(-1)!) + 1];
    const table = uploads.rows(
      'days',
      [{ name: 'day', type: 'date' }, ...ofDate.map((_, place) => ({ name: `b${place}`, type: 'int' as const }))],
      Array.from({ length: last - first + 1 }, (_, offset) => {
        const day = isoDate(first + offset);
        return [day, ...ofDate.map((lookup) => bitsOn(day, lookup))];
      }),
    );
    for (const [place, { condition }] of ofDate.entries()) {
      leaves.push({ name: `${alias}_b${place}`, value: column(alias, `b${place}`) });
      leafOf.set(condition, `${alias}_b${place}`);
    }
    // A date before all that matter is like the first day of the table, one after all like the last.
    const value = compile(date, scope);
    const [low, high] = [dateLiteral(isoDate(first)), dateLiteral(isoDate(last))];
    const clamped = either(binary('<', value, low), low, either(binary('>', value, high), high, value));
    return from(named(table), alias, { type: 'left', on: binary('=', clamped, column(alias, 'day')) });
  });
  return { sources, leaves, leafOf };
}

const bitsOn = (day: string, { days, isTrue }: Lookup): bigint =>
  days.reduce((bits, bound, at) => (isTrue(day, bound) ? bits | bitOf(at) : bits), 0n);
