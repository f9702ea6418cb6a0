// All organisations by name, with how many projects each has.
import type { Named } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface OrganisationSummary extends Named {
  readonly projectCount: number;
}

export async function listOrganisations(db: Kysely<Database>): Promise<readonly OrganisationSummary[]> {
  const { rows } = await sql<OrganisationSummary>`
    select o.slug, o.name, (select count(*)::int from projects p where p.organisation = o.id) as "projectCount"
    from organisations o order by lower(o.name), o.slug`.execute(db);
  return rows;
}
