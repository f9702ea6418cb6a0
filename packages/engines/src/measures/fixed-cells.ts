// The cells of a batch when an interval changes nothing but which events are counted: who counts, their groups and what they
// weigh are summed once, and every interval has a copy of those few cells.
import type { Series } from '@glovebox/language';
import type { PatientState } from '../sql/plan/row-scope.js';
import {
  binary,
  column,
  from,
  intLiteral,
  named,
  derived,
  select,
  statement,
  type SelectNode,
} from '../sql/tree/index.js';
import { dependentOnInterval } from './base.js';
import { inRange, intervalPlace, type IntervalRange, type IntervalTable } from './interval-table.js';
import { keyOf, type PackedGroup } from './packed-groups.js';
import { cellColumns, keyColumn, patientRows, type IntervalInput } from './patient-rows.js';
import type { Step } from './plan-intervals.js';
import { cellSums, sparseNumerators } from './sparse-cells.js';

export interface FixedCells {
  readonly name: string;
  readonly step: Step;
  /** Those of some intervals. */
  readonly of: (range: IntervalRange) => SelectNode;
}

/**
 * The cells that all intervals have in common; undefined when they have none.
 *
 * @param input of all intervals, as their statements get it.
 * @param state a row for each patient who counts.
 */
export function fixedCells(
  input: IntervalInput,
  state: PatientState,
  packed: readonly PackedGroup[],
  place: PackedGroup,
  table: IntervalTable,
): FixedCells | undefined {
  const { filled, names } = input;
  const sparse = sparseNumerators(input);
  const dense = filled.numerators.map((_, at) => at).filter((at) => !sparse.includes(at));
  const fixed: readonly Series[] = [
    filled.member,
    ...filled.groups,
    ...(filled.weight ? [filled.weight] : []),
    ...dense.map((at) => filled.numerators[at]!),
  ];
  const dependent = dependentOnInterval(fixed);
  if (sparse.length === 0 || fixed.some((series) => dependent.has(series))) return undefined;
  const alone: IntervalInput = {
    filled,
    keys: { packed, key: keyOf(packed) },
    dialect: input.dialect,
    names,
    uploads: input.uploads,
    base: state,
    filters: [],
  };
  const { stages, rows } = patientRows(alone, dense);
  const cells = cellSums(alone, dense, from(derived(rows), 'x'));
  const name = names('cells_of_all_intervals');
  const others = cells.columns.filter((c) => c.name !== keyColumn).map((c) => c.name);
  const placeOf = column('i', table.columns.get(intervalPlace)!);
  const shifted = binary('*', placeOf, intLiteral(place.factor));
  const hasKey = cellColumns(alone).includes(keyColumn);
  return {
    name,
    step: { kind: 'create', name, statement: statement(stages, cells) },
    of: (range) =>
      select({
        columns: [
          { name: keyColumn, value: hasKey ? binary('+', column('f', keyColumn), shifted) : shifted },
          ...others.map((other) => ({ name: other, value: column('f', other) })),
        ],
        from: [from(named(name), 'f'), from(named(table.upload.name), 'i', { type: 'cross' })],
        where: inRange(table, range),
      }),
  };
}
