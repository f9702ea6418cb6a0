// ISO dates as numbers of days, for drawing a day between two others.

// Lives of patients lie within some fifty thousand days, and each is asked for many times.
const numbers = new Map<string, number>();
const dates = new Map<number, string>();

export function dayNumber(date: string): number {
  let number = numbers.get(date);
  if (number === undefined) numbers.set(date, (number = Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000)));
  return number;
}

export function isoDay(day: number): string {
  let date = dates.get(day);
  if (date === undefined) dates.set(day, (date = new Date(day * 86_400_000).toISOString().slice(0, 10)));
  return date;
}
