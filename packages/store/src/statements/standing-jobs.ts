// Which earlier jobs stand for actions of each workspace, where they are not the latest: the last request on this backend took
// their outputs over, because they were made from the same.
import type { WithoutJob } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface StandingJobs {
  readonly workspace: string;
  /** By action. */
  readonly jobs: Readonly<Record<string, string>>;
}

export async function standingJobs(db: Kysely<Database>, backend: number): Promise<readonly StandingJobs[]> {
  const { rows } = await sql<{ readonly workspace: string; readonly without_job: readonly WithoutJob[] }>`
    select w.name as workspace, r.without_job
    from workspaces w cross join lateral (
      select without_job from job_requests
      where workspace = w.id and backend = ${backend}
      order by number desc limit 1
    ) r
    where r.without_job @> '[{"does": "reuse", "isLatest": false}]'
    order by w.name`.execute(db);
  return rows.map(({ workspace, without_job }) => ({
    workspace,
    jobs: Object.fromEntries(
      without_job.filter(({ does }) => does === 'reuse').map(({ action, job }) => [action, job] as const),
    ),
  }));
}
