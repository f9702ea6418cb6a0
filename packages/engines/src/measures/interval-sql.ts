// One interval of a batch as SQL: the patients that count with what they add, summed into cells, the finest groups that
// any measure asks for. With several groupings the cells are kept, and each grouping sums them up.
import { tablesUnder, tieBreaks, typeOf, type Series, type Table } from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import { compile } from '../sql/plan/compile.js';
import type { Names } from '../sql/plan/names.js';
import { planPatients, type PlanInput } from '../sql/plan/planner.js';
import type { Uploads } from '../sql/plan/uploads.js';
import {
  aggregate,
  call,
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
import type { Filled } from './batches.js';
import { packedKey, packGroups, unpacked, unpackedCode, type PackedGroup } from './packed-groups.js';

export interface IntervalInput {
  readonly filled: Filled;
  readonly dialect: Dialect;
  readonly names: Names;
  readonly uploads: Uploads;
  readonly base?: PlanInput['base'];
  readonly relationOf?: ((table: Table) => string) | undefined;
}

export const groupColumn = (at: number): string => `g${at}`;
const numeratorColumn = (at: number): string => `n${at}`;
const weightColumn = 'weight';
const keyColumn = 'packed';

interface PatientRows {
  readonly stages: StatementNode['stages'];
  readonly rows: SelectNode;
  readonly packed: readonly PackedGroup[];
}

/** The patients that count: the groups, packed into a key where that can be, each numerator, and what they weigh. */
function patientRows(input: IntervalInput): PatientRows {
  const { filled, dialect, names, uploads } = input;
  const { member, weight, numerators, groups } = filled;
  const packed = packGroups(groups);
  const isPacked = new Set(packed.map((group) => group.at));
  const plain = groups.map((series, at) => ({ series, at })).filter(({ at }) => !isPacked.has(at));
  const outputs = [
    ...packed.map((group) => group.code),
    ...plain.map(({ series }) => series),
    ...numerators,
    ...(weight ? [weight] : []),
  ];
  const { tables, inlineTables } = tablesUnder([member]);
  const { stages, patients } = planPatients({
    dialect,
    population: member,
    outputs,
    universeTables: [...tables, ...inlineTables],
    ties: tieBreaks([member, ...numerators, ...groups, ...(weight ? [weight] : [])]),
    names,
    uploads,
    base: input.base,
    relationOf: input.relationOf,
  });
  const of = (series: Series): ExpressionNode => compile(series, patients.scope);
  const codes = packed.map((group) => of(group.code));
  const rows = select({
    columns: [
      ...(packed.length > 0 ? [{ name: keyColumn, value: packedKey(packed, codes) }] : []),
      ...plain.map(({ series, at }) => ({ name: groupColumn(at), value: of(series) })),
      ...numerators.map((series, at) => ({
        name: numeratorColumn(at),
        // Sums of narrow integers are quicker, and no patient has so many rows.
        value: countKinds.has(series.kind) ? cast(of(series), 'int32') : of(series),
      })),
      { name: weightColumn, value: weight ? of(weight) : intLiteral(1) },
    ],
    from: patients.sources,
    where: patients.where,
  });
  return { stages, rows, packed };
}

const countKinds = new Set<Series['kind']>(['count', 'count_distinct', 'count_episodes']);

const total = (value: ExpressionNode): ExpressionNode =>
  cast(call('coalesce', aggregate('sum', [value]), intLiteral(0)), 'int');

/** The sums over patients: true counts one, NULL nothing. */
function sums(filled: Filled): readonly { readonly name: string; readonly value: ExpressionNode }[] {
  return [
    { name: weightColumn, value: filled.weight ? total(column('x', weightColumn)) : aggregate('count', []) },
    ...filled.numerators.map((series, at) => {
      const name = numeratorColumn(at);
      const value = column('x', name);
      return { name, value: typeOf(series) === 'bool' ? aggregate('count', [], value) : total(value) };
    }),
  ];
}

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
  const { stages, rows, packed } = patientRows(input);
  const columns = sums(input.filled);
  if (packed.length === 0) return statement(stages, grouped(keys, columns, from(derived(rows), 'x'), isOrdered));
  const unpackedAt = new Map(packed.map((group) => [group.at, group]));
  const plain = keys.filter((at) => !unpackedAt.has(at));
  const groupBy = [keyColumn, ...plain.map(groupColumn)].map((name) => column('x', name));
  const summed = select({
    columns: [...groupBy.map((value) => ({ name: value.name, value })), ...columns],
    from: [from(derived(rows), 'x')],
    groupBy,
  });
  const orderOf = (at: number): ExpressionNode => {
    const group = unpackedAt.get(at);
    return group ? unpackedCode(group, column('y', keyColumn)) : column('y', groupColumn(at));
  };
  const body = select({
    columns: [
      ...keys.map((at) => {
        const group = unpackedAt.get(at);
        const value = group
          ? unpacked(group, column('y', keyColumn), typeOf(input.filled.groups[at]!))
          : column('y', groupColumn(at));
        return { name: groupColumn(at), value };
      }),
      ...columns.map(({ name }) => ({ name, value: column('y', name) })),
    ],
    from: [from(derived(summed), 'y')],
    orderBy: isOrdered ? keys.map(orderOf) : [],
  });
  return statement(stages, body);
}

/** Everything in one statement. The result has the key columns, the weight, and all numerators. */
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

/** One grouping from a table of cells, with the numerators at the places given. */
export function fromCellsSql(table: string, keys: readonly number[], numerators: readonly number[]): StatementNode {
  const columns = [weightColumn, ...numerators.map(numeratorColumn)].map((name) => ({
    name,
    value: total(column('x', name)),
  }));
  return statement([], grouped(keys, columns, from(named(table), 'x'), true));
}
