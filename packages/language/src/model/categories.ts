// The closed set of values of an output column, where there is one. It follows a column through min, max, first and
// last, and through case expressions whose every result has one; any other operation loses it.
import type { Frame, Series } from './nodes.js';
import { topologicalOrder } from './order.js';
import { typeOf } from './check.js';

/** The categories of a series in order, or undefined. Only text has categories; a literal is a category of its own. */
export function categoriesOf(series: Series): readonly string[] | undefined {
  const results = new Map<object, readonly string[] | undefined>();
  for (const node of topologicalOrder([series])) {
    switch (node.kind) {
      case 'select_column':
        results.set(node, columnCategories(node.source, node.name));
        break;
      case 'min':
      case 'max':
        results.set(node, results.get(node.source));
        break;
      case 'value':
        results.set(node, node.type === 'str' ? [node.value as string] : undefined);
        break;
      case 'case': {
        const branches = [...node.cases.map((c) => c.then), node.otherwise].filter((b) => b !== null);
        const each = branches.map((b) => results.get(b));
        const all = each.every((c) => c !== undefined);
        results.set(node, all && typeOf(node) === 'str' ? [...new Set(each.flat() as string[])] : undefined);
        break;
      }
      default:
        break;
    }
  }
  return results.get(series);
}

function columnCategories(source: Frame, name: string): readonly string[] | undefined {
  let frame = source;
  while (frame.kind === 'filter' || frame.kind === 'sort' || frame.kind === 'pick') frame = frame.source;
  return frame.columns.find((c) => c.name === name)?.categories;
}
