// An interval of a batch as SQL, or several at once: the patients that count with what they add, summed into cells, the finest groups that
// any measure asks for. With several groupings the cells are kept, and each grouping sums them up.
import { typeOf } from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import {
  aggregate,
  binary,
  cast,
  column,
  derived,
  from,
  intLiteral,
  named,
  select,
  statement,
  type ExpressionNode,
  type FromNode,
  type SelectNode,
  type StatementNode,
} from '../sql/tree/index.js';
import { unpacked, unpackedCode, type PackedGroup, type PackedRun } from './packed-groups.js';
import {
  countsRows,
  groupColumn,
  keyColumn,
  numeratorColumn,
  numeratorSum,
  patientRows,
  placeColumn,
  summedByKey,
  total,
  weightColumn,
  weightSum,
  type IntervalInput,
} from './patient-rows.js';
import { sparseCells, sparseNumerators } from './sparse-cells.js';

/** Rows grouped by keys, in their order; without keys one row, or none when there is nobody. */
function grouped(
  keys: readonly number[],
  columns: readonly { readonly name: string; readonly value: ExpressionNode }[],
  source: FromNode,
  isOrdered: boolean,
): SelectNode {
  const groupBy = keys.map((at) => column('x', groupColumn(at)));
  return select({
    columns: [...keys.map((at, index) => ({ name: groupColumn(at), value: groupBy[index]! })), ...columns],
    from: [source],
    groupBy,
    having:
      keys.length === 0
        ? { kind: 'binary', operator: '>', left: aggregate('count', []), right: intLiteral(0) }
        : undefined,
    orderBy: isOrdered ? groupBy : [],
  });
}

/** The patients summed into cells, whose keys are the groups at the given places. */
function cells(input: IntervalInput, keys: readonly number[], isOrdered: boolean): StatementNode {
  const { filled } = input;
  const all = filled.numerators.map((_, at) => at);
  const sparse = sparseNumerators(input);
  if (sparse.length > 0) {
    const { stages, source, sumOf } = sparseCells(input, sparse);
    const names = [weightColumn, ...all.map(numeratorColumn)];
    return statement(stages, unpackedCells({ input, keys, isOrdered }, source, sumOf, names));
  }
  const { stages, rows } = patientRows(input, all);
  const columns = [weightSum(input), ...all.map((at) => numeratorSum(input, at))];
  if (!input.keys.key) return statement(stages, grouped(keys, columns, from(derived(rows), 'x'), isOrdered));
  const summed = summedByKey(input, columns, from(derived(rows), 'x'));
  const names = columns.map(({ name }) => name);
  return statement(
    stages,
    unpackedCells({ input, keys, isOrdered }, from(derived(summed), 'y'), (name) => column('y', name), names),
  );
}

/**
 * Cells with the values of their groups. In order they are on their way out: values that are in the key come as codes,
 * and counts as floats, which hold them exactly; both are several times cheaper to hand over than texts and 64 bits.
 */
function unpackedCells(
  {
    input,
    keys,
    isOrdered,
  }: { readonly input: IntervalInput; readonly keys: readonly number[]; readonly isOrdered: boolean },
  source: FromNode,
  sumOf: (name: string) => ExpressionNode,
  sums: readonly string[],
): SelectNode {
  const packedAt = new Map(input.keys.packed.map((group) => [group.at, group]));
  const key = column('y', keyColumn);
  const valueOf = (at: number): ExpressionNode => {
    const group = packedAt.get(at);
    if (!group) return column('y', groupColumn(at));
    return isOrdered
      ? cast(unpackedCode(group, key), 'int32')
      : unpacked(group, key, typeOf(input.filled.groups[at]!), input.dialect);
  };
  const { numerators, weight } = input.filled;
  const counts = new Set(numerators.flatMap((series, at) => (countsRows(series) ? [numeratorColumn(at)] : [])));
  const isCount = (name: string): boolean => counts.has(name) || (name === weightColumn && !weight);
  const { place } = input.keys;
  const placeCode = place ? [unpackedCode(place, key)] : [];
  return select({
    columns: [
      ...placeCode.map((value) => ({ name: placeColumn, value: cast(value, 'int32') })),
      ...keys.map((at) => ({ name: groupColumn(at), value: valueOf(at) })),
      ...sums.map((name) => ({
        name,
        value: isOrdered && isCount(name) ? cast(sumOf(name), 'float') : sumOf(name),
      })),
    ],
    from: [source],
    orderBy: isOrdered ? orderOfCells([...(place ? [place] : []), ...keys.map((at) => packedAt.get(at) ?? at)]) : [],
  });
}

/** By groups in the key, which it has in their order as far as they are neighbours there, and by those at other places. */
function orderOfCells(keys: readonly (PackedGroup | number)[]): readonly ExpressionNode[] {
  const runs: (PackedRun | number)[] = [];
  for (const key of keys) {
    const before = runs.at(-1);
    if (typeof key === 'number') runs.push(key);
    else if (typeof before === 'object' && before.factor === key.factor * key.size) {
      runs.splice(-1, 1, { factor: key.factor, size: before.size * key.size });
    } else runs.push(key);
  }
  return runs.map((run) =>
    typeof run === 'number' ? column('y', groupColumn(run)) : unpackedCode(run, column('y', keyColumn)),
  );
}

/**
 * Everything in one statement. The result has the place of the interval when there are several, the key columns, the
 * weight, and all numerators; of the groups in the key it has codes.
 */
export function singleGroupingSql(input: IntervalInput, keys: readonly number[]): StatementNode {
  return cells(input, keys, true);
}

/** The statement that gives the cells. */
export function cellsSql(input: IntervalInput): StatementNode {
  return cells(
    input,
    input.filled.groups.map((_, at) => at),
    false,
  );
}

/**
 * One grouping from a table of cells, with the numerators at the places given.
 *
 * @param place of the interval, in a table of several.
 */
export function fromCellsSql(
  table: string,
  { keys, numerators, dialect }: { keys: readonly number[]; numerators: readonly number[]; dialect: Dialect },
  place: number | undefined,
): StatementNode {
  const columns = [weightColumn, ...numerators.map(numeratorColumn)].map((name) => ({
    name,
    value: total(column('x', name), dialect),
  }));
  const ofInterval = place === undefined ? undefined : binary('=', column('x', placeColumn), intLiteral(place));
  return statement([], { ...grouped(keys, columns, from(named(table), 'x'), true), where: ofInterval });
}
