// An event that is not about a job's state: who registered or changed what. Call it in the transaction of the change.
import type { Transaction } from 'kysely';
import type { Database } from '../tables.js';

/** Who does something, and when; `person` is null for the platform itself. */
export interface Actor {
  readonly person: number | null;
  readonly now: Date;
}

export async function recordEvent(
  tx: Transaction<Database>,
  { person, now }: Actor,
  kind: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx
    .insertInto('events')
    .values({ at: now, kind, person, detail: JSON.stringify(detail) })
    .execute();
}

/** What became of an addition: nothing changes when the name is taken. */
export type Added<T> =
  | { readonly outcome: 'created'; readonly row: T }
  /** There is one with the same values already. */
  | { readonly outcome: 'same' }
  /** There is one that differs in these fields. */
  | { readonly outcome: 'different'; readonly fields: readonly string[] };

/** Compares what is there with what was asked for, field by field. */
export function compareFields(
  there: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Added<never> {
  const fields = Object.keys(wanted).filter((key) => JSON.stringify(there[key]) !== JSON.stringify(wanted[key]));
  return fields.length === 0 ? { outcome: 'same' } : { outcome: 'different', fields };
}
