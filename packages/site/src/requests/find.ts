// The workspace and the backend that a request names.
import { controllerProblem } from '@glovebox/controller';
import { ProblemError } from '@glovebox/record';
import type { Database, Kysely } from '@glovebox/store';
import { refuse } from '../api/answer.js';

export interface FoundWorkspace {
  /** Row numbers of the workspace and its project. */
  readonly id: number;
  readonly project: number;
  readonly name: string;
  readonly projectSlug: string;
  readonly projectName: string;
  readonly repository: string;
  readonly branch: string;
}

/** Throws a refusal when there is none of that name. */
export async function findWorkspace(db: Kysely<Database>, name: string): Promise<FoundWorkspace> {
  const found = await db
    .selectFrom('workspaces as w')
    .innerJoin('projects as p', 'p.id', 'w.project')
    .select(['w.id', 'w.name', 'w.repository', 'w.branch', 'w.project'])
    .select(['p.slug as projectSlug', 'p.name as projectName'])
    .where('w.name', '=', name)
    .executeTakeFirst();
  if (!found) throw refuse(404, controllerProblem('unknown-workspace', [name]));
  return found;
}

/** @returns the row number. Throws ProblemError when there is none of that name. */
export async function findBackend(db: Kysely<Database>, slug: string): Promise<number> {
  const all = await db.selectFrom('backends').select(['id', 'slug']).orderBy('slug').execute();
  const found = all.find((backend) => backend.slug === slug);
  if (found) return found.id;
  const known = all.map((backend) => backend.slug);
  throw new ProblemError(controllerProblem('unknown-backend', [slug, known]));
}
