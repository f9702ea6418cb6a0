// The person whom a token belongs to, with what the person may do.
import type { Role } from '@glovebox/wire';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';
import { isSecretOf, splitToken } from '../tokens.js';

export interface Person {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Row numbers of the projects whose jobs the person may run, and of the backends on which. */
  readonly projects: readonly number[];
  readonly backends: readonly number[];
}

/** @returns undefined when the token is unknown or was revoked */
export async function findPersonByToken(db: Kysely<Database>, token: string): Promise<Person | undefined> {
  const parts = splitToken(token);
  if (!parts) return undefined;
  const { rows } = await sql<Person & { readonly hash: string }>`
    select q.id, q.username, q.name, q.roles, t.hash,
      coalesce((select json_agg(m.project) from project_members m where m.person = q.id), '[]') as projects,
      coalesce((select json_agg(m.backend) from backend_members m where m.person = q.id), '[]') as backends
    from person_tokens t join people q on q.id = t.person
    where t.identifier = ${parts.identifier} and t.revoked_at is null`.execute(db);
  const row = rows[0];
  if (!row || !isSecretOf(parts.secret, row.hash)) return undefined;
  const { hash: _, ...person } = row;
  return person;
}
