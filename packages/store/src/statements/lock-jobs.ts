// Jobs read for changing: nobody else changes them until the transaction ends.
import type { JobState, StatusCode } from '@glovebox/record';
import type { Transaction } from 'kysely';
import type { Database } from '../tables.js';

export interface OpenJob {
  readonly id: number;
  readonly request: number;
  readonly state: JobState;
  readonly code: StatusCode;
  readonly usesDatabase: boolean;
}

export async function lockJobs(tx: Transaction<Database>, jobs: readonly number[]): Promise<readonly OpenJob[]> {
  if (jobs.length === 0) return [];
  return tx
    .selectFrom('jobs')
    .select(['id', 'request', 'state', 'code', 'uses_database as usesDatabase'])
    .where('id', 'in', jobs)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
}
