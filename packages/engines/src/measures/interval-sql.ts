// One interval of a batch as SQL: the patients that count with what they add, summed into cells, the finest groups that
// any measure asks for. With several groupings the cells are kept, and each grouping sums them up.
import { tablesUnder, tieBreaks, typeOf, type Table } from '@glovebox/language';
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

/** The patients that count: a column for each group and numerator, and what they weigh. */
function patientRows(input: IntervalInput): { readonly stages: StatementNode['stages']; readonly rows: SelectNode } {
  const { filled, dialect, names, uploads } = input;
  const { member, weight, numerators, groups } = filled;
  const outputs = [...groups, ...numerators, ...(weight ? [weight] : [])];
  const { tables, inlineTables } = tablesUnder([member]);
  const { stages, patients } = planPatients({
    dialect,
    population: member,
    outputs,
    universeTables: [...tables, ...inlineTables],
    ties: tieBreaks([member, ...outputs]),
    names,
    uploads,
    base: input.base,
    relationOf: input.relationOf,
  });
  const value = (name: string, series: (typeof outputs)[number]) => ({ name, value: compile(series, patients.scope) });
  const rows = select({
    columns: [
      ...groups.map((series, at) => value(groupColumn(at), series)),
      ...numerators.map((series, at) => value(numeratorColumn(at), series)),
      ...(weight ? [value(weightColumn, weight)] : [{ name: weightColumn, value: intLiteral(1) }]),
    ],
    from: patients.sources,
    where: patients.where,
  });
  return { stages, rows };
}

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

/** Everything in one statement. The result has the key columns, the weight, and all numerators. */
export function singleGroupingSql(input: IntervalInput, keys: readonly number[]): StatementNode {
  const { stages, rows } = patientRows(input);
  return statement(stages, grouped(keys, sums(input.filled), from(derived(rows), 'x'), true));
}

/** The statement that gives the cells. */
export function cellsSql(input: IntervalInput): StatementNode {
  const { stages, rows } = patientRows(input);
  const keys = input.filled.groups.map((_, at) => at);
  return statement(stages, grouped(keys, sums(input.filled), from(derived(rows), 'x'), false));
}

/** One grouping from a table of cells, with the numerators at the places given. */
export function fromCellsSql(cells: string, keys: readonly number[], numerators: readonly number[]): StatementNode {
  const columns = [weightColumn, ...numerators.map(numeratorColumn)].map((name) => ({
    name,
    value: total(column('x', name)),
  }));
  return statement([], grouped(keys, columns, from(named(cells), 'x'), true));
}
