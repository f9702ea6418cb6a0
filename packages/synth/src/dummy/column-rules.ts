// What a column of dummy data may hold at all, by what the study says of its own table or by the facts of the catalogue.
import { tablesNamed, type Column, type ColumnConstraint, type ColumnFacts } from '@glovebox/language';
import { anything, isPresent, lasting, type Goal } from './goal.js';

/** A column as far as its constraints need it. */
export type Constrained = Pick<Column, 'name' | 'constraints' | 'dummyDataConstraints'>;

const factsByTable = new Map<string, ReadonlyMap<string, ColumnFacts>>();

/** Of tables that share a name, the first one in the catalogue counts where their columns differ. */
function factsOf(table: string, column: string): ColumnFacts | undefined {
  let columns = factsByTable.get(table);
  if (!columns) {
    const facts = tablesNamed(table).flatMap((named) => named.columns);
    columns = new Map(facts.toReversed().map((one) => [one.name, one]));
    factsByTable.set(table, columns);
  }
  return columns.get(column);
}

const constraintsByColumn = new WeakMap<Constrained, readonly ColumnConstraint[]>();

/** What holds for a column of dummy data: what the study says of its own table, else the facts of the tables of this name. */
export function constraintsOf(table: string, column: Constrained): readonly ColumnConstraint[] {
  const known = constraintsByColumn.get(column);
  if (known) return known;
  const facts = factsOf(table, column.name);
  const real = column.constraints ?? facts?.constraints ?? [];
  const all = [...real, ...(column.dummyDataConstraints ?? facts?.dummy_data_constraints ?? [])];
  constraintsByColumn.set(column, all);
  return all;
}

export function mayBeNull(table: string, column: Constrained): boolean {
  return !constraintsOf(table, column).some(({ kind }) => kind === 'NotNull');
}

const baseGoals = new WeakMap<Constrained, Goal>();

/** What a column may hold before anything is asked of it. */
export function baseGoal(table: string, column: Constrained): Goal {
  const known = baseGoals.get(column);
  if (known) return known;
  const constraints = constraintsOf(table, column);
  const range = constraints.find((constraint) => constraint.kind === 'ClosedRange');
  const least = constraints.find((constraint) => constraint.kind === 'GeneralRange')?.minimum;
  const goal: Goal = {
    ...(mayBeNull(table, column) ? anything : isPresent),
    ...(range && { low: BigInt(range.minimum), high: BigInt(range.maximum) }),
    ...(typeof least === 'string' && { low: least }),
  };
  baseGoals.set(column, lasting(goal));
  return goal;
}

/** Whether a number of a column that only holds every so many numbers lies within the bounds. */
export function isReachable(table: string, column: Constrained, { low, high, lowOpen, highOpen }: Goal): boolean {
  if (typeof low !== 'bigint' || typeof high !== 'bigint') return true;
  const range = constraintsOf(table, column).find(({ kind }) => kind === 'ClosedRange');
  if (range?.kind !== 'ClosedRange' || range.step === 1) return true;
  const [from, to] = [Number(low) + (lowOpen ? 1 : 0), Number(high) - (highOpen ? 1 : 0)];
  return range.minimum + Math.ceil((from - range.minimum) / range.step) * range.step <= to;
}

/** The values of a closed set; a set of NULL alone only says what dummy data may leave out. */
export function listedValues(constraints: readonly ColumnConstraint[]): readonly (string | number | null)[] {
  const listed = constraints.find((constraint) => constraint.kind === 'Categorical');
  return listed?.kind === 'Categorical' ? listed.values : [];
}
