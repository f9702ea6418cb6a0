// Leases these tasks to an agent, as far as they are still ready. What another transaction is changing at this moment is
// skipped rather than waited for: the agent asks again.
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface LeasedTask {
  readonly task: string;
  readonly fence: number;
  readonly job: number;
}

export async function takeTasks(
  db: Kysely<Database>,
  tasks: readonly string[],
  agent: string,
  expiresAt: Date,
): Promise<readonly LeasedTask[]> {
  if (tasks.length === 0) return [];
  const { rows } = await sql<LeasedTask>`
    with chosen as (
      select identifier from tasks where identifier = any(${[...tasks]}::text[]) and state = 'ready'
      order by identifier for update skip locked
    )
    update tasks set state = 'leased', agent = ${agent}, expires_at = ${expiresAt},
      elapsed_seconds = null, memory_megabytes = null, not_before = null
    from chosen where tasks.identifier = chosen.identifier
    returning tasks.identifier as task, tasks.fence, tasks.job`.execute(db);
  return rows;
}
