// Registers a project of an organisation.
import type { Transaction } from 'kysely';
import type { Database } from '../tables.js';
import { type Actor, type Added, compareFields, recordEvent } from './record-event.js';

export interface ProjectToAdd {
  readonly slug: string;
  readonly name: string;
  readonly organisation: number;
  /** What its definitions may read beyond the ordinary. */
  readonly permissions: readonly string[];
}

export async function addProject(
  tx: Transaction<Database>,
  actor: Actor,
  { slug, name, organisation, permissions: unordered }: ProjectToAdd,
): Promise<Added<number>> {
  const permissions = [...new Set(unordered)].sort();
  const row = await tx
    .insertInto('projects')
    .values({ slug, name, organisation, permissions, created_at: actor.now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row) {
    await recordEvent(tx, actor, 'project-added', { slug, name, organisation, permissions });
    return { outcome: 'created', row: row.id };
  }
  const there = await tx
    .selectFrom('projects')
    .select(['name', 'organisation', 'permissions'])
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow();
  return compareFields(there, { name, organisation, permissions });
}
