// The intervals that are worked out together, as a table: with their bits, their places and every series that is the same
// for all patients of an interval, so that one statement can be about several intervals. Patients and rows are repeated for
// each interval that they take part in, under a number that stands for the patient in the interval.
import {
  isFrame,
  substituteParameters,
  topologicalOrder,
  typeOf,
  type Interval,
  type Series,
} from '@glovebox/language';
import { constantOf } from '../sql/plan/constant.js';
import { isConstant } from '../sql/plan/place.js';
import type { PatientState } from '../sql/plan/row-scope.js';
import type { Upload } from '../sql/plan/uploads.js';
import {
  binary,
  chain,
  column,
  derived,
  from,
  intLiteral,
  named,
  select,
  type ExpressionNode,
  type FromNode,
  type QueryNode,
  type SelectNode,
} from '../sql/tree/index.js';
import { dependentOnInterval } from './base.js';
import { epochBits } from './epochs.js';
import type { SharedInput } from './plan-intervals.js';
import { bitOf, hasBit } from './bits.js';
import { bitsColumn, copied, numberColumn, type SharedRows } from './shared-rows.js';

/** Some neighbouring intervals, by their places: the first, and the one after the last. */
export interface IntervalRange {
  readonly from: number;
  readonly to: number;
}

export interface IntervalTable {
  readonly upload: Upload;
  /** The series that it has as columns, under names that no table's columns have. */
  readonly columns: ReadonlyMap<Series, string>;
}

/** The patients of all intervals. With epochs they come once for each, and say for which intervals it holds. */
export interface SharedState extends PatientState {
  readonly hasEpochs: boolean;
  /** The column that numbers the patients. */
  readonly number: string;
}

/** Stands for the place of the interval. It is only ever read as a column; of what, says its kind: a whole number. */
export const intervalPlace: Series = {
  kind: 'day',
  source: { kind: 'parameter', name: 'interval_start_date', type: 'date' },
};

/** The number of a patient leaves room for so many intervals. */
const placesPerPatient = 64;

/** @param roots with placeholders. */
export function intervalTable(roots: readonly Series[], { batch, intervals, names }: SharedInput): IntervalTable {
  const dependent = dependentOnInterval(roots);
  const known: { readonly series: Series; readonly values: readonly ReturnType<typeof constantOf>[] }[] = [
    { series: intervalPlace, values: intervals.map((_, at) => BigInt(at)) },
  ];
  for (const node of topologicalOrder(roots)) {
    if (!dependent.has(node) || isFrame(node) || !isConstant(node)) continue;
    const values = intervals.map((interval) => constantIn(node, interval, batch.pool));
    if (values.every((value) => value !== undefined)) known.push({ series: node, values });
  }
  const columns = known.map(({ series }, at) => ({ name: `i${at}`, type: typeOf(series) }));
  return {
    upload: {
      name: names('intervals'),
      columns: [{ name: 'bit', type: 'int' }, ...columns],
      rows: intervals.map((_, at) => [bitOf(at), ...known.map(({ values }) => values[at]!)]),
    },
    columns: new Map(known.map(({ series }, at) => [series, columns[at]!.name])),
  };
}

const constantIn = (series: Series, interval: Interval, pool: SharedInput['batch']['pool']) =>
  constantOf(substituteParameters([series], interval, pool)[0]!);

/** The patients of some intervals, once for each, with what is known of them. */
export function patientsOfIntervals(state: SharedState, table: IntervalTable, range: IntervalRange): SelectNode {
  return select({
    columns: [
      { name: 'patient_id', value: numberInInterval(column('p', state.number), table) },
      ...knownOf(state),
      ...intervalColumns(table),
    ],
    from: [from(named(state.name), 'p'), joinedIntervals(table, state.hasEpochs ? column('p', epochBits) : undefined)],
    where: inRange(table, range),
  });
}

/**
 * The same of those patients in those intervals alone that are asked for.
 *
 * @param numbers a query that gives numbers of patients in intervals, some perhaps more than once.
 */
export function patientsAmong(state: SharedState, table: IntervalTable, numbers: QueryNode): SelectNode {
  const number = column('n', 'patient_id');
  const once = select({
    distinct: true,
    columns: [{ name: 'patient_id', value: number }],
    from: [from(derived(numbers), 'n')],
  });
  const places = intLiteral(placesPerPatient);
  const isPatient = binary('=', column('p', state.number), binary('//', number, places));
  const isInterval = binary('=', column('i', table.columns.get(intervalPlace)!), binary('%', number, places));
  return select({
    columns: [{ name: 'patient_id', value: number }, ...knownOf(state), ...intervalColumns(table)],
    from: [
      from(derived(once), 'n'),
      from(named(state.name), 'p', { type: 'inner', on: isPatient }),
      from(named(table.upload.name), 'i', { type: 'inner', on: isInterval }),
    ],
  });
}

/** The rows of a table in some intervals, once for each in which they take part. */
export function rowsOfIntervals(rows: SharedRows, table: IntervalTable, range: IntervalRange): SelectNode {
  const bits = column('t', bitsColumn);
  const any = bitOf(range.to) - bitOf(range.from);
  return select({
    columns: [
      { name: 'patient_id', value: numberInInterval(column('t', numberColumn), table) },
      ...rows.columns.map((name) => ({ name, value: column('t', copied(name)) })),
      ...intervalColumns(table),
    ],
    from: [from(named(rows.name), 't'), joinedIntervals(table, bits)],
    where: chain('and', [hasBit(bits, intLiteral(any)), inRange(table, range)]),
  });
}

/** What every row of `rowsOfIntervals` has beside the columns of its table. */
export const besideRows = (table: IntervalTable): ReadonlyMap<Series, string> =>
  new Map([...table.columns].map(([series, name]) => [series, besideName(name)]));

const besideName = (name: string): string => `interval ${name}`;

const intervalColumns = (table: IntervalTable): SelectNode['columns'] =>
  [...table.columns.values()].map((name) => ({ name: besideName(name), value: column('i', name) }));

const knownOf = (state: SharedState): SelectNode['columns'] =>
  [...state.columns.values()].map((name) => ({ name, value: column('p', name) }));

const joinedIntervals = (table: IntervalTable, bits: ExpressionNode | undefined): FromNode =>
  from(
    named(table.upload.name),
    'i',
    bits ? { type: 'inner', on: hasBit(bits, column('i', 'bit')) } : { type: 'cross' },
  );

const numberInInterval = (number: ExpressionNode, table: IntervalTable): ExpressionNode =>
  binary('+', binary('*', number, intLiteral(placesPerPatient)), column('i', table.columns.get(intervalPlace)!));

export function inRange(table: IntervalTable, range: IntervalRange): ExpressionNode {
  const place = column('i', table.columns.get(intervalPlace)!);
  return binary('and', binary('>=', place, intLiteral(range.from)), binary('<', place, intLiteral(range.to)));
}
