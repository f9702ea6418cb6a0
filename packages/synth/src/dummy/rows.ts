// Rows that satisfy a chain of filters, and the promise that no row does.
import { domainOf, type Domain, type EventDomain, type Frame, type Series } from '@glovebox/language';
import type { Draft, DraftRow } from './draft.js';
import { conjunctsOf, easiestFirst } from './easiest.js';
import { isFalse, isNull, isTrue } from './goal.js';
import { peek } from './peek.js';

const conditionsByDomain = new WeakMap<EventDomain, readonly Series[]>();

/** The conditions of an event domain's filters, the first one first. */
export function conditionsOf(domain: EventDomain): readonly Series[] {
  const known = conditionsByDomain.get(domain);
  if (known) return known;
  const conditions: Series[] = [];
  for (let step: Domain = domain; step.kind === 'event'; step = step.parent) {
    if (step.condition) conditions.unshift(...conjunctsOf(step.condition));
  }
  conditionsByDomain.set(domain, conditions);
  return conditions;
}

/**
 * A row of the domain for which `also` holds: one that the patient already has, where that works, or a new one.
 * @param fresh whether only a new row will do
 */
export function addMatchingRow(
  draft: Draft,
  domain: Domain,
  also: (row: DraftRow) => boolean,
  fresh = false,
): DraftRow | undefined {
  if (domain.kind !== 'event') return undefined;
  const { name } = domain.table;
  const conditions = easiestFirst(conditionsOf(domain));
  const matches = (row: DraftRow): boolean => {
    draft.inTheMaking.add(row);
    const isMatch = draft.attempt(
      () => conditions.every((condition) => draft.steer(condition, isTrue, row)) && also(row),
    );
    draft.inTheMaking.delete(row);
    return isMatch;
  };
  // Without a filter every row counts, so another one could only get in the way.
  if (!fresh && draft.draw.chance(conditions.length === 0 ? 1 : 0.7)) {
    const isFree = (row: DraftRow): boolean => !draft.inTheMaking.has(row);
    const reused = draft.draw.shuffled(draft.rowsOf(name).filter(isFree)).slice(0, 3).find(matches);
    if (reused) return reused;
  }
  let added: DraftRow | undefined;
  const isAdded = draft.attempt(() => {
    added = draft.addRow(name);
    return added !== undefined && matches(added) && keepsAway(draft, added);
  });
  return isAdded ? added : undefined;
}

/** Promises that no row satisfies the domain's filters. */
export function avoidRows(draft: Draft, domain: Domain): boolean {
  if (domain.kind !== 'event') return false;
  const { name } = domain.table;
  return avoidAll(draft, name, conditionsOf(domain));
}

/** Promises that no row of a table satisfies all conditions, but for one row that is already there. */
export function avoidAll(draft: Draft, name: string, conditions: readonly Series[], but?: DraftRow): boolean {
  if (conditions.length === 0) return draft.removeAll(name);
  if (!draft.rowsOf(name).every((row) => row === but || failsOne(draft, conditions, row))) return false;
  draft.avoid(name, conditions);
  return true;
}

/** Makes a row fail at least one condition of everything that its table must not have. */
export function keepsAway(draft: Draft, row: DraftRow): boolean {
  return (draft.avoided.get(row.table) ?? []).every((conditions) => failsOne(draft, conditions, row));
}

function failsOne(draft: Draft, conditions: readonly Series[], row: DraftRow): boolean {
  return draft.draw.shuffled(conditions).some((condition) => draft.attempt(() => notTrue(draft, condition, row)));
}

/** False or NULL; a condition that can't be steered away from is left to chance. */
export function notTrue(draft: Draft, condition: Series, row: DraftRow | undefined): boolean {
  const known = peek(draft, condition, row);
  if (known !== undefined) return known !== true;
  return draft.steer(condition, isFalse, row) || draft.steer(condition, isNull, row);
}

/**
 * The row that a column of this frame is read from; made when the patient may still get it.
 * @param fits what a row that is chosen for it must satisfy
 */
export function rowBehind(
  draft: Draft,
  frame: Frame,
  row: DraftRow | undefined,
  fits: (row: DraftRow) => boolean = () => true,
): DraftRow | undefined {
  if (frame.kind === 'pick') {
    const known = draft.picked.get(frame);
    if (known) return known;
    const added = addMatchingRow(draft, domainOf(frame.source), fits);
    if (added) draft.pick(frame, added);
    return added;
  }
  if (frame.kind === 'table' && frame.rows === 'one') return draft.onlyRow(frame);
  return row;
}

/** Promises that there is no row to read a column from: nothing for a pick to find, or no row of the patient's one. */
export function leaveOut(draft: Draft, frame: Frame): boolean {
  if (frame.kind === 'table') return frame.rows === 'one' && frame.name !== 'patients' && draft.removeAll(frame.name);
  if (frame.kind !== 'pick' || draft.picked.has(frame)) return false;
  return draft.attempt(() => {
    if (!avoidRows(draft, domainOf(frame.source))) return false;
    draft.settle(frame, null);
    return true;
  });
}
