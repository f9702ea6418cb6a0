// Of some jobs, those that still wait although everything that they need has succeeded.
//
// Here and in other statements that begin with few jobs, open ones are told by their times and not by their state: a
// condition on the state would offer the index of all open jobs, which a planner with old statistics takes for almost empty.
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';
import type { OpenJob } from './lock-jobs.js';

export async function jobsThatCanStart(db: Kysely<Database>, jobs: readonly number[]): Promise<readonly OpenJob[]> {
  if (jobs.length === 0) return [];
  const { rows } = await sql<OpenJob>`
    select j.id, j.request, j.state, j.code, j.uses_database as "usesDatabase" from jobs j
    where j.id = any(${[...jobs]}::int[]) and j.started_at is null and j.completed_at is null
      and not exists (select from tasks t where t.job = j.id and t.state in ('ready', 'leased'))
      and not exists (
        select from job_inputs i join jobs f on f.id = i.provider where i.job = j.id and f.state <> 'succeeded')
    order by j.id for no key update of j`.execute(db);
  return rows;
}
