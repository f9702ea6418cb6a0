// An organisation with its projects.
import type { Named } from '@glovebox/record';
import type { Kysely } from 'kysely';
import type { Database } from '../tables.js';
import { listProjects, type ProjectSummary } from './list-projects.js';

export interface OrganisationView extends Named {
  readonly projects: readonly ProjectSummary[];
}

/** @returns null when there is none of that slug */
export async function readOrganisation(db: Kysely<Database>, slug: string): Promise<OrganisationView | null> {
  const found = await db
    .selectFrom('organisations')
    .select(['slug', 'name'])
    .where('slug', '=', slug)
    .executeTakeFirst();
  return found ? { ...found, projects: await listProjects(db, slug) } : null;
}
