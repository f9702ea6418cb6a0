// Begins a session, and forgets those that are over: nothing else would ever delete them.
import type { Transaction } from 'kysely';
import type { Database } from '../tables.js';
import { createToken } from '../tokens.js';
import { recordEvent } from './record-event.js';

export interface SessionToAdd {
  /** Row number. */
  readonly person: number;
  /** Identifier of the token that was shown; null where none was. */
  readonly token: string | null;
  readonly now: Date;
  readonly expiresAt: Date;
}

/** @returns "<identifier>.<secret>" for the cookie, which can't be read again */
export async function addSession(
  tx: Transaction<Database>,
  { person, token, now, expiresAt }: SessionToAdd,
): Promise<string> {
  await tx.deleteFrom('sessions').where('expires_at', '<=', now).execute();
  const session = createToken();
  const { identifier, hash } = session;
  await tx
    .insertInto('sessions')
    .values({ identifier, hash, person, token, created_at: now, expires_at: expiresAt })
    .execute();
  await recordEvent(tx, { person, now }, 'signed-in', {});
  return session.token;
}
