// A researcher asks for actions of a study to be run, or to be stopped. The study is read before anything is written, and
// everything that is wrong with it is answered at once. With an `Idempotency-Key` header the same call may be repeated:
// it answers 200 and the request that the first one made.
import { controllerProblem } from '@glovebox/controller';
import { entryWords, jobIdentifier, newIdentifier, ProblemError } from '@glovebox/record';
import { cancelJobRequest, newJobRequest, planRequest } from '@glovebox/wire';
import type { Person } from '@glovebox/store';
import { type Context, Hono } from 'hono';
import { parsed, readBody, refuse } from './answer.js';
import { signedIn } from './authenticate.js';
import type { ApiDependencies } from './dependencies.js';
import { mayCancel, mayRun } from './permissions.js';
import { problem } from './problems.js';

type Env = { Variables: { person: Person } };

async function findWorkspace({ db }: ApiDependencies, name: string) {
  const found = await db
    .selectFrom('workspaces as w')
    .innerJoin('projects as p', 'p.id', 'w.project')
    .select(['w.id', 'w.name', 'w.repository', 'w.branch', 'w.project', 'p.slug as projectSlug'])
    .where('w.name', '=', name)
    .executeTakeFirst();
  if (!found) throw refuse(404, controllerProblem('unknown-workspace', [name]));
  return found;
}

async function findBackend({ db }: ApiDependencies, slug: string): Promise<number> {
  const all = await db.selectFrom('backends').select(['id', 'slug']).orderBy('slug').execute();
  const found = all.find((backend) => backend.slug === slug);
  if (found) return found.id;
  const known = all.map((backend) => backend.slug);
  throw new ProblemError(controllerProblem('unknown-backend', [slug, known]));
}

/** The same person and key always give the same identifier. */
function identifierFor(c: Context, person: Person): string {
  const key = c.req.header('Idempotency-Key');
  return key === undefined ? newIdentifier() : jobIdentifier(`request of ${person.username}`, key);
}

export function jobRequestsApi(deps: ApiDependencies) {
  const { db, controller, studies } = deps;
  return (
    new Hono<Env>()
      .use('/workspaces/:workspace/job-requests/*', signedIn(deps))
      .post('/workspaces/:workspace/job-requests', async (c) => {
        const person = c.get('person');
        const workspace = await findWorkspace(deps, c.req.param('workspace'));
        const body = await readBody(c, newJobRequest);
        const backend = await findBackend(deps, body.backend);
        if (!mayRun(person, workspace.project, backend)) {
          const names = [person.username, workspace.projectSlug, body.backend] as const;
          throw refuse(403, controllerProblem('may-not-run', [...names]));
        }
        const created = await controller.createJobRequest({
          ...(await studies.read({ ...workspace, commit: body.commit, actions: body.actions })),
          identifier: identifierFor(c, person),
          workspace: workspace.id,
          backend,
          person: person.id,
          actions: [...new Set(body.actions)],
          force: body.force,
        });
        const { number, identifier, jobs, message, isNew } = created;
        const url = new URL(`/${workspace.projectSlug}/${workspace.name}/${number}`, c.req.url).href;
        return c.json({ number, identifier, url, jobs, message }, isNew ? 201 : 200);
      })
      .use('/workspaces/:workspace/plan', signedIn(deps))
      // Nothing in the answer is secret; a person is asked for because reading a study can make the site fetch it.
      .get('/workspaces/:workspace/plan', async (c) => {
        const workspace = await findWorkspace(deps, c.req.param('workspace'));
        const asked = parsed(planRequest, { ...c.req.query(), actions: c.req.queries('action') ?? ['run_all'] });
        const backend = await findBackend(deps, asked.backend);
        const { actions, force, commit } = asked;
        const { commit: at, study } = await studies.read({ ...workspace, commit, actions });
        const entries = await controller.preview({
          workspace: workspace.id,
          backend,
          study,
          actions,
          force: force === 'true',
        });
        return c.json({ commit: at, actions: entries.map((entry) => ({ ...entry, words: entryWords(entry) })) });
      })
      .post('/workspaces/:workspace/job-requests/:number/cancel', async (c) => {
        const person = c.get('person');
        const workspace = await findWorkspace(deps, c.req.param('workspace'));
        const text = c.req.param('number');
        const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
        const found = await db
          .selectFrom('job_requests')
          .select('requested_by')
          .where('number', '=', number)
          .where('workspace', '=', workspace.id)
          .executeTakeFirst();
        if (!found) throw refuse(404, controllerProblem('unknown-job-request', [number]));
        if (!mayCancel(person, found.requested_by)) {
          throw refuse(403, problem('not-allowed', [person.username, `cancel job request ${number}`]));
        }
        const { actions } = await readBody(c, cancelJobRequest);
        const cancellation = { request: number, person: person.id, ...(actions ? { actions } : {}) };
        return c.json({ cancelled: await controller.cancel(cancellation) });
      })
  );
}
