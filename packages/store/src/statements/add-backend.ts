// Registers a backend, and gives its agent a token; the former one stops working.
import type { Transaction } from 'kysely';
import type { Database } from '../tables.js';
import { createToken } from '../tokens.js';
import { type Actor, type Added, compareFields, recordEvent } from './record-event.js';

export interface BackendToAdd {
  readonly slug: string;
  readonly name: string;
  readonly isSynthetic: boolean;
}

/** `row` of a created one is the agent's token, which can't be read again. */
export async function addBackend(
  tx: Transaction<Database>,
  actor: Actor,
  { slug, name, isSynthetic }: BackendToAdd,
): Promise<Added<string>> {
  const { token, identifier, hash } = createToken();
  const row = await tx
    .insertInto('backends')
    .values({
      slug,
      name,
      is_synthetic: isSynthetic,
      token_identifier: identifier,
      token_hash: hash,
      created_at: actor.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row) {
    await recordEvent(tx, actor, 'backend-added', { slug, name, isSynthetic });
    return { outcome: 'created', row: token };
  }
  const there = await tx
    .selectFrom('backends')
    .select(['name', 'is_synthetic as isSynthetic'])
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow();
  return compareFields(there, { name, isSynthetic });
}

/** @returns the new token; undefined when there is no such backend */
export async function renewBackendToken(
  tx: Transaction<Database>,
  actor: Actor,
  slug: string,
): Promise<string | undefined> {
  const { token, identifier, hash } = createToken();
  const renewed = await tx
    .updateTable('backends')
    .set({ token_identifier: identifier, token_hash: hash })
    .where('slug', '=', slug)
    .returning('id')
    .executeTakeFirst();
  if (!renewed) return undefined;
  await recordEvent(tx, actor, 'backend-token-renewed', { slug });
  return token;
}
