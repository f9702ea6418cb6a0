// Ends a session, for whoever holds its secret.
import type { Transaction } from 'kysely';
import type { Database } from '../tables.js';
import { isSecretOf, splitToken } from '../tokens.js';
import { recordEvent } from './record-event.js';

/** @returns whether there was such a session */
export async function endSession(tx: Transaction<Database>, session: string, now: Date): Promise<boolean> {
  const parts = splitToken(session);
  if (!parts) return false;
  const found = await tx
    .selectFrom('sessions')
    .select(['hash', 'person'])
    .where('identifier', '=', parts.identifier)
    .executeTakeFirst();
  if (!found || !isSecretOf(parts.secret, found.hash)) return false;
  await tx.deleteFrom('sessions').where('identifier', '=', parts.identifier).execute();
  await recordEvent(tx, { person: found.person, now }, 'signed-out', {});
  return true;
}
