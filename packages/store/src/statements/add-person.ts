// Registers a person with roles and memberships, and gives tokens for the API; former ones stop working.
import type { Role } from '@glovebox/wire';
import { sql, type Transaction } from 'kysely';
import type { Database } from '../tables.js';
import { createToken, type NewToken } from '../tokens.js';
import { type Actor, type Added, compareFields, recordEvent } from './record-event.js';

export interface PersonToAdd {
  readonly username: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Row numbers of the projects whose jobs the person may run, and of the backends on which. */
  readonly projects: readonly number[];
  readonly backends: readonly number[];
}

const ordered = <T extends string | number>(values: readonly T[]): T[] =>
  [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));

async function readPerson(tx: Transaction<Database>, username: string) {
  const { rows } = await sql<Omit<PersonToAdd, 'username'>>`
    select q.name, q.roles,
      coalesce((select json_agg(m.project order by m.project) from project_members m where m.person = q.id), '[]')
        as projects,
      coalesce((select json_agg(m.backend order by m.backend) from backend_members m where m.person = q.id), '[]')
        as backends
    from people q where q.username = ${username}`.execute(tx);
  return rows[0];
}

async function insertToken(tx: Transaction<Database>, actor: Actor, person: number, token: StoredToken): Promise<void> {
  const { identifier, hash } = token;
  await tx.insertInto('person_tokens').values({ identifier, hash, person, created_at: actor.now }).execute();
}

type StoredToken = Pick<NewToken, 'identifier' | 'hash'>;

/**
 * `row` of a created one is the person's token, which can't be read again.
 *
 * @param token the token to give; a new one otherwise
 */
export async function addPerson(
  tx: Transaction<Database>,
  actor: Actor,
  person: PersonToAdd,
  token: NewToken = createToken(),
): Promise<Added<string>> {
  const { username, name } = person;
  const roles = ordered(person.roles);
  const projects = ordered(person.projects);
  const backends = ordered(person.backends);
  const row = await tx
    .insertInto('people')
    .values({ username, name, roles, created_at: actor.now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!row) return compareFields((await readPerson(tx, username)) ?? {}, { name, roles, projects, backends });
  if (projects.length > 0) {
    const members = projects.map((project) => ({ project, person: row.id }));
    await tx.insertInto('project_members').values(members).execute();
  }
  if (backends.length > 0) {
    const members = backends.map((backend) => ({ backend, person: row.id }));
    await tx.insertInto('backend_members').values(members).execute();
  }
  await insertToken(tx, actor, row.id, token);
  await recordEvent(tx, actor, 'person-added', { username, name, roles, projects, backends });
  return { outcome: 'created', row: token.token };
}

/** @returns whether there is such a person; all former tokens are revoked */
export async function renewPersonToken(
  tx: Transaction<Database>,
  actor: Actor,
  username: string,
  token: StoredToken,
): Promise<boolean> {
  const person = await tx.selectFrom('people').select('id').where('username', '=', username).executeTakeFirst();
  if (!person) return false;
  await tx
    .updateTable('person_tokens')
    .set({ revoked_at: actor.now })
    .where('person', '=', person.id)
    .where('revoked_at', 'is', null)
    .execute();
  await insertToken(tx, actor, person.id, token);
  await recordEvent(tx, actor, 'person-token-renewed', { username });
  return true;
}
