// Fields of CSV files as values, accepting what Python's own readers accept: int("1_000"), float("nan"), dates in any
// of the ISO forms. Booleans are T and F only.
import { daysInMonth, isIsoDate, isLeapYear, type Nullable, type SeriesType } from '@glovebox/language';
import { addDays, isoDate } from '../reference/days.js';

/** What a field should have been, for a message. */
export const expectations: Readonly<Record<'bool' | 'int' | 'float' | 'date', string>> = {
  bool: 'T or F',
  int: 'a whole number',
  float: 'a number',
  date: 'a date such as 2022-01-31',
};

/** The value of a field, or undefined when it is not one of the type. Empty is NULL. */
export function csvValue(field: string, type: SeriesType): Nullable | undefined {
  if (field === '') return null;
  if (type === 'bool') return field === 'T' ? true : field === 'F' ? false : undefined;
  if (type === 'int') return intValue(field);
  if (type === 'float') return floatValue(field);
  if (type === 'date') return isIsoDate(field) ? field : otherDate(field);
  return field;
}

function intValue(field: string): bigint | undefined {
  const text = field.trim();
  if (!/^[+-]?\d+(_\d+)*$/.test(text)) return undefined;
  const value = BigInt(text.replaceAll('_', '').replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function floatValue(field: string): number | undefined {
  const text = field.trim().toLowerCase();
  const named = /^([+-]?)(nan|inf|infinity)$/.exec(text);
  if (named) return named[2] === 'nan' ? NaN : named[1] === '-' ? -Infinity : Infinity;
  if (!/^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/.test(text)) return undefined;
  return Number(text.replaceAll('_', ''));
}

/** 20220131, 2022-W05-1, 2022W051 and 2022-W05. */
function otherDate(field: string): string | undefined {
  const basic = /^(\d{4})(\d{2})(\d{2})$/.exec(field);
  if (basic) {
    const [year, month, day] = [Number(basic[1]), Number(basic[2]), Number(basic[3])];
    const isReal = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
    return isReal ? (isoDate(year, month, day) ?? undefined) : undefined;
  }
  const week = /^(\d{4})(?:-W(\d{2})(?:-(\d))?|W(\d{2})(\d)?)$/.exec(field);
  if (!week) return undefined;
  return weekDate(Number(week[1]), Number(week[2] ?? week[4]), Number(week[3] ?? week[5] ?? 1));
}

/** Week 1 of a year is the one with its first Thursday; days count from Monday as 1. */
function weekDate(year: number, week: number, day: number): string | undefined {
  const first = isoDate(year, 1, 1);
  if (first === null || week < 1 || week > 53 || day < 1 || day > 7) return undefined;
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const isLong = weekday === 3 || (weekday === 2 && isLeapYear(year));
  if (week === 53 && !isLong) return undefined;
  const toMonday = weekday <= 3 ? -weekday : 7 - weekday;
  return addDays(first, BigInt(toMonday + (week - 1) * 7 + day - 1)) ?? undefined;
}
