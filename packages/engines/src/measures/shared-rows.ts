// The rows of a table that any interval could use, copied once with a bit for each interval that could: intervals then scan
// those few instead of the whole table. What a row must meet is taken from the conditions of the aggregations; a bound that
// moves with the interval becomes the widest of all intervals.
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
import { layered } from '../sql/plan/layers.js';
import { conjunctsOf, joinConditions, memberships, tableOf } from '../sql/plan/membership.js';
import type { Names } from '../sql/plan/names.js';
import { placeAtoms } from '../sql/plan/place.js';
import { prefilter } from '../sql/plan/prefilter.js';
import { rowScope, type PatientState } from '../sql/plan/row-scope.js';
import type { Uploads } from '../sql/plan/uploads.js';
import {
  binary,
  chain,
  column,
  derived,
  from,
  intLiteral,
  named,
  select,
  statement,
  type ExpressionNode,
  type SelectNode,
  type StatementNode,
} from '../sql/tree/index.js';
import { dependentOnInterval, numberIn } from './base.js';
import { bitParts, differentLists, rowBits, splitCondition } from './interval-bits.js';

export interface SharedRows {
  readonly table: Table;
  /** A table with the columns that are read, the patient's number in the base, and the bits. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly statement: StatementNode;
}

export interface SharedRowsInput {
  /** With placeholders for the interval. */
  readonly roots: readonly Series[];
  readonly intervals: readonly Interval[];
  readonly pool: NodePool;
  /** Whether a value of the patient is known for all intervals already. */
  readonly isGiven: (node: Series) => boolean;
  /** Whose rows: the others count for nobody. */
  readonly base: PatientState;
  readonly dialect: Dialect;
  readonly names: Names;
  readonly uploads: Uploads;
}

/** Columns of the copies that no table has: theirs come with a prefix. */
export const bitsColumn = 'bits';
export const numberColumn = 'number';
export const copied = (name: string): string => `c_${name}`;

/** A copy for each table that intervals read. */
export function sharedRows(input: SharedRowsInput): readonly SharedRows[] {
  const { roots, isGiven, names } = input;
  const context = { membership: memberships(), ties: tieBreaks(roots) };
  const byTable = new Map<Table, Atom[]>();
  for (const { atom } of placeAtoms(roots, context, isGiven).atoms) {
    byTable.set(atom.table, [...(byTable.get(atom.table) ?? []), atom]);
  }
  const dependent = dependentOnInterval(roots);
  return [...byTable].map(([table, atoms]) => {
    const columns = columnsOf(table, atoms, isGiven);
    const body = copyOf(table, atoms, columns, dependent, input);
    return { table, name: names(`${table.name}_of_all_intervals`), columns, statement: statement([], body) };
  });
}

function copyOf(
  table: Table,
  atoms: readonly Atom[],
  columns: readonly string[],
  dependent: ReadonlySet<unknown>,
  input: SharedRowsInput,
): SelectNode {
  const { intervals, pool, base, dialect, uploads } = input;
  const boundOf = new Map<Series, Series | undefined>();
  const { different } = differentLists(atoms.map((atom) => splitCondition(atom.member).moving));
  const widened = atoms.map((atom) => ({
    member: widenedCondition(atom, { dependent, intervals, pool, boundOf }),
    inputs: [],
  }));
  const conditions = bitParts(different.flat(), input);
  const [first, ...others] = widened;
  const read = [{ ...first!, inputs: [...different.flat(), ...conditions.reads] }, ...others];
  const rows = rowScope(table, table.name, read, undefined, uploads, undefined, dialect);
  const intervalBits = rowBits(conditions, rows, input);
  const layers = layered({
    dialect,
    sources: [
      ...rows.sources,
      ...intervalBits.sources,
      from(named(base.name), 'b', {
        type: 'inner',
        on: binary('=', column('t', 'patient_id'), column('b', 'patient_id')),
      }),
    ],
    where: widened.every(({ member }) => member) ? prefilter(widened, rows, dialect) : undefined,
    leaves: [
      ...intervalBits.leaves,
      ...rows.leaves.filter(({ name }) => !columns.some((read) => name === copied(read))),
      ...columns.map((name) => ({ name: copied(name), value: column('t', name) })),
      { name: numberColumn, value: column('b', numberIn(dialect)) },
    ],
    bindings: rows.bindings,
    longList: rows.longList,
    roots: conditions.reads,
    alias: 'r',
  });
  const kept = [numberColumn, ...columns.map(copied)];
  const inner = select({
    columns: [
      ...kept.map((name) => ({ name, value: layers.leaf(name) })),
      ...different.map((list, at) => ({ name: `d${at}`, value: intervalBits.of(list, layers) })),
    ],
    from: layers.sources,
    where: layers.where,
  });
  const bits = different
    .map((_, at): ExpressionNode => column('r', `d${at}`))
    .reduce((left, right) => binary('|', left, right));
  return select({
    columns: [...kept.map((name) => ({ name, value: column('r', name) })), { name: bitsColumn, value: bits }],
    from: [from(derived(inner), 'r')],
    where: chain(
      'or',
      different.map((_, at) => binary('<>', column('r', `d${at}`), intLiteral(0))),
    ),
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

interface Widening {
  readonly dependent: ReadonlySet<unknown>;
  readonly intervals: readonly Interval[];
  readonly pool: NodePool;
  /** Of conditions met before, so that it is one condition for all aggregations. */
  readonly boundOf: Map<Series, Series | undefined>;
}

/** What every row that an aggregation uses meets in whichever interval; undefined when nothing can be said. */
function widenedCondition(atom: Atom, { dependent, intervals, pool, boundOf }: Widening): Series | undefined {
  const parts = conjunctsOf(atom.member).flatMap((condition): readonly Series[] => {
    if (!dependent.has(condition)) return readsRowsOnly(condition, atom.table) ? [condition] : [];
    if (!boundOf.has(condition)) boundOf.set(condition, widestBound(condition, intervals, pool));
    const bound = boundOf.get(condition);
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
