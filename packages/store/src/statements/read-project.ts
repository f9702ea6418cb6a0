// A project with its workspaces.
import type { Named } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';
import { listWorkspaces, type WorkspaceSummary } from './list-workspaces.js';

export interface ProjectView extends Named {
  readonly organisation: Named;
  readonly workspaces: readonly WorkspaceSummary[];
}

/** @returns null when there is none of that slug */
export async function readProject(db: Kysely<Database>, slug: string): Promise<ProjectView | null> {
  const { rows } = await sql<Omit<ProjectView, 'workspaces'>>`
    select p.slug, p.name, json_build_object('slug', o.slug, 'name', o.name) as organisation
    from projects p join organisations o on o.id = p.organisation where p.slug = ${slug}`.execute(db);
  const found = rows[0];
  return found ? { ...found, workspaces: await listWorkspaces(db, { project: slug }) } : null;
}
