// The latest job of every action in a workspace on a backend, cancelled ones left out: what planning builds on.
import type { JobState } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface LatestJob {
  readonly id: number;
  readonly identifier: string;
  readonly action: string;
  readonly state: JobState;
}

export async function latestJobs(
  db: Kysely<Database>,
  workspace: number,
  backend: number,
): Promise<readonly LatestJob[]> {
  const { rows } = await sql<LatestJob>`
    select distinct on (action) id, identifier, action, state from jobs
    where workspace = ${workspace} and backend = ${backend} and code <> 'cancelled_by_user'
    order by action, id desc`.execute(db);
  return rows;
}
