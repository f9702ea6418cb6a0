// The backend whose agent a token belongs to.
import type { Kysely } from 'kysely';
import type { Database } from '../tables.js';
import { isSecretOf, splitToken } from '../tokens.js';

/** @returns the backend's row number; undefined when the token is unknown */
export async function findBackendByToken(db: Kysely<Database>, token: string): Promise<number | undefined> {
  const parts = splitToken(token);
  if (!parts) return undefined;
  const row = await db
    .selectFrom('backends')
    .select(['id', 'token_hash'])
    .where('token_identifier', '=', parts.identifier)
    .executeTakeFirst();
  return row && isSecretOf(parts.secret, row.token_hash) ? row.id : undefined;
}

/** Remembers that the backend's agent was heard of. */
export async function noteBackendSeen(db: Kysely<Database>, backend: number, now: Date): Promise<void> {
  await db.updateTable('backends').set({ last_seen_at: now }).where('id', '=', backend).execute();
}
