// Which numerators add nothing for a patient without events: in one week that is nearly everybody, so only the others
// need a row when numerators are summed.
import type { Nullable, Series } from '@glovebox/language';
import { applyBinary, applyUnary } from '../reference/functions.js';
import { operandOrder, operandsOf, unlessNull } from '../sql/plan/graph.js';

/** A known value, or nothing known. */
type Known = { readonly value: Nullable } | undefined;

const is = (value: Nullable): Known => ({ value });

/**
 * Whether a series is false, zero or NULL for every patient for whom no aggregation or pick has any row.
 *
 * @param isGiven values that are there for patients without rows too; nothing is known of them.
 */
export function isNothingWithoutRows(series: Series, isGiven: (node: Series) => boolean): boolean {
  const known = new Map<Series, Known>();
  for (const node of operandOrder([series], isGiven))
    known.set(node, isGiven(node) ? undefined : withoutRows(node, known, isGiven));
  const result = known.get(series);
  return result !== undefined && (result.value === null || result.value === false || result.value === 0n);
}

function withoutRows(node: Series, known: ReadonlyMap<Series, Known>, isGiven: (node: Series) => boolean): Known {
  switch (node.kind) {
    case 'value':
      return is(node.value);
    case 'exists':
      return is(false);
    case 'count':
    case 'count_distinct':
    case 'count_episodes':
      return is(0n);
    case 'min':
    case 'max':
    case 'sum':
    case 'mean':
      return is(null);
    case 'select_column':
      return node.source.kind === 'pick' ? is(null) : undefined;
    case 'in':
      return node.right.kind === 'combine_as_set' && !isGiven(node.right) ? is(false) : undefined;
    case 'case':
      return caseWithoutRows(node, known);
    default:
      return calculated(node, known);
  }
}

function caseWithoutRows(node: Extract<Series, { kind: 'case' }>, known: ReadonlyMap<Series, Known>): Known {
  const alternatives = unlessNull(node);
  if (alternatives) {
    const [value, otherwise] = alternatives.map((one) => known.get(one));
    return value?.value === null ? otherwise : value;
  }
  for (const { when, then } of node.cases) {
    const condition = known.get(when);
    if (condition === undefined) return undefined;
    if (condition.value === true) return then === null ? is(null) : known.get(then);
  }
  return node.otherwise === null ? is(null) : known.get(node.otherwise);
}

function calculated(node: Series, known: ReadonlyMap<Series, Known>): Known {
  const operands = operandsOf(node).map((operand) => known.get(operand));
  const decides = node.kind === 'and' ? false : node.kind === 'or' ? true : undefined;
  if (decides !== undefined && operands.some((operand) => operand?.value === decides)) return is(decides);
  if (operands.length === 0 || operands.some((operand) => operand === undefined)) return undefined;
  const [first, second] = operands as readonly { readonly value: Nullable }[];
  try {
    if ('left' in node && node.kind !== 'in') return is(applyBinary(node.kind, first!.value, second!.value));
    return 'source' in node ? is(applyUnary(node.kind as Parameters<typeof applyUnary>[0], first!.value)) : undefined;
  } catch {
    return undefined;
  }
}
