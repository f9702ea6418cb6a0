// Group values as bits of one integer. Most groups of a study are conditions or a few constant labels; hashing and
// comparing nineteen of them for every patient costs far more than one number. The cells get their values back.
import { typeOf, type Nullable, type Scalar, type Series } from '@glovebox/language';
import { intervalPlace } from './interval-table.js';
import { compareScalars } from '../reference/order.js';
import { operandOrder, operandsOf, unlessNull } from '../sql/plan/graph.js';
import type { Dialect } from '../sql/dialect.js';
import { asText, literalOf } from '../sql/plan/compile.js';
import { binary, caseOf, intLiteral, nullLiteral, type ExpressionNode } from '../sql/tree/index.js';

/** Neighbouring bits of the key. */
export interface PackedRun {
  /** The lowest of them, as a factor. */
  readonly factor: bigint;
  /** How many codes they can tell apart. */
  readonly size: bigint;
}

export interface PackedGroup extends PackedRun {
  /** The place among the groups of the batch. */
  readonly at: number;
  /** An int of the patient: 0 for NULL, else 1 + the place among `values`. */
  readonly code: Series;
  readonly values: readonly Scalar[];
}

/** Bits of an integer that stays positive, without those for the place of an interval. */
const bitsOfKey = 56;
const bitsOfPlace = 6;

/** The groups that fit one key, of those whose values are known beforehand. */
export function packGroups(groups: readonly Series[]): readonly PackedGroup[] {
  const packed: (Omit<PackedGroup, 'factor'> & { readonly bits: number })[] = [];
  let used = 0;
  for (const [at, series] of groups.entries()) {
    const values = valuesOf(series);
    if (values === undefined) continue;
    const bits = Math.ceil(Math.log2(values.length + 1));
    if (used + bits > bitsOfKey) continue;
    packed.push({ at, code: codeOf(series, values), values, size: 1n << BigInt(bits), bits });
    used += bits;
  }
  if (packed.length < 2) return [];
  // The first group has the highest bits: keys have the order of their groups.
  return packed.map(({ bits, ...group }) => ({ ...group, factor: 1n << BigInt((used -= bits)) }));
}

/** The place of the interval in front of the groups, where a key is about several: keys of one interval stay together. */
export function packPlace(packed: readonly PackedGroup[]): PackedGroup {
  const [first] = packed;
  return {
    at: -1,
    code: intervalPlace,
    values: [],
    factor: first ? first.factor * first.size : 1n,
    size: 1n << BigInt(bitsOfPlace),
  };
}

/** All values that a series can have, in their order; undefined when the definition doesn't say. */
function valuesOf(series: Series): readonly Scalar[] | undefined {
  if (series.kind !== 'case') return typeOf(series) === 'bool' ? [false, true] : undefined;
  const results = [...series.cases.map((arm) => arm.then), series.otherwise].filter((result) => result !== null);
  const values = new Set<Scalar>();
  for (const result of results) {
    if (result.kind !== 'value') return typeOf(series) === 'bool' ? [false, true] : undefined;
    values.add(result.value);
  }
  return [...values].sort(compareScalars);
}

function codeOf(series: Series, values: readonly Scalar[]): Series {
  const int = (value: number): Series => ({ kind: 'value', type: 'int', value: BigInt(value) });
  if (series.kind === 'case' && series.cases.every((arm) => arm.then === null || arm.then.kind === 'value')) {
    const code = (result: Series | null): Series =>
      int(result?.kind === 'value' ? values.indexOf(result.value) + 1 : 0);
    if (series.otherwise === null || series.otherwise.kind === 'value') {
      return {
        kind: 'case',
        cases: series.cases.map(({ when, then }) => ({ when, then: code(then) })),
        otherwise: code(series.otherwise),
      };
    }
  }
  if (isNeverNull(series)) {
    return { kind: 'add', left: { kind: 'cast_to_int', source: series }, right: int(1) };
  }
  return {
    kind: 'case',
    cases: [
      { when: series, then: int(2) },
      { when: { kind: 'not', source: series }, then: int(1) },
    ],
    otherwise: int(0),
  };
}

const neverNull = new Set<Series['kind']>(['exists', 'is_null', 'count', 'count_distinct', 'count_episodes']);
const nullIfOperandIs = new Set<Series['kind']>(['not', 'and', 'or', 'eq', 'ne', 'lt', 'le', 'gt', 'ge']);

/** Whether a condition is true or false for everybody, as can be seen from its parts. */
function isNeverNull(condition: Series): boolean {
  const known = new Map<Series, boolean>();
  const isKnown = (node: Series): boolean => known.get(node) === true;
  for (const node of operandOrder([condition], () => false)) {
    const alternatives = unlessNull(node);
    if (alternatives) known.set(node, alternatives.some(isKnown));
    else if (node.kind === 'value') known.set(node, node.value !== null);
    else
      known.set(node, neverNull.has(node.kind) || (nullIfOperandIs.has(node.kind) && operandsOf(node).every(isKnown)));
  }
  return isKnown(condition);
}

/** The key of a patient as a sum of codes; undefined for none. The order of the terms changes nothing. */
export function keyOf(packed: readonly PackedGroup[]): Series | undefined {
  return packed
    .map(({ code, factor }): Series => ({
      kind: 'multiply',
      left: code,
      right: { kind: 'value', type: 'int', value: factor },
    }))
    .reduce<Series | undefined>((left, right) => (left ? { kind: 'add', left, right } : right), undefined);
}

/** The code of a group in a cell, from the cell's key. Codes have the order of the values, NULL first. */
export function unpackedCode({ factor, size }: PackedRun, key: ExpressionNode): ExpressionNode {
  return binary('%', factor === 1n ? key : binary('//', key, intLiteral(factor)), intLiteral(size));
}

/** The value of a group in a cell, from the cell's key. */
export function unpacked(
  group: PackedGroup,
  key: ExpressionNode,
  type: ReturnType<typeof typeOf>,
  dialect: Dialect,
): ExpressionNode {
  const code = unpackedCode(group, key);
  const arms = group.values.map((value: NonNullable<Nullable>, at) => ({
    when: binary('=', code, intLiteral(at + 1)),
    then: literalOf(type, value),
  }));
  return asText(type, caseOf(arms, nullLiteral), dialect);
}
