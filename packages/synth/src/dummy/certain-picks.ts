// Makes a picked row the one that the pick finds: no other row that the pick looks at may come before it. Done when the
// patient has what is asked, so that what the row is asked to hold is known, and before rows are added for show.
import { domainOf, sortKeys, typeOf, type Pick, type Series } from '@glovebox/language';
import { decide } from './decide.js';
import type { Draft, DraftRow } from './draft.js';
import { avoidAll, conditionsOf } from './rows.js';

/** @returns false where there is no way to it for some: those are left to chance, as patients are checked afterwards */
export function makePicksCertain(draft: Draft): boolean {
  let areAll = true;
  for (const [frame, row] of draft.picked) {
    if (frame.kind !== 'pick' || draft.certain.has(frame)) continue;
    draft.certain.add(frame);
    draft.budget = Math.max(draft.budget, 300);
    if (!draft.attempt(() => comesFirst(draft, frame, row))) areAll = false;
  }
  return areAll;
}

function comesFirst(draft: Draft, frame: Pick, row: DraftRow): boolean {
  const domain = domainOf(frame.source);
  const [key] = sortKeys(frame);
  if (domain.kind !== 'event' || !key || typeOf(key) === 'bool') return true;
  const value = decide(draft, key, row);
  if (value === undefined || value === null) return true;
  const beyond: Series = {
    kind: frame.position === 'first' ? 'lt' : 'gt',
    left: key,
    right: { kind: 'value', type: typeOf(key), value },
  };
  return avoidAll(draft, domain.table.name, [...conditionsOf(domain), beyond], row);
}
