// A row of a table takes part in some of the intervals: an integer with a bit for each of them. Conditions are calculated
// on such integers, one for the intervals in which a condition is true and one for those in which it is false; in the
// others it is NULL. A date compared with a day of the interval is looked up in a table of days. Any other comparison of
// the row with the interval is simply tried on every interval.
import { substituteParameters, type Series } from '@glovebox/language';
import { compile } from '../sql/plan/compile.js';
import type { Layered, Leaf } from '../sql/plan/layers.js';
import { conjunctsOf, joinConditions } from '../sql/plan/membership.js';
import { patientValuesIn } from '../sql/plan/place.js';
import type { RowScope } from '../sql/plan/row-scope.js';
import {
  binary,
  call,
  cast,
  either,
  intLiteral,
  prefix,
  type ExpressionNode,
  type FromNode,
} from '../sql/tree/index.js';
import { bitOf, moves, zero, type BitsInput } from './bits.js';
import { joinedDays, lookupOf, type Lookup } from './days-lookup.js';

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
