// The form of a job request: what it would do is shown before it is sent, and again with every preview.
import { jobIdentifier, newIdentifier } from '@glovebox/record';
import { type Context, Hono } from 'hono';
import { refuse } from '../api/answer.js';
import type { ApiDependencies } from '../api/dependencies.js';
import { answer } from '../pages/answer.js';
import { listedBackend } from '../backends/view.js';
import { pageProblem } from '../pages/page-problems.js';
import { findWorkspace } from '../requests/find.js';
import { makeRequest } from '../requests/make-request.js';
import { readChange, requireViewer } from '../sign-in/read-change.js';
import type { ViewerEnv } from '../sign-in/viewer.js';
import { type Chosen, readChosen } from './chosen.js';
import { makeOffer, type Offer } from './offer.js';
import { RequestFormPage } from './page.js';

/** The same form with the same content, sent twice, makes one request. */
const identifierOf = (username: string, key: string, chosen: Chosen): string =>
  jobIdentifier(`form of ${username}`, JSON.stringify([key, chosen]));

export function requestFormRoutes(deps: ApiDependencies): Hono<ViewerEnv> {
  const app = new Hono<ViewerEnv>();

  async function workspaceAt(c: Context) {
    const { project, workspace } = c.req.param();
    const found = await findWorkspace(deps.db, workspace ?? '');
    if (found.projectSlug !== project) throw refuse(404, pageProblem('page-missing', [c.req.path]));
    return found;
  }

  const show = (c: Context<ViewerEnv>, offer: Offer, key: string, status: 200 | 422 = 200) => {
    const { workspace, backends, chosen, actions, problems } = offer;
    const value = {
      workspace: workspace.name,
      branch: workspace.branch,
      backends: backends.map(listedBackend),
      chosen,
      actions,
      problems,
    };
    return answer(c, value, () => <RequestFormPage offer={offer} formKey={key} />, status);
  };

  app.get('/:project/:workspace/request', async (c) => {
    const { person } = requireViewer(c);
    const workspace = await workspaceAt(c);
    const chosen = readChosen(new URL(c.req.url).searchParams);
    const actions = chosen.actions.length === 0 ? ['run_all'] : chosen.actions;
    return show(c, await makeOffer(deps, person, workspace, { ...chosen, actions }), newIdentifier());
  });

  app.post('/:project/:workspace/request', async (c) => {
    const { viewer, fields } = await readChange(c);
    const { person } = viewer;
    const workspace = await workspaceAt(c);
    const chosen = readChosen(fields);
    const key = (fields.get('key') ?? '').slice(0, 100);
    if (fields.get('do') !== 'request') return show(c, await makeOffer(deps, person, workspace, chosen), key);
    // What is wrong is told with the form around it, so that it can be put right.
    const offer = await makeOffer(deps, person, workspace, chosen);
    if (offer.problems.length > 0) return show(c, offer, key, 422);
    const { number } = await makeRequest(
      deps,
      person,
      workspace,
      offer.chosen,
      identifierOf(person.username, key, offer.chosen),
    );
    return c.redirect(`/${workspace.projectSlug}/${workspace.name}/${number}`, 303);
  });

  return app;
}
