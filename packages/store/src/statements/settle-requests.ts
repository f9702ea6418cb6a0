// Writes down how a request ended once all its jobs have; a request without jobs had nothing to do.
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export async function settleRequests(db: Kysely<Database>, requests: readonly number[]): Promise<void> {
  if (requests.length === 0) return;
  await sql`
    update job_requests r set outcome = case
      when exists (select from jobs j where j.request = r.number and j.state = 'failed') then 'failed'
      when exists (select from jobs j where j.request = r.number) then 'succeeded'
      else 'nothing_to_do' end
    where r.number = any(${[...requests]}::int[]) and r.outcome is null
      and (select j.id from jobs j where j.request = r.number and j.state in ('pending', 'running') limit 1) is null`.execute(
    db,
  );
}
