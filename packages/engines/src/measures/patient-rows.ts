// The patients that count in an interval of a batch, a row each (and in several intervals, a row for each of those): what tells their groups apart, what they add to each
// numerator, and what they weigh. And how such rows are summed.
import { tablesUnder, tieBreaks, typeOf, type Series, type Table } from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import { compile } from '../sql/plan/compile.js';
import type { Names } from '../sql/plan/names.js';
import { planPatients, type PlanInput } from '../sql/plan/planner.js';
import type { Uploads } from '../sql/plan/uploads.js';
import {
  aggregate,
  binary,
  call,
  cast,
  column,
  intLiteral,
  select,
  type ExpressionNode,
  type FromNode,
  type QueryNode,
  type SelectNode,
  type StatementNode,
} from '../sql/tree/index.js';
import type { Filled } from './batches.js';
import type { PackedGroup } from './packed-groups.js';

export interface IntervalInput {
  readonly filled: Filled;
  /** The groups whose values are bits of the key, and the key of a patient. */
  readonly keys: PackedKey;
  readonly dialect: Dialect;
  readonly names: Names;
  readonly uploads: Uploads;
  readonly base?: PlanInput['base'];
  /** Stages that `base` needs. */
  readonly stages?: StatementNode['stages'] | undefined;
  /** What patients are kept by; the population itself when absent. */
  readonly filters?: readonly Series[] | undefined;
  readonly relationOf?: ((table: Table) => string) | undefined;
  readonly besideRows?: PlanInput['besideRows'];
  /**
   * The cells of the intervals with what the patients weigh and the numerators that are not sparse, where no interval
   * changes those: everybody in `base` counts then.
   */
  readonly fixedCells?: SelectNode | undefined;
  /** With those cells: what `base` would have of the patients alone whose ids a query gives. */
  readonly patientsAmong?: ((ids: QueryNode) => SelectNode) | undefined;
}

export interface PackedKey {
  readonly packed: readonly PackedGroup[];
  /** The place of the interval in the key; absent when there is one interval. */
  readonly place?: PackedGroup;
  readonly key: Series | undefined;
}

export const groupColumn = (at: number): string => `g${at}`;
export const numeratorColumn = (at: number): string => `n${at}`;
export const weightColumn = 'weight';
export const keyColumn = 'packed';
export const placeColumn = 'place';

export interface PatientRows {
  readonly stages: StatementNode['stages'];
  readonly rows: SelectNode;
}

/** The groups that are not in the key. */
export function plainGroups({ filled, keys }: Pick<IntervalInput, 'filled' | 'keys'>): readonly number[] {
  const isPacked = new Set(keys.packed.map((group) => group.at));
  return filled.groups.map((_, at) => at).filter((at) => !isPacked.has(at));
}

/**
 * The patients that count: the groups, packed into a key where that can be, each numerator given, and what they weigh.
 * Without any of that, there is still the column of the patient.
 */
export function patientRows(input: IntervalInput, numerators: readonly number[]): PatientRows {
  const { filled, keys } = input;
  const { member, weight, groups } = filled;
  const plain = plainGroups(input);
  const outputs = [
    ...(keys.key ? [keys.key] : []),
    ...plain.map((at) => groups[at]!),
    ...numerators.map((at) => filled.numerators[at]!),
    ...(weight ? [weight] : []),
  ];
  const { tables, inlineTables } = tablesUnder([member]);
  const { stages, patients } = planPatients({
    dialect: input.dialect,
    population: member,
    outputs,
    universeTables: [...tables, ...inlineTables],
    ties: tieBreaks([member, ...filled.numerators, ...groups, ...(weight ? [weight] : [])]),
    names: input.names,
    uploads: input.uploads,
    base: input.base,
    relationOf: input.relationOf,
    besideRows: input.besideRows,
    ...(input.filters ? { filters: input.filters } : {}),
  });
  const of = (series: Series): ExpressionNode => compile(series, patients.scope);
  const rows = select({
    columns: [
      { name: 'patient_id', value: patients.leaf('patient_id') },
      ...(keys.key ? [{ name: keyColumn, value: of(keys.key) }] : []),
      ...plain.map((at) => ({ name: groupColumn(at), value: of(groups[at]!) })),
      ...numerators.map((at) => ({ name: numeratorColumn(at), value: numeratorValue(filled.numerators[at]!, of) })),
      { name: weightColumn, value: weight ? of(weight) : intLiteral(1) },
    ],
    from: patients.sources,
    where: patients.where,
  });
  return { stages: [...(input.stages ?? []), ...stages], rows };
}

/** Sums of narrow integers are quicker, and no patient has so many rows. */
export const numeratorValue = (series: Series, of: (series: Series) => ExpressionNode): ExpressionNode =>
  countKinds.has(series.kind) ? cast(of(series), 'int32') : of(series);

const countKinds = new Set<Series['kind']>(['count', 'count_distinct', 'count_episodes']);

/** Whether a series counts rows or patients, of which there are never more than a float holds exactly. */
export const countsRows = (series: Series): boolean => typeOf(series) === 'bool' || countKinds.has(series.kind);

export const total = (value: ExpressionNode, { primitives }: Dialect): ExpressionNode =>
  call('coalesce', primitives.sum(value, 'int', undefined), intLiteral(0));

export interface Sum {
  readonly name: string;
  readonly value: ExpressionNode;
}

/** The sum of what patients weigh. */
export const weightSum = ({ filled, dialect }: IntervalInput): Sum => ({
  name: weightColumn,
  value: filled.weight ? total(column('x', weightColumn), dialect) : aggregate('count', []),
});

/** The sum of a numerator: true counts one, NULL nothing. */
export function numeratorSum({ filled, dialect }: IntervalInput, at: number): Sum {
  const name = numeratorColumn(at);
  const value = column('x', name);
  const isCondition = typeOf(filled.numerators[at]!) === 'bool';
  return { name, value: isCondition ? aggregate('count', [], value) : total(value, dialect) };
}

/** The columns that tell cells apart. */
export const cellColumns = (input: IntervalInput): readonly string[] => [
  ...(input.keys.key ? [keyColumn] : []),
  ...plainGroups(input).map(groupColumn),
];

/** Rows of patients summed into cells. */
export function summedByKey(input: IntervalInput, columns: readonly Sum[], source: FromNode): SelectNode {
  const groupBy = cellColumns(input).map((name) => column('x', name));
  return select({
    columns: [...groupBy.map((value) => ({ name: value.name, value })), ...columns],
    from: [source],
    groupBy,
    // Without groups there would be a cell also of nobody.
    having: groupBy.length > 0 ? undefined : binary('>', aggregate('count', []), intLiteral(0)),
  });
}
