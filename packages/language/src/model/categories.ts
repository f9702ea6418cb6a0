// The closed set of values of an output column, where there is one. It follows a column through min, max, first and
// last, and through case expressions whose every result has one; any other operation loses it.
import type { Frame, Series } from './nodes.js';
import { topologicalOrder } from './order.js';
import { typeOf } from './check.js';

/** The categories of a series in order, or undefined. Only text has categories; a literal is a category of its own. */
export function categoriesOf(series: Series): readonly string[] | undefined {
  const results = new Map<object, readonly string[] | undefined>();
  for (const node of topologicalOrder([series])) {
    if (node.kind === 'select_column') {
      results.set(node, columnCategories(node.source, node.name));
    } else if (node.kind === 'min' || node.kind === 'max') {
      results.set(node, results.get(node.source));
    } else if (node.kind === 'value') {
      results.set(node, node.type === 'str' ? [node.value as string] : undefined);
    } else if (node.kind === 'case' && typeOf(node) === 'str') {
      const branches = [...node.cases.map((c) => c.then), node.otherwise].filter((b) => b !== null);
      const known = branches.map((b) => results.get(b)).filter((c) => c !== undefined);
      results.set(node, known.length === branches.length ? [...new Set(known.flat())] : undefined);
    }
  }
  return results.get(series);
}

function columnCategories(source: Frame, name: string): readonly string[] | undefined {
  let frame = source;
  while (frame.kind === 'filter' || frame.kind === 'sort' || frame.kind === 'pick') frame = frame.source;
  return frame.columns.find((c) => c.name === name)?.categories;
}
