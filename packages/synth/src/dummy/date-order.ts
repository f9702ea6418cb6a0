// Which dates of a row follow which, by the facts of the tables, and how far apart they usually are.
import { tablesNamed, type Column } from '@glovebox/language';
import { constraintsOf } from './column-rules.js';

export interface DateOrder {
  /** Columns whose dates come no later. */
  readonly earlier: readonly string[];
  /** Columns whose dates come no earlier. */
  readonly later: readonly string[];
}

const orders = new WeakMap<readonly Column[], Map<string, DateOrder>>();

/** @param columns those that the definition reads of the table */
export function dateOrder(table: string, column: string, columns: readonly Column[]): DateOrder {
  const known = orders.get(columns) ?? new Map<string, DateOrder>();
  orders.set(columns, known);
  const found = known.get(column);
  if (found) return found;
  const names = tablesNamed(table).flatMap((facts) => facts.columns.map(({ name }) => name));
  const all = new Set([...names, ...columns.map(({ name }) => name)]);
  const order = {
    earlier: earlierThan(table, column, columns),
    later: [...all].filter((other) => earlierThan(table, other, columns).includes(column)),
  };
  known.set(column, order);
  return order;
}

function earlierThan(table: string, name: string, columns: readonly Column[]): readonly string[] {
  const column = columns.find((one) => one.name === name) ?? { name };
  const after = constraintsOf(table, column).find((constraint) => constraint.kind === 'DateAfter');
  return after?.column_names ?? (name === 'end_date' ? ['start_date'] : []);
}

/** Mean days between a date and the one before it, by the later column. */
const gaps: Readonly<Record<string, number>> = {
  discharge_date: 4,
  seen_date: 0.02,
  start_date: 6,
  lab_report_date: 1,
  appointment_date: 50,
  ec_decision_to_admit_date: 0.1,
  referral_to_treatment_period_end_date: 110,
};

/** @returns undefined where nothing is usual, as with how long somebody lives at an address */
export function usualGap(table: string, later: string): number | undefined {
  return table === 'practice_registrations' || table === 'addresses' ? undefined : gaps[later];
}
