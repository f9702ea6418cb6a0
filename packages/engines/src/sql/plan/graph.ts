// Walks the series of a query model without entering frames: what decides which rows a series is about is handled by
// the planner, level by level. Loops instead of recursion, because definitions can be thousands of nodes deep.
import type { Series } from '@glovebox/language';

/** The series that a series is computed from, row by row. Aggregations and columns have none: they are leaves here. */
export function operandsOf(node: Series): readonly Series[] {
  switch (node.kind) {
    case 'value':
    case 'value_set':
    case 'parameter':
    case 'select_column':
    case 'exists':
    case 'count':
    case 'count_distinct':
    case 'min':
    case 'max':
    case 'sum':
    case 'mean':
    case 'combine_as_set':
    case 'count_episodes':
      return [];
    case 'not':
    case 'is_null':
    case 'negate':
    case 'absolute':
    case 'cast_to_int':
    case 'cast_to_float':
    case 'year':
    case 'month':
    case 'day':
    case 'to_first_of_year':
    case 'to_first_of_month':
      return [node.source];
    case 'maximum_of':
    case 'minimum_of':
      return node.sources;
    case 'case': {
      const operands = node.cases.flatMap(({ when, then }) => (then === null ? [when] : [when, then]));
      return node.otherwise === null ? operands : [...operands, node.otherwise];
    }
    case 'in':
      return node.right.kind === 'value_set' ? [node.left] : [node.left, node.right];
    default:
      return [node.left, node.right];
  }
}

/**
 * Every series reachable from the roots through operands, once each, operands before what uses them.
 *
 * @param isLeaf stops the walk: such a node is in the order, its operands only when reached otherwise.
 */
export function operandOrder(roots: Iterable<Series>, isLeaf: (node: Series) => boolean): readonly Series[] {
  const order: Series[] = [];
  const seen = new Set<Series>();
  const stack: { readonly node: Series; readonly operands: readonly Series[]; next: number }[] = [];
  const enter = (node: Series): void => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, operands: isLeaf(node) ? [] : operandsOf(node), next: 0 });
  };
  for (const root of roots) {
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const operand = top.operands[top.next];
      top.next += 1;
      if (operand !== undefined) enter(operand);
      else {
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}
