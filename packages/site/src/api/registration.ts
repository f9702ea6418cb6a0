// Staff register who and what takes part. Sending the same again changes nothing and answers 200; sending something else
// under a name that exists is refused, so a script may be repeated but can't overwrite by accident.
import { newBackend, newOrganisation, newPerson, newProject, newWorkspace } from '@glovebox/wire';
import {
  type Actor,
  addBackend,
  addOrganisation,
  addPerson,
  addProject,
  addWorkspace,
  type Added,
  createToken,
  type Database,
  type Person,
  renewBackendToken,
  renewPersonToken,
  type Transaction,
} from '@glovebox/store';
import { type Context, Hono } from 'hono';
import { reservedSlugs } from '../pages/dependencies.js';
import { readBody, refuse } from './answer.js';
import { signedIn } from './authenticate.js';
import type { ApiDependencies } from './dependencies.js';
import { mayAddWorkspace, mayRegister } from './permissions.js';
import { problem } from './problems.js';

type Env = { Variables: { person: Person } };
type NamedTable = 'organisations' | 'projects' | 'backends';

function requireStaff(person: Person, what: string): void {
  if (!mayRegister(person)) throw refuse(403, problem('not-allowed', [person.username, what]));
}

/** Row numbers of what is named. Throws a refusal that lists every unknown name. */
async function idsOf(
  tx: Transaction<Database>,
  table: NamedTable,
  kind: string,
  slugs: readonly string[],
): Promise<number[]> {
  if (slugs.length === 0) return [];
  const rows = await tx.selectFrom(table).select(['id', 'slug']).where('slug', 'in', slugs).execute();
  const unknown = slugs.filter((slug) => !rows.some((row) => row.slug === slug));
  if (unknown.length > 0)
    throw refuse(
      422,
      unknown.map((slug) => problem('unknown-name', [kind, slug])),
    );
  return rows.map((row) => row.id);
}

const idOf = async (tx: Transaction<Database>, table: NamedTable, kind: string, slug: string): Promise<number> =>
  (await idsOf(tx, table, kind, [slug]))[0] ?? -1;

/** 201 with what was made (and a token where there is one), 200 when it was there, 409 when it differs. */
function answer<T>(c: Context, kind: string, name: string, added: Added<T>, body: object, secret: object = {}) {
  if (added.outcome === 'different') throw refuse(409, problem('exists-differently', [kind, name, added.fields]));
  return added.outcome === 'created' ? c.json({ ...body, ...secret }, 201) : c.json(body, 200);
}

const secretOf = (added: Added<string>): object => (added.outcome === 'created' ? { token: added.row } : {});

export function registrationApi(deps: ApiDependencies) {
  const { db, clock, studies } = deps;
  const write = <T>(person: Person, work: (tx: Transaction<Database>, actor: Actor) => Promise<T>): Promise<T> =>
    db.transaction().execute((tx) => work(tx, { person: person.id, now: clock() }));

  return new Hono<Env>()
    .use('/organisations', signedIn(deps))
    .use('/projects', signedIn(deps))
    .use('/workspaces', signedIn(deps))
    .use('/backends/*', signedIn(deps))
    .use('/people/*', signedIn(deps))
    .post('/organisations', async (c) => {
      requireStaff(c.get('person'), 'register organisations');
      const body = await readBody(c, newOrganisation);
      const added = await write(c.get('person'), (tx, actor) => addOrganisation(tx, actor, body));
      return answer(c, 'organisation', body.slug, added, body);
    })
    .post('/projects', async (c) => {
      requireStaff(c.get('person'), 'register projects');
      const body = await readBody(c, newProject);
      if (reservedSlugs.includes(body.slug)) throw refuse(422, problem('reserved-name', [body.slug]));
      const added = await write(c.get('person'), async (tx, actor) => {
        const organisation = await idOf(tx, 'organisations', 'organisation', body.organisation);
        return addProject(tx, actor, { ...body, organisation });
      });
      return answer(c, 'project', body.slug, added, body);
    })
    .post('/workspaces', async (c) => {
      const body = await readBody(c, newWorkspace);
      await studies.open(body.repository);
      const added = await write(c.get('person'), async (tx, actor) => {
        const project = await idOf(tx, 'projects', 'project', body.project);
        const person = c.get('person');
        if (!mayAddWorkspace(person, project)) {
          throw refuse(403, problem('not-allowed', [person.username, `add workspaces to ${body.project}`]));
        }
        return addWorkspace(tx, actor, { ...body, project });
      });
      return answer(c, 'workspace', body.name, added, body);
    })
    .post('/backends', async (c) => {
      requireStaff(c.get('person'), 'register backends');
      const body = await readBody(c, newBackend);
      const added = await write(c.get('person'), (tx, actor) => addBackend(tx, actor, body));
      return answer(c, 'backend', body.slug, added, body, secretOf(added));
    })
    .post('/backends/:backend/token', async (c) => {
      requireStaff(c.get('person'), 'give out tokens');
      const slug = c.req.param('backend');
      const token = await write(c.get('person'), (tx, actor) => renewBackendToken(tx, actor, slug));
      if (token === undefined) throw refuse(404, problem('unknown-name', ['backend', slug]));
      return c.json({ token }, 201);
    })
    .post('/people', async (c) => {
      requireStaff(c.get('person'), 'register people');
      const body = await readBody(c, newPerson);
      const added = await write(c.get('person'), async (tx, actor) => {
        const projects = await idsOf(tx, 'projects', 'project', body.projects);
        const backends = await idsOf(tx, 'backends', 'backend', body.backends);
        return addPerson(tx, actor, { ...body, projects, backends });
      });
      return answer(c, 'person', body.username, added, body, secretOf(added));
    })
    .post('/people/:username/token', async (c) => {
      requireStaff(c.get('person'), 'give out tokens');
      const username = c.req.param('username');
      const token = createToken();
      const isKnown = await write(c.get('person'), (tx, actor) => renewPersonToken(tx, actor, username, token));
      if (!isKnown) throw refuse(404, problem('unknown-name', ['person', username]));
      return c.json({ token: token.token }, 201);
    });
}
