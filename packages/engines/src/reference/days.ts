// Date arithmetic on ISO strings in the proleptic Gregorian calendar, years 0001 to 9999. A result outside those years
// is NULL, on every engine.
import { daysInMonth } from '@glovebox/language';

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function partsOf(date: string): Parts {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

export function isoDate(year: number, month: number, day: number): string | null {
  if (year < 1 || year > 9999) return null;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** Days since 1970-01-01. */
export function dayNumber(date: string): number {
  const { year, month, day } = partsOf(date);
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  return moment.getTime() / 86_400_000;
}

export function addDays(date: string, days: bigint): string | null {
  if (days > 4_000_000n || days < -4_000_000n) return null;
  const moment = new Date((dayNumber(date) + Number(days)) * 86_400_000);
  return isoDate(moment.getUTCFullYear(), moment.getUTCMonth() + 1, moment.getUTCDate());
}

/** The same day of a later month or, where that month is too short, the first day of the month after it. */
export function addMonths(date: string, months: bigint): string | null {
  if (months > 200_000n || months < -200_000n) return null;
  const { year, month, day } = partsOf(date);
  const total = year * 12 + (month - 1) + Number(months);
  const [toYear, toMonth] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1];
  if (day <= daysInMonth(toYear, toMonth)) return isoDate(toYear, toMonth, day);
  return toMonth === 12 ? isoDate(toYear + 1, 1, 1) : isoDate(toYear, toMonth + 1, 1);
}

/** The same day of a later year; 29 February becomes 1 March where there is none. */
export function addYears(date: string, years: bigint): string | null {
  if (years > 20_000n || years < -20_000n) return null;
  return addMonths(date, years * 12n);
}

/** Whole months from `start` to `end`, rounded towards minus infinity. */
export function monthsBetween(start: string, end: string): number {
  const [from, to] = [partsOf(start), partsOf(end)];
  return (to.year - from.year) * 12 + to.month - from.month - (to.day < from.day ? 1 : 0);
}

/** Whole years from `start` to `end`, rounded towards minus infinity. */
export function yearsBetween(start: string, end: string): number {
  const isEarlierInYear = end.slice(5) < start.slice(5);
  return partsOf(end).year - partsOf(start).year - (isEarlierInYear ? 1 : 0);
}
