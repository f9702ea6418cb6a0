// Everything that changes which jobs of a backend depend on which is done one transaction at a time: this is the lock.
import { sql, type Transaction } from 'kysely';
import type { Database } from '../tables.js';

export async function lockBackend(tx: Transaction<Database>, backend: number): Promise<void> {
  await sql`select id from backends where id = ${backend} for no key update`.execute(tx);
}
