// The person whom a session belongs to, while it holds.
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';
import { isSecretOf, splitToken } from '../tokens.js';
import type { Person } from './find-person.js';

/**
 * @param session "<identifier>.<secret>", as the cookie holds it
 * @returns undefined when it is unknown or over, or the token that began it was revoked
 */
export async function findPersonBySession(
  db: Kysely<Database>,
  session: string,
  now: Date,
): Promise<Person | undefined> {
  const parts = splitToken(session);
  if (!parts) return undefined;
  const { rows } = await sql<Person & { readonly hash: string }>`
    select q.id, q.username, q.name, q.roles, s.hash,
      coalesce((select json_agg(m.project) from project_members m where m.person = q.id), '[]') as projects,
      coalesce((select json_agg(m.backend) from backend_members m where m.person = q.id), '[]') as backends
    from sessions s join people q on q.id = s.person left join person_tokens t on t.identifier = s.token
    where s.identifier = ${parts.identifier} and s.expires_at > ${now}::timestamptz and t.revoked_at is null`.execute(
    db,
  );
  const row = rows[0];
  if (!row || !isSecretOf(parts.secret, row.hash)) return undefined;
  const { hash: _, ...person } = row;
  return person;
}
