// The extra sort keys that make the first or last row of a patient a definite one. They depend on the whole definition:
// every column that any part of it selects from the same picked frame takes part, so that a pick never changes
// depending on which output is computed first.
import type { Frame, Pick, Series } from './nodes.js';
import { topologicalOrder } from './order.js';
import { compareText } from './text.js';

/**
 * For each pick, the names of the columns that break its ties, in order; all ascending, for `last` all reversed.
 *
 * @param roots every series of the definition, parameters substituted already when they are to be.
 */
export function tieBreaks(roots: Iterable<Series>): ReadonlyMap<Pick, readonly string[]> {
  const selected = new Map<Pick, Set<string>>();
  for (const node of topologicalOrder(roots)) {
    if (node.kind === 'pick' && !selected.has(node)) selected.set(node, new Set());
    if (node.kind === 'select_column' && node.source.kind === 'pick') selected.get(node.source)!.add(node.name);
  }
  const ties = new Map<Pick, readonly string[]>();
  for (const [pick, names] of selected) {
    const direct = new Set(sortKeys(pick).map((key) => (key.kind === 'select_column' ? key.name : undefined)));
    ties.set(pick, [...names].filter((name) => !direct.has(name)).sort(compareText));
  }
  return ties;
}

/** The keys that a pick sorts by, most important first: the outermost sort comes first. */
export function sortKeys(pick: Pick): readonly Series[] {
  const keys: Series[] = [];
  let frame: Frame = pick.source;
  while (frame.kind === 'filter' || frame.kind === 'sort') {
    if (frame.kind === 'sort') keys.push(frame.by);
    frame = frame.source;
  }
  return keys;
}
