// Runs measures over small tables in memory: for every interval the numerators and denominators of all patients, added
// up by group. The reference that other engines are held against.
import {
  definitionRoots,
  isFrame,
  nodePool,
  substituteParameters,
  tieBreaks,
  childrenOf,
  topologicalOrder,
  type Interval,
  type Measure,
  type MeasuresDefinition,
  type Node,
  type Nullable,
  type Series,
} from '@glovebox/language';
import type { Tables } from '../tables.js';
import { controlledRow } from './disclosure-control.js';
import { evaluator, type Evaluator } from './evaluate.js';
import { int64 } from './functions.js';
import type { MeasureRow } from './measure-rows.js';
import { compareNullable } from './order.js';
import { patientsIn } from './population.js';

/**
 * Every row of the result in output order: measures that share denominator and intervals together, then by interval,
 * then by grouping, then by the values of the groups, NULL first, then by measure.
 *
 * A measure is about the patients whose denominator is true or above zero, among those in the tables that the
 * denominator touches. A group in which there are none gives no row.
 */
export function runMeasures(definition: MeasuresDefinition, tables: Tables): readonly MeasureRow[] {
  const roots = definitionRoots(definition);
  const base = evaluator(tables, patientsIn(roots, tables), tieBreaks(roots));
  base.prepare(independentOfInterval(roots));
  const rows = batchesOf(definition.measures).flatMap((batch) =>
    batch[0]!.intervals.flatMap((interval) => runBatch(batch, interval, base, tables)),
  );
  return definition.disclosureControl ? rows.map(controlledRow) : rows;
}

/** Measures of one denominator and the same intervals, in order of first appearance. */
function batchesOf(measures: readonly Measure[]): readonly (readonly Measure[])[] {
  const batches: Measure[][] = [];
  for (const measure of measures) {
    const intervals = JSON.stringify(measure.intervals);
    const batch = batches.find(
      ([first]) => first!.denominator === measure.denominator && JSON.stringify(first!.intervals) === intervals,
    );
    if (batch) batch.push(measure);
    else batches.push([measure]);
  }
  return batches;
}

function runBatch(
  batch: readonly Measure[],
  interval: Interval,
  base: Evaluator,
  tables: Tables,
): readonly MeasureRow[] {
  const pool = nodePool();
  const fill = (series: Series): Series => substituteParameters([series], interval, pool)[0]!;
  const filled = batch.map((measure) => ({
    measure,
    denominator: fill(measure.denominator),
    numerator: fill(measure.numerator),
    // By name, so that measures naming the same groups in another order share a grouping.
    groups: [...measure.groupBy].map(({ name, series }) => ({ name, series: fill(series) })),
  }));
  const evaluate = base.fork(
    tieBreaks(filled.flatMap((m) => [m.denominator, m.numerator, ...m.groups.map((g) => g.series)])),
  );
  const denominator = filled[0]!.denominator;
  const weights = evaluate.patientValues(denominator).map(asNumber);
  const known = new Set(patientsIn([denominator], tables));
  const members = evaluate.patients.flatMap((id, i) => (known.has(id) && weights[i]! > 0n ? [i] : []));

  const groupings = new Map<string, (typeof filled)[number][]>();
  for (const one of filled) {
    const key = one.groups
      .map((g) => g.name)
      .sort()
      .join();
    groupings.set(key, [...(groupings.get(key) ?? []), one]);
  }
  return [...groupings.values()].flatMap((grouping) => {
    const names = grouping[0]!.groups.map((g) => g.name);
    const keys = grouping[0]!.groups.map((g) => evaluate.patientValues(g.series));
    const numerators = grouping.map((one) => evaluate.patientValues(one.numerator).map(asNumber));
    return groupMembers(members, keys).flatMap(({ values, members: inGroup }) =>
      grouping.map(({ measure }, i) => ({
        measure,
        interval,
        numerator: int64(inGroup.reduce((sum, member) => sum + numerators[i]![member]!, 0n)),
        denominator: int64(inGroup.reduce((sum, member) => sum + weights[member]!, 0n)),
        groups: measure.groupBy.map(({ name }) => values[names.indexOf(name)]!),
      })),
    );
  });
}

/** True counts one; NULL and false count nothing. */
function asNumber(value: Nullable): bigint {
  return typeof value === 'bigint' ? value : BigInt(value === true);
}

interface Group {
  readonly values: readonly Nullable[];
  readonly members: number[];
}

/** The members by their values of the keys, ordered by those values. */
function groupMembers(members: readonly number[], keys: readonly (readonly Nullable[])[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const member of members) {
    const values = keys.map((key) => key[member]!);
    const name = JSON.stringify(values.map((v) => (typeof v === 'string' || v === null ? v : [String(v)])));
    const group = groups.get(name);
    if (group) group.members.push(member);
    else groups.set(name, { values, members: [member] });
  }
  const order = (a: Group, b: Group): number => {
    for (const [i, value] of a.values.entries()) {
      const difference = compareNullable(value, b.values[i]!);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  return [...groups.values()].sort(order);
}

/** The largest parts of the series that no interval changes: they are worked out once for all intervals. */
function independentOfInterval(roots: readonly Series[]): readonly Series[] {
  const order = topologicalOrder(roots);
  const dependent = new Set<Node>();
  for (const node of order) {
    if (node.kind === 'parameter' || childrenOf(node).some((child) => dependent.has(child))) dependent.add(node);
  }
  const edges = [...roots, ...order.filter((node) => dependent.has(node)).flatMap(childrenOf)];
  return edges.filter((node): node is Series => !dependent.has(node) && !isFrame(node));
}
