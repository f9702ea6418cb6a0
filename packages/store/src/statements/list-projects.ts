// All projects by name, or those of one organisation, with how many workspaces each has.
import type { Named } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface ProjectSummary extends Named {
  readonly organisation: Named;
  readonly workspaceCount: number;
}

/** @param organisation only this organisation's, by slug */
export async function listProjects(db: Kysely<Database>, organisation?: string): Promise<readonly ProjectSummary[]> {
  const { rows } = await sql<ProjectSummary>`
    select p.slug, p.name, json_build_object('slug', o.slug, 'name', o.name) as organisation,
      (select count(*)::int from workspaces w where w.project = p.id) as "workspaceCount"
    from projects p join organisations o on o.id = p.organisation
    ${organisation === undefined ? sql`` : sql`where o.slug = ${organisation}`}
    order by lower(p.name), p.slug`.execute(db);
  return rows;
}
