// The latest job of each of some actions in a workspace on a backend, cancelled ones left out: what planning builds on.
// One look into an index for each action, so that a workspace's history may be of any length.
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
  actions: readonly string[],
): Promise<readonly LatestJob[]> {
  if (actions.length === 0) return [];
  const { rows } = await sql<LatestJob>`
    select j.id, j.identifier, j.action, j.state from unnest(${[...actions]}::text[]) as a(action)
    cross join lateral (
      select id, identifier, action, state from jobs
      where workspace = ${workspace} and backend = ${backend} and action = a.action and code <> 'cancelled_by_user'
      order by id desc limit 1
    ) j`.execute(db);
  return rows;
}
