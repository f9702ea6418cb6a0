// A row of a table takes part in some of the intervals: an integer with a bit for each of them. Conditions are calculated
// on such integers, one for the intervals in which a condition is true and one for those in which it is false; in the
// others it is NULL. A date compared with a day of the interval is looked up in a table of days. Any other comparison of
// the row with the interval is simply tried on every interval.
import { substituteParameters, type Binary, type Interval, type NodePool, type Series } from '@glovebox/language';
import { applyBinary } from '../reference/functions.js';
import { compile } from '../sql/plan/compile.js';
import { constantOf } from '../sql/plan/constant.js';
import { operandOrder } from '../sql/plan/graph.js';
import type { Layered, Leaf } from '../sql/plan/layers.js';
import { conjunctsOf, joinConditions } from '../sql/plan/membership.js';
import { isConstant, patientValuesIn } from '../sql/plan/place.js';
import type { RowScope } from '../sql/plan/row-scope.js';
import type { Uploads } from '../sql/plan/uploads.js';
import type { Dialect } from '../sql/dialect.js';
import {
  binary,
  call,
  cast,
  column,
  dateLiteral,
  either,
  from,
  intLiteral,
  named,
  prefix,
  type ExpressionNode,
  type FromNode,
} from '../sql/tree/index.js';
import { dayNumber } from '../duckdb/append.js';
import { isoDate } from '../duckdb/rows.js';

/** So many intervals have a bit each in an integer, with room to shift it by one. */
export const mostIntervals = 60;

export const bitOf = (at: number): bigint => 1n << BigInt(at);

export const hasBit = (value: ExpressionNode, bit: ExpressionNode): ExpressionNode =>
  binary('<>', binary('&', value, bit), intLiteral(0));

export const zero: ExpressionNode = cast(intLiteral(0), 'int');

/** Whether an interval changes what a series of a row is. */
export const moves = (series: Series): boolean =>
  operandOrder([series], () => false).some((node) => node.kind === 'parameter');

/** A condition in two: what no interval changes, and the parts that compare the row with the interval. */
export interface SplitCondition {
  readonly fixed: Series | undefined;
  readonly moving: readonly Series[];
}

/** What a row alone must meet; parts that need something of the patient are left out. */
export function splitCondition(condition: Series | undefined): SplitCondition {
  const ofRow = conjunctsOf(condition).filter((part) => patientValuesIn({ member: part, inputs: [] }).length === 0);
  return { fixed: joinConditions(ofRow.filter((part) => !moves(part))), moving: ofRow.filter(moves) };
}

/** Lists of conditions without repetition, and for each that was given its place among them. */
export function differentLists(lists: readonly (readonly Series[])[]): {
  readonly different: readonly (readonly Series[])[];
  readonly placeOf: readonly number[];
} {
  const different: (readonly Series[])[] = [];
  const placeOf = lists.map((list) => {
    const found = different.findIndex((one) => one.length === list.length && one.every((c, at) => c === list[at]));
    return found >= 0 ? found : different.push(list) - 1;
  });
  return { different, placeOf };
}

export interface BitsInput {
  readonly intervals: readonly Interval[];
  readonly pool: NodePool;
  readonly dialect: Dialect;
  readonly uploads: Uploads;
}

/** What the bits of some conditions are calculated from. */
export interface BitParts {
  /** A condition as it is in every interval, or once when it is the same in all. */
  readonly tried: ReadonlyMap<Series, readonly Series[]>;
  readonly lookups: readonly Lookup[];
  /** What has to be compiled of the rows. */
  readonly reads: readonly Series[];
}

export function bitParts(conditions: readonly Series[], input: BitsInput): BitParts {
  const tried = new Map<Series, readonly Series[]>();
  const lookups: Lookup[] = [];
  for (const condition of simplestOf(conditions)) {
    const lookup = moves(condition) ? lookupOf(condition, input) : undefined;
    if (lookup) lookups.push(lookup);
    else tried.set(condition, moves(condition) ? triedOn(condition, input) : [condition]);
  }
  return { tried, lookups, reads: [...tried.values()].flat() };
}

export interface RowBits {
  /** Tables of days, to be joined to the rows. */
  readonly sources: readonly FromNode[];
  readonly leaves: readonly Leaf[];
  /** The bits of the intervals in which all conditions are true. */
  of(conditions: readonly Series[], layers: Layered): ExpressionNode;
}

export function rowBits({ tried, lookups }: BitParts, rows: RowScope, input: BitsInput): RowBits {
  const all = bitOf(input.intervals.length) - 1n;
  const days = joinedDays(lookups, rows, input);
  const bitsWhere = (node: Series, isTrue: boolean, layers: Layered): ExpressionNode => {
    const of = (operand: Series, want = isTrue): ExpressionNode => bitsWhere(operand, want, layers);
    const others = (bits: ExpressionNode): ExpressionNode => call('xor', bits, intLiteral(all));
    const leaf = days.leafOf.get(node);
    if (leaf !== undefined) {
      const bits = layers.leaf(leaf);
      return call('coalesce', isTrue ? bits : others(bits), intLiteral(0));
    }
    const conditions = tried.get(node);
    if (conditions) {
      const isSame = conditions[0] === node;
      return conditions
        .map((condition, at): ExpressionNode => {
          const value = compile(condition, layers.scope);
          const bit = cast(intLiteral(isSame ? all : bitOf(at)), 'int');
          return either(isTrue ? value : prefix('not', value), bit, zero);
        })
        .reduce((left, right) => binary('+', left, right));
    }
    switch (node.kind) {
      case 'not':
        return of(node.source, !isTrue);
      case 'and':
        return binary(isTrue ? '&' : '|', of(node.left), of(node.right));
      case 'or':
        return binary(isTrue ? '|' : '&', of(node.left), of(node.right));
      case 'is_null': {
        const known = binary('|', of(node.source, true), of(node.source, false));
        return isTrue ? others(known) : known;
      }
      default:
        throw new Error(`${node.kind} has no bits`);
    }
  };
  return {
    sources: days.sources,
    leaves: days.leaves,
    of: (conditions, layers) =>
      conditions
        .map((condition) => bitsWhere(condition, true, layers))
        .reduce<ExpressionNode | undefined>((left, right) => (left ? binary('&', left, right) : right), undefined) ??
      cast(intLiteral(all), 'int'),
  };
}

/** The parts of conditions whose bits are not calculated from those of other parts. */
function simplestOf(conditions: readonly Series[]): ReadonlySet<Series> {
  const parts = new Set<Series>();
  const seen = new Set<Series>();
  const stack = [...conditions];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!moves(node)) parts.add(node);
    else if (node.kind === 'and' || node.kind === 'or') stack.push(node.left, node.right);
    else if (node.kind === 'not') stack.push(node.source);
    else if (node.kind === 'is_null' && isCondition(node.source)) stack.push(node.source);
    else parts.add(node);
  }
  return parts;
}

const conditionKinds = new Set<Series['kind']>([
  'and',
  'or',
  'not',
  'is_null',
  'lt',
  'le',
  'gt',
  'ge',
  'eq',
  'ne',
  'in',
]);
const isCondition = (node: Series): boolean => conditionKinds.has(node.kind);

const triedOn = (condition: Series, { intervals, pool }: BitsInput): readonly Series[] =>
  intervals.map((interval) => substituteParameters([condition], interval, pool)[0]!);

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

function lookupOf(condition: Series, { intervals, pool }: BitsInput): Lookup | undefined {
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
function joinedDays(
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
