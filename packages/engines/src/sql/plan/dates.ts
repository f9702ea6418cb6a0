// Calculations with dates: they stay within the years 1 to 9999, and months roll forward to the first of the next one.
import type { Series } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import { binary, call, dateLiteral, either, extract, intLiteral, type ExpressionNode } from '../tree/index.js';
import { constantOf } from './constant.js';

const firstDate = dateLiteral('0001-01-01');
const lastDate = dateLiteral('9999-12-31');

const within = (value: ExpressionNode, least: ExpressionNode, greatest: ExpressionNode): ExpressionNode =>
  binary('and', binary('>=', value, least), binary('<=', value, greatest));

/** NULL for a date outside the years 1 to 9999. */
export function addDays(date: ExpressionNode, days: ExpressionNode, dialect: Dialect): ExpressionNode {
  const { addDays: add, daysBetween } = dialect.primitives;
  return either(within(days, daysBetween(firstDate, date), daysBetween(lastDate, date)), add(date, days));
}

/**
 * The same day of another month; where that day doesn't exist, the first of the month after. The day is counted from
 * the start of the month, and `least` holds it there. NULL for a date outside the years 1 to 9999.
 */
export function shiftMonths(date: ExpressionNode, months: ExpressionNode, dialect: Dialect): ExpressionNode {
  const { addDays: add, addMonths, monthStart } = dialect.primitives;
  const dayOffset = binary('-', extract('day', date), intLiteral(1));
  const monthNumber = binary('+', binary('*', extract('year', date), intLiteral(12)), extract('month', date));
  return either(
    within(months, binary('-', intLiteral(13), monthNumber), binary('-', intLiteral(9999 * 12 + 12), monthNumber)),
    addMonths
      ? addMonths(date, months)
      : call('least', add(monthStart(date, months), dayOffset), monthStart(date, binary('+', months, intLiteral(1)))),
  );
}

/** Whether a date is moved by a constant that takes any date out of the calendar; no database is asked to calculate it. */
export function isOutOfCalendar(by: Series): boolean {
  const value = constantOf(by);
  return typeof value === 'bigint' && (value > 4_000_000n || value < -4_000_000n);
}

/** A number of months that stands in the definition, where it is one that dates can have. */
export function constantInt(series: Series, factor = 1n): ExpressionNode | undefined {
  const value = constantOf(series);
  if (typeof value !== 'bigint' || value > 20_000n || value < -20_000n) return undefined;
  return intLiteral(value * factor);
}

/** Years as months; NULL for more years than there are, which would overflow. */
export function monthsOf(years: ExpressionNode): ExpressionNode {
  return either(within(years, intLiteral(-20_000), intLiteral(20_000)), binary('*', years, intLiteral(12)));
}

export function monthsBetween(later: ExpressionNode, earlier: ExpressionNode): ExpressionNode {
  const years = binary('-', extract('year', later), extract('year', earlier));
  const months = binary('-', extract('month', later), extract('month', earlier));
  const isShort = binary('<', extract('day', later), extract('day', earlier));
  return binary(
    '-',
    binary('+', binary('*', intLiteral(12), years), months),
    either(isShort, intLiteral(1), intLiteral(0)),
  );
}

export function yearsBetween(later: ExpressionNode, earlier: ExpressionNode): ExpressionNode {
  const dayOfYear = (date: ExpressionNode): ExpressionNode =>
    binary('+', binary('*', extract('month', date), intLiteral(100)), extract('day', date));
  return binary(
    '-',
    binary('-', extract('year', later), extract('year', earlier)),
    either(binary('<', dayOfYear(later), dayOfYear(earlier)), intLiteral(1), intLiteral(0)),
  );
}
