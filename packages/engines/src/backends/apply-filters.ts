// Puts a backend's filters into a definition before it is planned, so that they are part of the plan of every engine.
//
// A definition can declare tables itself. One that gives a table of the backend another shape or a column that is not for
// studies, or names a table that is not, would get round a filter or read who opted out; it is refused.
import {
  columnsUsed,
  definitionRoots,
  nodePool,
  rewrite,
  tableCatalogue,
  typeOf,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Node,
  type NodePool,
  type Series,
  type Table,
  type TableFacts,
} from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import type { ActivationFilter, Backend } from './backend.js';

/**
 * The definition as this backend answers it.
 *
 * @param granted the permissions of the job's project; never those that a definition claims
 * @throws ProblemError for a table or column that this backend doesn't offer, or not in this shape
 */
export function withBackendFilters<D extends DatasetDefinition | MeasuresDefinition>(
  definition: D,
  backend: Backend,
  granted: readonly string[],
): D {
  for (const [table, columns] of columnsUsed(definitionRoots(definition))) checkOffered(table, columns, backend);
  const { activation } = backend;
  const activates = activation !== undefined && !granted.includes(activation.permission) ? activation : undefined;
  const pool = nodePool();
  const conditions = backend.population
    .filter((filter) => !granted.includes(filter.permission))
    .map((filter) => rewrite([filter.keeps], (node) => node, pool)(filter.keeps) as Series);
  const resultOf = rewrite(
    definitionRoots(definition),
    (node) => (node.kind === 'table' ? filteredTable(node, backend, activates, pool) : node),
    pool,
  );
  const now = (series: Series): Series => resultOf(series) as Series;
  const kept = (series: Series): Series =>
    conditions.reduce<Series>((left, right) => pool.share({ kind: 'and', left, right }), series);
  return filtered(definition, now, (population) => membersOnly(population, kept, pool)) as D;
}

function filtered(
  definition: DatasetDefinition | MeasuresDefinition,
  now: (series: Series) => Series,
  members: (population: Series) => Series,
): DatasetDefinition | MeasuresDefinition {
  const named = <N extends { readonly series: Series }>(items: readonly N[]): readonly N[] =>
    items.map((item) => ({ ...item, series: now(item.series) }));
  if (definition.kind === 'dataset') {
    return {
      ...definition,
      population: members(now(definition.population)),
      columns: named(definition.columns),
      eventTables: definition.eventTables.map((table) => ({ ...table, columns: named(table.columns) })),
    };
  }
  return {
    ...definition,
    measures: definition.measures.map((measure) => ({
      ...measure,
      numerator: now(measure.numerator),
      denominator: members(now(measure.denominator)),
      groupBy: named(measure.groupBy),
    })),
  };
}

/** A population is true of its members; a denominator may be a number instead, which is NULL for everyone else. */
function membersOnly(population: Series, kept: (series: Series) => Series, pool: NodePool): Series {
  if (typeOf(population) === 'bool') return kept(population);
  const isMember = kept(pool.share({ kind: 'value', type: 'bool', value: true }));
  if (isMember.kind === 'value') return population;
  return pool.share({ kind: 'case', cases: [{ when: isMember, then: population }], otherwise: null });
}

function checkOffered(table: Table, used: readonly string[], backend: Backend): void {
  const facts = factsOf(table.name, backend.name);
  if (facts.length === 0) throw new ProblemError(problem('table-not-offered', [table.name, backend.name]));
  if (facts.every(({ rows }) => rows !== table.rows)) {
    throw new ProblemError(problem('table-shape', [table.name, facts[0]!.rows]));
  }
  const offered = facts.flatMap(({ columns }) => columns);
  for (const { name, type } of table.columns) {
    if (used.includes(name) && !offered.some((column) => column.name === name && column.type === type)) {
      throw new ProblemError(problem('column-not-offered', [table.name, name, backend.name]));
    }
  }
}

function filteredTable(table: Table, backend: Backend, activation: ActivationFilter | undefined, pool: NodePool): Node {
  if (!activation) return table;
  const facts = factsOf(table.name, backend.name);
  const restricted = activation.restricted[table.name];
  if (restricted !== undefined) return pool.share({ ...table, name: restricted });
  const rule = facts.map((f) => f.activation_filter).find((f) => typeof f === 'object');
  if (!rule) return table;
  const { column } = rule;
  const isThere = table.columns.some(({ name, type }) => name === column && type === 'date');
  if (!isThere && table.columns.some(({ name }) => name === column)) {
    throw new ProblemError(problem('table-shape', [table.name, facts[0]!.rows]));
  }
  const source = pool.share<Table>(
    isThere ? table : { ...table, columns: [...table.columns, { name: column, type: 'date' }] },
  );
  const left = pool.share<Series>({ kind: 'select_column', source, name: column });
  const right = rewrite([activation.lastDay], (node) => node, pool)(activation.lastDay) as Series;
  // A row without a date is not known to be of the time before, so it is left out too.
  const condition = pool.share<Series>({ kind: 'le', left, right });
  return pool.share({ kind: 'filter', source, condition });
}

/** What is known of a table that this backend offers to studies under any of its namespaces. */
function factsOf(name: string, backend: string): readonly TableFacts[] {
  const { backends, namespaces, tables } = tableCatalogue();
  return Object.entries(namespaces)
    .filter(([namespace]) => backends[namespace]?.includes(backend) === true)
    .flatMap(([, keys]) => Object.values(keys).map((key) => tables[key]!))
    .filter((facts) => facts.name === name);
}
