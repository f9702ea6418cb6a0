// Which dates of a row follow which, by the facts of the tables, and how far apart they usually are.
import { tablesNamed } from '@glovebox/language';
import { constraintsOf } from './values.js';

export interface DateOrder {
  /** Columns whose dates come no later. */
  readonly earlier: readonly string[];
  /** Columns whose dates come no earlier. */
  readonly later: readonly string[];
}

const orders = new Map<string, DateOrder>();

export function dateOrder(table: string, column: string): DateOrder {
  const key = `${table}.${column}`;
  const known = orders.get(key);
  if (known) return known;
  const names = new Set(tablesNamed(table).flatMap(({ columns }) => columns.map(({ name }) => name)));
  const order = {
    earlier: earlierThan(table, column),
    later: [...names].filter((other) => earlierThan(table, other).includes(column)),
  };
  orders.set(key, order);
  return order;
}

function earlierThan(table: string, column: string): readonly string[] {
  const after = constraintsOf(table, column).find((constraint) => constraint.kind === 'DateAfter');
  if (after?.kind === 'DateAfter') return after.column_names;
  return column === 'end_date' ? ['start_date'] : [];
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
