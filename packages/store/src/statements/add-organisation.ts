// Registers an organisation.
import type { Named } from '@glovebox/record';
import type { Transaction } from 'kysely';
import type { Database } from '../tables.js';
import { type Actor, type Added, compareFields, recordEvent } from './record-event.js';

export async function addOrganisation(
  tx: Transaction<Database>,
  actor: Actor,
  { slug, name }: Named,
): Promise<Added<number>> {
  const row = await tx
    .insertInto('organisations')
    .values({ slug, name, created_at: actor.now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row) {
    await recordEvent(tx, actor, 'organisation-added', { slug, name });
    return { outcome: 'created', row: row.id };
  }
  const there = await tx.selectFrom('organisations').select('name').where('slug', '=', slug).executeTakeFirstOrThrow();
  return compareFields(there, { name });
}
