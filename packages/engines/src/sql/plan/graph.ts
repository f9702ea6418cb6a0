// Walks the series of a query model without entering frames: what decides which rows a series is about is handled by
// the planner, level by level. Loops instead of recursion, because definitions can be thousands of nodes deep.
import { childrenOf, type Series } from '@glovebox/language';

/** Series that start from rows or constants; whatever they refer to is another level's business. */
const leafKinds = new Set<Series['kind']>([
  'value',
  'value_set',
  'parameter',
  'select_column',
  'exists',
  'count',
  'count_distinct',
  'min',
  'max',
  'sum',
  'mean',
  'combine_as_set',
  'count_episodes',
]);

/** A case that is its first value, and where that is NULL the other one: `x.when_null_then(y)`. */
export function unlessNull(node: Series): readonly [value: Series, otherwise: Series] | undefined {
  if (node.kind !== 'case' || node.cases.length !== 1 || node.otherwise === null) return undefined;
  const { when, then } = node.cases[0]!;
  const isKnown = when.kind === 'not' && when.source.kind === 'is_null' && when.source.source === then;
  return isKnown ? [then, node.otherwise] : undefined;
}

/** The series that a series is computed from, row by row. Aggregations and columns have none: they are leaves here. */
export function operandsOf(node: Series): readonly Series[] {
  if (leafKinds.has(node.kind)) return [];
  if (node.kind === 'in' && node.right.kind === 'value_set') return [node.left];
  const alternatives = unlessNull(node);
  if (alternatives) return alternatives;
  return childrenOf(node) as readonly Series[];
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
