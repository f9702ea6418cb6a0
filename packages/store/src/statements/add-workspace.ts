// Registers a workspace of a project.
import type { ReuseRule } from '@glovebox/record';
import type { Transaction } from 'kysely';
import type { Database } from '../tables.js';
import { type Actor, type Added, compareFields, recordEvent } from './record-event.js';

export interface WorkspaceToAdd {
  readonly name: string;
  readonly project: number;
  readonly repository: string;
  readonly branch: string;
  readonly purpose: string;
  readonly reuse?: ReuseRule;
}

export async function addWorkspace(
  tx: Transaction<Database>,
  actor: Actor,
  workspace: WorkspaceToAdd,
): Promise<Added<number>> {
  const { name, project, repository, branch, purpose, reuse = 'by-content' } = workspace;
  const row = await tx
    .insertInto('workspaces')
    .values({ name, project, repository, branch, purpose, reuse, created_at: actor.now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row) {
    await recordEvent(tx, actor, 'workspace-added', { ...workspace });
    return { outcome: 'created', row: row.id };
  }
  const there = await tx
    .selectFrom('workspaces')
    .select(['project', 'repository', 'branch', 'purpose', 'reuse'])
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return compareFields(there, { project, repository, branch, purpose, reuse });
}
