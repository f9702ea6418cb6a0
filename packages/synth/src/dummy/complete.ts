// Finishes a patient: values for every cell that steering left open, and further rows, so that the data look like
// somebody's records and not like the one case that the definition asks for.
import type { Column } from '@glovebox/language';
import type { Draft, DraftRow, Schema } from './draft.js';
import { anything, isNull } from './goal.js';
import { returnToPractice, separateRegistrations } from './registrations.js';
import { keepsAway } from './rows.js';

/**
 * @param withMore whether to add rows that nothing asks for
 * @returns false when some cell can't hold anything that its goals and constraints allow
 */
export function complete(draft: Draft, withMore: boolean): boolean {
  for (const [table, { rows, columns }] of draft.schema) {
    if (table === 'patients' || rows === 'one') addOnlyRow(draft, table);
    if (table === 'practice_registrations') returnToPractice(draft);
    if (!draft.rowsOf(table).every((row) => fill(draft, row, columns))) return false;
  }
  for (const [table, { rows, columns }] of draft.schema) {
    if (rows === 'many' && withMore) addRows(draft, table, columns);
  }
  separateRegistrations(draft, withMore);
  return true;
}

/**
 * Adds tables and columns to a patient who is finished, without a change to what is there.
 * @param there what the patient was made for
 */
export function extend(draft: Draft, there: Schema): void {
  for (const [table, { rows, columns }] of draft.schema) {
    const isNew = !there.has(table);
    if (isNew && rows === 'one') addOnlyRow(draft, table);
    for (const row of draft.rowsOf(table)) fill(draft, row, columns);
    if (isNew && rows === 'many') addRows(draft, table, columns);
  }
}

function fill(draft: Draft, row: DraftRow, columns: readonly Column[]): boolean {
  return columns.every((column) => draft.decide(row, column.name) !== undefined);
}

function addOnlyRow(draft: Draft, table: string): void {
  if (draft.rowsOf(table).length > 0) return;
  if (table === 'ons_deaths') return addDeath(draft);
  if (table === 'patients' || draft.draw.chance(0.85)) draft.addRow(table);
}

/** The register of deaths agrees with the date of death in the patient's own record. */
function addDeath(draft: Draft): void {
  const patient = draft.rowsOf('patients')[0];
  const knowsDeath = draft.schema.get('patients')?.columns.some(({ name }) => name === 'date_of_death');
  const died =
    patient && knowsDeath ? draft.decide(patient, 'date_of_death') : draft.draw.chance(0.1) ? undefined : null;
  if (died === null) return;
  const row = draft.addRow('ons_deaths');
  if (row && typeof died === 'string') draft.narrow(row, 'date', { ...anything, low: died, high: died });
}

function addRows(draft: Draft, table: string, columns: readonly Column[]): void {
  const has = draft.rowsOf(table).length;
  if (table === 'practice_registrations') return addRegistrations(draft, columns);
  if (draft.vocabulary.isLegacy) {
    for (let more = draft.draw.below(17) - has; more > 0; more--) addPlausible(draft, table, columns, () => true);
    return;
  }
  const mean = table === 'addresses' ? 0.5 : has > 0 ? 1.5 : 3;
  const isBare = has === 0 && draft.draw.chance(0.15);
  const count = isBare ? 0 : (table === 'addresses' && has === 0 ? 1 : 0) + Math.min(20, draft.draw.geometric(mean));
  for (let i = 0; i < count; i++) addPlausible(draft, table, columns, () => true);
}

function addPlausible(
  draft: Draft,
  table: string,
  columns: readonly Column[],
  shape: (row: DraftRow) => boolean,
): boolean {
  draft.budget = Math.max(draft.budget, 200);
  return draft.attempt(() => {
    const row = draft.addRow(table);
    return row !== undefined && keepsAway(draft, row) && shape(row) && fill(draft, row, columns);
  });
}

/** Someone is registered from birth or a later day until now, and may have been elsewhere before. */
function addRegistrations(draft: Draft, columns: readonly Column[]): void {
  const table = 'practice_registrations';
  const hasDates = columns.some(({ name }) => name === 'start_date') && columns.some(({ name }) => name === 'end_date');
  if (draft.rowsOf(table).length === 0 && draft.draw.chance(0.95)) {
    addPlausible(
      draft,
      table,
      columns,
      (row) => !hasDates || draft.draw.chance(0.1) || draft.narrow(row, 'end_date', isNull),
    );
  }
  if (!hasDates) return;
  while (draft.draw.chance(0.3)) {
    const starts = draft.rowsOf(table).map((row) => String(draft.decide(row, 'start_date')));
    const first = starts.sort()[0];
    if (first === undefined) return;
    const before = { ...anything, mayBeNull: false, high: first };
    const isAdded = addPlausible(
      draft,
      table,
      columns,
      (row) => draft.narrow(row, 'start_date', { ...before, highOpen: true }) && draft.narrow(row, 'end_date', before),
    );
    if (!isAdded) return;
  }
}
