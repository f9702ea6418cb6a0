// Open jobs of a backend, locked for changing, with whether a task of theirs is ready or leased.
import type { StatusCode } from '@glovebox/record';
import { sql, type Transaction } from 'kysely';
import type { Database } from '../tables.js';
import type { OpenJob } from './lock-jobs.js';

export interface UnfinishedJob extends OpenJob {
  readonly hasTask: boolean;
}

/** @param codes only jobs that have one of these */
export async function unfinishedJobs(
  tx: Transaction<Database>,
  backend: number,
  codes: readonly StatusCode[],
): Promise<readonly UnfinishedJob[]> {
  const { rows } = await sql<UnfinishedJob>`
    select j.id, j.request, j.state, j.code, j.uses_database as "usesDatabase",
      exists (select from tasks t where t.job = j.id and t.state in ('ready', 'leased')) as "hasTask"
    from jobs j
    where j.backend = ${backend} and j.state in ('pending', 'running') and j.code = any(${[...codes]}::text[])
    order by j.id for no key update of j`.execute(tx);
  return rows;
}
