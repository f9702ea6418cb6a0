// The rows of a table that any interval could use, copied once: every interval then scans those few instead of the whole
// table. What a row must meet is taken from the conditions of the aggregations; a bound that moves with the interval
// becomes the widest of all intervals.
import {
  substituteParameters,
  tieBreaks,
  type Interval,
  type NodePool,
  type Series,
  type Table,
} from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import type { Atom } from '../sql/plan/atoms.js';
import { constantOf } from '../sql/plan/constant.js';
import { operandOrder } from '../sql/plan/graph.js';
import { conjunctsOf, joinConditions, memberships, tableOf } from '../sql/plan/membership.js';
import type { Names } from '../sql/plan/names.js';
import { placeAtoms } from '../sql/plan/place.js';
import { prefilter, rowScope } from '../sql/plan/scan.js';
import type { Uploads } from '../sql/plan/uploads.js';
import { column, select, statement, type StatementNode } from '../sql/tree/index.js';
import { dependentOnInterval } from './base.js';

export interface SharedRows {
  readonly table: Table;
  readonly name: string;
  readonly statement: StatementNode;
}

export interface SharedRowsInput {
  /** With placeholders for the interval. */
  readonly roots: readonly Series[];
  readonly intervals: readonly Interval[];
  readonly pool: NodePool;
  /** Whether a value of the patient is known for all intervals already. */
  readonly isGiven: (node: Series) => boolean;
  readonly dialect: Dialect;
  readonly names: Names;
  readonly uploads: Uploads;
}

/** A copy for each table whose rows can be narrowed down. */
export function sharedRows(input: SharedRowsInput): readonly SharedRows[] {
  const { roots, isGiven, dialect, names, uploads } = input;
  const context = { membership: memberships(), ties: tieBreaks(roots) };
  const byTable = new Map<Table, Atom[]>();
  for (const { atom } of placeAtoms(roots, context, isGiven).atoms) {
    byTable.set(atom.table, [...(byTable.get(atom.table) ?? []), atom]);
  }
  const dependent = dependentOnInterval(roots);
  return [...byTable].flatMap(([table, atoms]) => {
    const widened = atoms.map((atom) => ({ ...atom, inputs: [], member: widenedCondition(atom, dependent, input) }));
    if (widened.some((atom) => atom.member === undefined)) return [];
    const rows = rowScope(table, table.name, widened, undefined, uploads);
    const where = prefilter(widened, rows, dialect);
    if (where === undefined) return [];
    const columns = ['patient_id', ...columnsOf(table, atoms, isGiven)];
    const body = select({
      columns: columns.map((name) => ({ name, value: column('t', name) })),
      from: rows.sources,
      where,
    });
    return [{ table, name: names(`${table.name}_of_all_intervals`), statement: statement([], body) }];
  });
}

/** The columns of the table that aggregations read. */
function columnsOf(table: Table, atoms: readonly Atom[], isGiven: (node: Series) => boolean): readonly string[] {
  const roots = atoms.flatMap((atom) => (atom.member ? [atom.member, ...atom.inputs] : atom.inputs));
  const read = new Set<string>();
  for (const node of operandOrder(roots, isGiven)) {
    if (node.kind === 'select_column' && node.source.kind !== 'pick' && tableOf(node.source) === table)
      read.add(node.name);
  }
  return table.columns.map((c) => c.name).filter((name) => read.has(name));
}

/** What every row that an aggregation uses meets in whichever interval; undefined when nothing can be said. */
function widenedCondition(
  atom: Atom,
  dependent: ReadonlySet<unknown>,
  { intervals, pool }: SharedRowsInput,
): Series | undefined {
  const parts = conjunctsOf(atom.member).flatMap((condition): readonly Series[] => {
    if (!dependent.has(condition)) return readsRowsOnly(condition, atom.table) ? [condition] : [];
    const bound = widestBound(condition, intervals, pool);
    return bound ? [bound] : [];
  });
  return joinConditions(parts);
}

function readsRowsOnly(condition: Series, table: Table): boolean {
  const leaves = operandOrder([condition], () => false).filter((node) => 'source' in node && !('left' in node));
  return (
    leaves.every(
      (node) => node.kind !== 'select_column' || (node.source.kind !== 'pick' && tableOf(node.source) === table),
    ) && !operandOrder([condition], () => false).some((node) => aggregations.has(node.kind))
  );
}

const aggregations = new Set<Series['kind']>([
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

/** A column compared with a day that follows from the interval alone: the same with the widest day of all. */
function widestBound(condition: Series, intervals: readonly Interval[], pool: NodePool): Series | undefined {
  const { kind } = condition;
  if (kind !== 'lt' && kind !== 'le' && kind !== 'gt' && kind !== 'ge') return undefined;
  if (condition.left.kind !== 'select_column' || condition.left.source.kind === 'pick') return undefined;
  const bounds = intervals.map((interval) => constantOf(substituteParameters([condition.right], interval, pool)[0]!));
  const days = bounds.filter((bound): bound is string => typeof bound === 'string');
  if (days.length < bounds.length) return undefined;
  days.sort();
  const value = kind === 'lt' || kind === 'le' ? days.at(-1)! : days[0]!;
  return { kind, left: condition.left, right: { kind: 'value', type: 'date', value } };
}
