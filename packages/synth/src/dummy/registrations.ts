// Makes registrations with practices follow one another, as far as what the definition asks for leaves them free to.
import { dayNumber, isoDay } from './days.js';
import type { Draft, DraftRow } from './draft.js';
import { accepts, among } from './goal.js';

const table = 'practice_registrations';

/** Some people come back to the practice that they left. */
export function returnToPractice(draft: Draft): void {
  const [first, ...rest] = draft.rowsOf(table);
  for (const row of rest) {
    if (!first || !draft.draw.chance(0.2)) continue;
    const practice = draft.decide(first, 'practice_pseudo_id');
    if (practice !== undefined && practice !== null) draft.narrow(row, 'practice_pseudo_id', among([practice]));
  }
}

/**
 * Ends each registration on the day before the next one starts, or starts the next one later.
 *
 * @param isBold whether to override what was asked of a row, when the patient can be made anew should that spoil it
 */
export function separateRegistrations(draft: Draft, isBold: boolean): void {
  const columns = new Set(draft.schema.get(table)?.columns.map(({ name }) => name));
  if (!columns.has('start_date') || !columns.has('end_date')) return;
  const change = (row: DraftRow, column: string, value: string): boolean => {
    if (!isBold && !accepts(draft.goalOf(row, column), value)) return false;
    row.values.set(column, value);
    return true;
  };
  const rows = [...draft.rowsOf(table)].sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  for (const [at, row] of rows.entries()) {
    const next = rows[at + 1];
    if (!next) return;
    const end = row.values.get('end_date') ?? null;
    if (end !== null && end < startOf(next)) continue;
    const before = nextDay(startOf(next), -1);
    if (before >= startOf(row) && change(row, 'end_date', before)) continue;
    const last = startOf(row);
    const nextEnd = next.values.get('end_date') ?? null;
    if (nextEnd !== null && nextEnd <= last) change(next, 'end_date', nextDay(last, 1));
    if (change(row, 'end_date', last)) change(next, 'start_date', nextDay(last, 1));
  }
}

const nextDay = (date: string, days: number): string => isoDay(dayNumber(date) + days);

const startOf = (row: DraftRow): string => String(row.values.get('start_date'));
