// Two locks of a backend. Everything that changes which jobs of it depend on which, or what it may run, is done one
// transaction at a time under the first. Handing out its tasks is done one at a time under the second, so that planning a
// large request holds no agent up; who needs both takes the first one first.
import { sql, type Transaction } from 'kysely';
import type { Database } from '../tables.js';

export async function lockBackend(tx: Transaction<Database>, backend: number): Promise<void> {
  await sql`select id from backends where id = ${backend} for no key update`.execute(tx);
}

/** Any number that nothing else locks by. */
const leasingLock = 7_311;

export async function lockLeasing(tx: Transaction<Database>, backend: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${leasingLock}, ${backend})`.execute(tx);
}
