// Makes registrations with practices follow one another, as far as what the definition asks for leaves them free to.
import type { Nullable } from '@glovebox/language';
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

/** Ends each registration on the day before the next one starts, or starts the next one later. */
export function separateRegistrations(draft: Draft): void {
  const columns = new Set(draft.schema.get(table)?.columns.map(({ name }) => name));
  if (!columns.has('start_date') || !columns.has('end_date')) return;
  const rows = [...draft.rowsOf(table)].sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  for (const [at, row] of rows.entries()) {
    const next = rows[at + 1];
    if (!next) return;
    const end = row.values.get('end_date') ?? null;
    if (end !== null && end < startOf(next)) continue;
    const before = isoDay(dayNumber(startOf(next)) - 1);
    if (before >= startOf(row) && set(draft, row, 'end_date', before)) continue;
    const nextEnd = next.values.get('end_date') ?? null;
    const after = typeof end === 'string' ? isoDay(dayNumber(end) + 1) : undefined;
    if (after !== undefined && (nextEnd === null || after <= String(nextEnd))) set(draft, next, 'start_date', after);
  }
}

const startOf = (row: DraftRow): string => String(row.values.get('start_date'));

/** Changes a value that nothing has asked for; false when a goal refuses the new one. */
function set(draft: Draft, row: DraftRow, column: string, value: Nullable): boolean {
  if (!accepts(draft.goalOf(row, column), value)) return false;
  row.values.set(column, value);
  return true;
}
