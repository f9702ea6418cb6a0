// The shape of a query model as a graph: what a node refers to, and an order in which children come before parents.
// Definitions can be many thousands of nodes deep, so everything that walks them loops over this order: recursion
// would overflow the stack on a hostile or merely long definition.
import type { DatasetDefinition, Frame, MeasuresDefinition, Node, Series } from './nodes.js';

const frameKinds = new Set<Node['kind']>(['table', 'inline_table', 'file_table', 'filter', 'sort', 'pick']);

/** Whether a node stands for rows (a frame) instead of values (a series). */
export function isFrame(node: Node): node is Frame {
  return frameKinds.has(node.kind);
}

/** The nodes that a node refers to directly, in the order of its fields. */
export function childrenOf(node: Node): readonly Node[] {
  if ('left' in node) return [node.left, node.right];
  switch (node.kind) {
    case 'table':
    case 'inline_table':
    case 'file_table':
    case 'value':
    case 'value_set':
    case 'parameter':
      return [];
    case 'filter':
      return [node.source, node.condition];
    case 'sort':
      return [node.source, node.by];
    case 'pick':
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
    case 'case':
    default: {
      const children: Series[] = [];
      for (const { when, then } of node.cases) {
        children.push(when);
        if (then !== null) children.push(then);
      }
      if (node.otherwise !== null) children.push(node.otherwise);
      return children;
    }
  }
}

/**
 * Every node reachable from `roots`, once each, children before parents.
 *
 * @param childrenFor what to follow, where that is less than everything
 *
 * @example
 * topologicalOrder([definition.population]).at(-1) === definition.population;
 */
export function topologicalOrder(roots: Iterable<Node>, childrenFor = childrenOf): readonly Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { readonly node: Node; readonly children: readonly Node[]; next: number }[] = [];
  const enter = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, children: childrenFor(node), next: 0 });
  };
  for (const root of roots) {
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const child = top.children[top.next];
      top.next += 1;
      if (child === undefined) {
        order.push(top.node);
        stack.pop();
      } else {
        enter(child);
      }
    }
  }
  return order;
}

/**
 * Every series that the result of a definition depends on: population or denominators, columns, numerators, groups.
 * What only steers dummy data is left out.
 */
export function definitionRoots(definition: DatasetDefinition | MeasuresDefinition): readonly Series[] {
  if (definition.kind === 'dataset') {
    return [
      definition.population,
      ...definition.columns.map((c) => c.series),
      ...definition.eventTables.flatMap((t) => t.columns.map((c) => c.series)),
    ];
  }
  return definition.measures.flatMap((m) => [m.denominator, m.numerator, ...m.groupBy.map((g) => g.series)]);
}
