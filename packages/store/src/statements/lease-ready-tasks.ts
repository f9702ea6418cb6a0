// Hands ready tasks of one backend to one agent: a single statement, safe when several agents ask at once.
// The turn order: the workspace with the fewest tasks out goes first, counting what this call hands it; then tasks that
// query the database; then the oldest. Database and other places are filled separately.
// An agent that loses the race for a row skips it rather than waiting, and gets fewer than it has places for; it asks again.
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface LeasedTask {
  readonly task: string;
  readonly fence: number;
  readonly job: number;
}

export async function leaseReadyTasks(
  db: Kysely<Database>,
  ask: {
    readonly backend: number;
    readonly agent: string;
    readonly freeDatabase: number;
    readonly freeOther: number;
    readonly expiresAt: Date;
  },
): Promise<readonly LeasedTask[]> {
  const { rows } = await sql<LeasedTask>`
    with load as (
      select j.workspace, count(*) as leased
      from tasks t join jobs j on j.id = t.job
      where t.backend = ${ask.backend} and t.state = 'leased' group by j.workspace
    ), ready as (
      select t.identifier, j.id as job, j.uses_database,
        coalesce(load.leased, 0) + row_number() over (partition by j.workspace order by j.uses_database desc, j.id) as turn
      from tasks t join jobs j on j.id = t.job left join load on load.workspace = j.workspace
      where t.backend = ${ask.backend} and t.state = 'ready'
    ), placed as (
      select identifier, row_number() over (partition by uses_database order by turn, job)
        <= case when uses_database then ${ask.freeDatabase}::int else ${ask.freeOther}::int end as has_place
      from ready
    ), chosen as (
      select t.identifier from tasks t
      where t.identifier in (select identifier from placed where has_place) and t.state = 'ready'
      order by t.identifier
      for update skip locked
    )
    update tasks set state = 'leased', agent = ${ask.agent}, expires_at = ${ask.expiresAt}
    from chosen where tasks.identifier = chosen.identifier
    returning tasks.identifier as task, tasks.fence, tasks.job`.execute(db);
  return rows;
}
