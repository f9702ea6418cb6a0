// Works out calculations on constants before they become SQL, such as a day of an interval minus a year: the text stays
// readable, and the database sees plain bounds. The meaning is the reference engine's own.
import type { Nullable, Series } from '@glovebox/language';
import { applyBinary, applyUnary } from '../../reference/functions.js';
import { operandOrder, operandsOf } from './graph.js';

const known = new WeakMap<Series, { readonly value: Nullable } | undefined>();

/** The value of a calculation on constants; undefined for anything else. A constant that is NULL is null. */
export function constantOf(series: Series): Nullable | undefined {
  if (!known.has(series)) {
    for (const node of operandOrder([series], (n) => known.has(n))) {
      if (!known.has(node)) known.set(node, evaluate(node));
    }
  }
  return known.get(series)?.value;
}

function evaluate(node: Series): { readonly value: Nullable } | undefined {
  if (node.kind === 'value') return { value: node.value };
  const operands = operandsOf(node);
  const values = operands.map((operand) => known.get(operand));
  if (operands.length === 0 || values.some((value) => value === undefined)) return undefined;
  const [first, second] = values as readonly { readonly value: Nullable }[];
  switch (node.kind) {
    case 'case':
    case 'in':
    case 'maximum_of':
    case 'minimum_of':
      return undefined;
    default:
      return 'left' in node && second
        ? { value: applyBinary(node.kind, first!.value, second.value) }
        : { value: applyUnary(node.kind as Parameters<typeof applyUnary>[0], first!.value) };
  }
}
