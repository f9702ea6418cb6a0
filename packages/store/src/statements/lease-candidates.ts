// The tasks of one kind of place that could be leased next, oldest first in each workspace: from the partial index of ready
// tasks alone, a few for each workspace that has any.
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface LeaseCandidate {
  readonly task: string;
  readonly job: number;
  readonly workspace: number;
  readonly weight: number;
  readonly readyAt: Date;
}

/**
 * @param limit the most that a workspace contributes
 * @param leaseNow the present as leases count it; what is to be tried again later than that is left out
 */
export async function leaseCandidates(
  db: Kysely<Database>,
  backend: number,
  usesDatabase: boolean,
  limit: number,
  leaseNow: Date,
): Promise<readonly LeaseCandidate[]> {
  const { rows } = await sql<LeaseCandidate>`
    with recursive found as (
      (select ready_workspace from tasks
        where backend = ${backend} and uses_database = ${usesDatabase} and ready_workspace is not null
        order by ready_workspace limit 1)
      union all
      select (select t.ready_workspace from tasks t
        where t.backend = ${backend} and t.uses_database = ${usesDatabase}
          and t.ready_workspace > found.ready_workspace
        order by t.ready_workspace limit 1)
      from found where found.ready_workspace is not null
    )
    select c.* from found cross join lateral (
      select t.identifier as task, t.job, t.workspace, t.weight, t.created_at as "readyAt" from tasks t
      where t.backend = ${backend} and t.uses_database = ${usesDatabase} and t.ready_workspace = found.ready_workspace
        and (t.not_before is null or t.not_before <= ${leaseNow})
      order by t.job limit ${limit}
    ) c
    where found.ready_workspace is not null`.execute(db);
  return rows;
}
