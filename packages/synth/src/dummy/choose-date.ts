// Chooses a day: within what was asked, within the patient's life where that leaves a choice, and where such dates usually are.
import type { Column } from '@glovebox/language';
import { constraintsOf, listedValues } from './column-rules.js';
import { dayNumber, isoDay } from './days.js';
import type { Goal } from './goal.js';
import type { Draw } from './random.js';
import type { Vocabulary } from './vocabulary.js';

/** The days that a patient's records fall between when nothing says otherwise. */
export interface Lifetime {
  readonly from: string;
  readonly to: string;
}

interface DateHabit {
  /** Days that dates are often near. */
  readonly near: readonly string[];
  /** How many days before its last possible day a date can be. */
  readonly reach: number;
  /** Whether dates become ever rarer the longer ago they are. */
  readonly isExponential: boolean;
}

/** What happens to patients happens near the definition's dates; where they live and are registered doesn't. */
function habitOf(table: string, column: string, { dates, isLegacy }: Vocabulary): DateHabit {
  const isBirth = column === 'date_of_birth';
  const isLong = table === 'practice_registrations';
  const near = isLong || isBirth || table === 'addresses' ? [] : dates;
  return { near, reach: isBirth ? Infinity : isLong ? 14_600 : 3650, isExponential: isLegacy && !isBirth };
}

/** @returns undefined when there is no day within the goal */
export function chooseDate(
  table: string,
  column: Column,
  goal: Goal,
  life: Lifetime,
  vocabulary: Vocabulary,
  draw: Draw,
): string | undefined {
  const constraints = constraintsOf(table, column);
  const { near: dates, reach, isExponential } = habitOf(table, column.name, vocabulary);
  const listed = listedValues(constraints).filter((value) => typeof value === 'string');
  if (listed.length > 0) return draw.from(listed);
  const isMonth = constraints.some(({ kind }) => kind === 'FirstOfMonth');
  const low = goal.low === undefined ? undefined : dayNumber(String(goal.low)) + (goal.lowOpen ? 1 : 0);
  const high = goal.high === undefined ? undefined : dayNumber(String(goal.high)) - (goal.highOpen ? 1 : 0);
  const [born, last] = [dayNumber(life.from), dayNumber(life.to)];
  // A goal beyond the lifetime wins: what the definition asks for counts more than what is likely.
  let from = low ?? Math.max(born, (high ?? last) - reach);
  let to = Math.max(high ?? Math.max(last, low === undefined ? -1e9 : low + 365), low ?? -1e9);
  if (low !== undefined && high === undefined) to = Math.max(low, Math.min(to, Math.max(last, low)));
  if (from < born && born <= to) from = born;
  if (to > last && last >= from) to = last;
  if (from > to) return undefined;
  let day = from + draw.below(to - from + 1);
  const ago = isExponential ? draw.geometric(365) : Infinity;
  if (ago <= to - from) day = to - ago;
  else if (!isMonth && dates.length > 0 && draw.chance(0.5)) {
    const near = dayNumber(draw.from(dates)!) + Math.round((draw.uniform() + draw.uniform() - 1) * 200);
    if (near >= from && near <= to) day = near;
  }
  if (!isMonth) return isoDay(day);
  const first = `${isoDay(day).slice(0, 7)}-01`;
  return dayNumber(first) >= (low ?? -1e9) ? first : `${isoDay(dayNumber(first) + 31).slice(0, 7)}-01`;
}
