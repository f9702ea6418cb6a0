// A researcher asks for actions of a study to be run, or to be stopped. The study is read before anything is written, and
// everything that is wrong with it is answered at once. With an `Idempotency-Key` header the same call may be repeated:
// it answers 200 and the request that the first one made.
import { entryWords, jobIdentifier, newIdentifier } from '@glovebox/record';
import { cancelJobRequest, newJobRequest, planRequest } from '@glovebox/wire';
import type { Person } from '@glovebox/store';
import { type Context, Hono } from 'hono';
import { cancelRequest } from '../requests/cancel-request.js';
import { findBackend, findWorkspace } from '../requests/find.js';
import { makeRequest } from '../requests/make-request.js';
import { parsed, readBody } from './answer.js';
import { signedIn } from './authenticate.js';
import type { ApiDependencies } from './dependencies.js';

type Env = { Variables: { person: Person } };

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
        const workspace = await findWorkspace(db, c.req.param('workspace'));
        const body = await readBody(c, newJobRequest);
        const created = await makeRequest(deps, person, workspace, body, identifierFor(c, person));
        const { number, identifier, jobs, message, isNew } = created;
        const url = new URL(`/${workspace.projectSlug}/${workspace.name}/${number}`, c.req.url).href;
        return c.json({ number, identifier, url, jobs, message }, isNew ? 201 : 200);
      })
      .use('/workspaces/:workspace/plan', signedIn(deps))
      // Nothing in the answer is secret; a person is asked for because reading a study can make the site fetch it.
      .get('/workspaces/:workspace/plan', async (c) => {
        const workspace = await findWorkspace(db, c.req.param('workspace'));
        const asked = parsed(planRequest, { ...c.req.query(), actions: c.req.queries('action') ?? ['run_all'] });
        const backend = await findBackend(db, asked.backend);
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
        const workspace = await findWorkspace(db, c.req.param('workspace'));
        const { actions } = await readBody(c, cancelJobRequest);
        const number = c.req.param('number');
        return c.json({ cancelled: await cancelRequest(deps, person, { workspace: workspace.id, number, actions }) });
      })
  );
}
