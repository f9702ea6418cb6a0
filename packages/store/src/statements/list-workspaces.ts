// Workspaces by name: those of one project, or the one of that name.
import type { Named } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface WorkspaceSummary {
  readonly name: string;
  readonly project: Named;
  readonly organisation: Named;
  readonly repository: string;
  readonly branch: string;
  /** Null when none was given. */
  readonly purpose: string | null;
}

export async function listWorkspaces(
  db: Kysely<Database>,
  filter: { readonly project: string; readonly name?: string },
): Promise<readonly WorkspaceSummary[]> {
  const { rows } = await sql<WorkspaceSummary>`
    select w.name, json_build_object('slug', p.slug, 'name', p.name) as project,
      json_build_object('slug', o.slug, 'name', o.name) as organisation,
      w.repository, w.branch, nullif(w.purpose, '') as purpose
    from workspaces w join projects p on p.id = w.project join organisations o on o.id = p.organisation
    where p.slug = ${filter.project} ${filter.name === undefined ? sql`` : sql`and w.name = ${filter.name}`}
    order by w.name`.execute(db);
  return rows;
}

/** @returns null when the project has no workspace of that name */
export const readWorkspace = async (
  db: Kysely<Database>,
  project: string,
  name: string,
): Promise<WorkspaceSummary | null> => (await listWorkspaces(db, { project, name }))[0] ?? null;
