// What the rules of a backend look at: workspace, action and command of some jobs.
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface JobToWeigh {
  readonly id: number;
  readonly workspace: number;
  readonly workspaceName: string;
  readonly action: string;
  readonly command: string;
}

export async function jobsToWeigh(
  db: Kysely<Database>,
  jobs: readonly number[],
): Promise<ReadonlyMap<number, JobToWeigh>> {
  const { rows } = await sql<JobToWeigh>`
    select j.id, j.workspace, w.name as "workspaceName", j.action, j.command
    from jobs j join workspaces w on w.id = j.workspace where j.id = any(${[...jobs]}::int[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}
