// Keeps equal nodes one object, and rewrites a model while doing so. Without it a definition that reuses expressions
// would be evaluated, and printed, once for each use.
import type { Frame, Interval, Node, Series } from './nodes.js';
import { childrenOf, topologicalOrder } from './order.js';
import { notePlace, placeOf } from './places.js';

/** Gives the one object for a node; its children must come from the same pool. */
export interface NodePool {
  share<N extends Node>(node: N): N;
}

/** An empty pool. It holds its nodes for as long as it lives: make one per definition. */
export function nodePool(): NodePool {
  const byKey = new Map<string, Node>();
  const numbers = new Map<Node, number>();
  return {
    share<N extends Node>(node: N): N {
      if (numbers.has(node)) return node;
      const key = keyOf(node, (child) => {
        const number = numbers.get(child);
        if (number === undefined) throw new Error(`${child.kind} is not of this pool`);
        return number;
      });
      const found = byKey.get(key);
      if (found !== undefined) return found as N;
      byKey.set(key, node);
      numbers.set(node, numbers.size);
      return node;
    },
  };
}

function keyOf(node: Node, numberOf: (child: Node) => number): string {
  const fields: Record<string, unknown> = { ...node };
  for (const name of ['source', 'condition', 'by', 'left', 'right', 'otherwise', 'sources', 'cases'])
    delete fields[name];
  const children = childrenOf(node).map(numberOf);
  // Which results of a case are NULL is part of its meaning, and invisible in the list of children.
  const nulls = node.kind === 'case' ? [...node.cases.map((c) => c.then === null), node.otherwise === null] : [];
  return JSON.stringify([fields, children, nulls], (_name, value: unknown) => {
    if (typeof value === 'bigint') return `int ${value}`;
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
      return `float ${Object.is(value, -0) ? '-0' : value}`;
    }
    return value;
  });
}

/** The same node with other children, given by `to`. */
function withChildren(node: Node, to: (child: Node) => Node): Node {
  const series = (child: Series): Series => to(child) as Series;
  if (childrenOf(node).every((child) => to(child) === child)) return node;
  if (node.kind === 'case') {
    return {
      ...node,
      cases: node.cases.map((c) => ({ when: series(c.when), then: c.then && series(c.then) })),
      otherwise: node.otherwise && series(node.otherwise),
    };
  }
  const copy: Record<string, unknown> = { ...node };
  for (const name of ['source', 'condition', 'by', 'left', 'right']) {
    if (name in copy) copy[name] = to(copy[name] as Node);
  }
  if ('sources' in copy) copy['sources'] = (copy['sources'] as readonly Series[]).map(series);
  return copy as unknown as Node;
}

/**
 * Rewrites models bottom up: `replace` sees each node, its children replaced already, and what it was before, and gives
 * what stands for it.
 *
 * @returns the new node for each node reachable from `roots`; equal results are one object.
 */
export function rewrite(
  roots: Iterable<Node>,
  replace: (node: Node, before: Node) => Node,
  pool = nodePool(),
): (node: Node) => Node {
  const results = new Map<Node, Node>();
  const resultOf = (node: Node): Node => {
    const result = results.get(node);
    if (result === undefined) throw new Error(`${node.kind} was not rewritten`);
    return result;
  };
  for (const node of topologicalOrder(roots)) {
    const result = pool.share(replace(pool.share(withChildren(node, resultOf)), node));
    notePlace(result, placeOf(node));
    results.set(node, result);
  }
  return resultOf;
}

/**
 * The series with the two interval placeholders filled in. Pass all series that belong together in one call (or one
 * pool), so that what they share stays shared.
 *
 * @example
 * const [numerator, denominator] = substituteParameters([m.numerator, m.denominator], m.intervals[0]);
 */
export function substituteParameters(
  series: readonly Series[],
  interval: Interval,
  pool = nodePool(),
): readonly Series[] {
  const resultOf = rewrite(
    series,
    (node) => {
      if (node.kind !== 'parameter') return node;
      return {
        kind: 'value',
        type: 'date',
        value: node.name === 'interval_start_date' ? interval.start : interval.end,
      };
    },
    pool,
  );
  return series.map((s) => resultOf(s) as Series);
}

/** The series with some frames replaced, for example tables in files by the rows read from them. */
export function replaceFrames(series: readonly Series[], frames: ReadonlyMap<Frame, Frame>): readonly Series[] {
  const resultOf = rewrite(series, (node) => frames.get(node as Frame) ?? node);
  return series.map((s) => resultOf(s) as Series);
}
