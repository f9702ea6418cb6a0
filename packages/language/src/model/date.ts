// Dates of the query model are ISO strings. Only real days of the years 0001 to 9999 exist.
const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Days of a month; month counts from 1. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether the text is a real date, written `YYYY-MM-DD`. */
export function isIsoDate(text: string): boolean {
  const parts = pattern.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}
