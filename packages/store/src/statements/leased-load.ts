// What a backend's agents hold now: how many tasks and how much weight, by workspace and kind of place.
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface LeasedLoad {
  readonly workspace: number;
  readonly usesDatabase: boolean;
  /** The weight of each task, as configured; one that is larger than its pool counts as all of it. */
  readonly weights: readonly number[];
}

export async function leasedLoad(db: Kysely<Database>, backend: number): Promise<readonly LeasedLoad[]> {
  const { rows } = await sql<LeasedLoad>`
    select workspace, uses_database as "usesDatabase", json_agg(weight) as weights from tasks
    where backend = ${backend} and state = 'leased' group by workspace, uses_database`.execute(db);
  return rows;
}
