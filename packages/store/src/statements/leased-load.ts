// What a backend's agents hold now: how many tasks and how much weight, by workspace and kind of place.
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface LeasedLoad {
  readonly workspace: number;
  readonly usesDatabase: boolean;
  readonly tasks: number;
  /** A task that weighs more than its pool counts as all of it. */
  readonly weight: number;
}

/** The most weight that each pool takes; null where nothing limits it. */
export interface PoolSizes {
  readonly database: number | null;
  readonly other: number | null;
}

export async function leasedLoad(
  db: Kysely<Database>,
  backend: number,
  { database, other }: PoolSizes,
): Promise<readonly LeasedLoad[]> {
  const { rows } = await sql<LeasedLoad>`
    select workspace, uses_database as "usesDatabase", count(*)::int as tasks,
      sum(least(weight, case when uses_database then ${database}::float8 else ${other}::float8 end)) as weight
    from tasks where backend = ${backend} and state = 'leased' group by workspace, uses_database`.execute(db);
  return rows;
}
