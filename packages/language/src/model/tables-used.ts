// Which tables a series or definition touches.
import type { DatasetDefinition, FileTable, InlineTable, MeasuresDefinition, Node, Table } from './nodes.js';
import { definitionRoots, topologicalOrder } from './order.js';

export interface TablesUsed {
  readonly tables: readonly Table[];
  readonly inlineTables: readonly InlineTable[];
  readonly fileTables: readonly FileTable[];
}

/** The tables under any of the nodes, in order of first use. */
export function tablesUnder(roots: Iterable<Node>): TablesUsed {
  const tables: Table[] = [];
  const inlineTables: InlineTable[] = [];
  const fileTables: FileTable[] = [];
  for (const node of topologicalOrder(roots)) {
    if (node.kind === 'table') tables.push(node);
    else if (node.kind === 'inline_table') inlineTables.push(node);
    else if (node.kind === 'file_table') fileTables.push(node);
  }
  return { tables, inlineTables, fileTables };
}

/** The tables that the result of a definition depends on. */
export function tablesUsed(definition: DatasetDefinition | MeasuresDefinition): TablesUsed {
  return tablesUnder(definitionRoots(definition));
}

/** Per table, the columns that anything under the nodes selects, in schema order. */
export function columnsUsed(roots: Iterable<Node>): ReadonlyMap<Table, readonly string[]> {
  const selected = new Map<Table, Set<string>>();
  for (const node of topologicalOrder(roots)) {
    if (node.kind === 'table') selected.set(node, new Set());
    if (node.kind !== 'select_column') continue;
    let frame = node.source;
    while (frame.kind === 'filter' || frame.kind === 'sort' || frame.kind === 'pick') frame = frame.source;
    if (frame.kind === 'table') selected.get(frame)!.add(node.name);
  }
  return new Map(
    [...selected].map(([table, names]) => [table, table.columns.map((c) => c.name).filter((n) => names.has(n))]),
  );
}
