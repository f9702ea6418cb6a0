// Buttons that cancel: all unfinished jobs of a request, or one.
import { Hono } from 'hono';
import { refuse } from './api/answer.js';
import type { ApiDependencies } from './api/dependencies.js';
import { pageProblem } from './pages/page-problems.js';
import { cancelRequest } from './requests/cancel-request.js';
import { findWorkspace } from './requests/find.js';
import { readChange } from './sign-in/read-change.js';
import type { ViewerEnv } from './sign-in/viewer.js';

export function cancelRoutes(deps: ApiDependencies): Hono<ViewerEnv> {
  return new Hono<ViewerEnv>().post('/:project/:workspace/:number{[0-9]+}/cancel', async (c) => {
    const { viewer, fields } = await readChange(c);
    const { project, workspace: name, number } = c.req.param();
    const workspace = await findWorkspace(deps.db, name);
    if (workspace.projectSlug !== project) throw refuse(404, pageProblem('page-missing', [c.req.path]));
    const action = fields.get('action');
    const actions = action === null ? undefined : [action];
    const cancelled = await cancelRequest(deps, viewer.person, { workspace: workspace.id, number, actions });
    if (cancelled === 0) throw refuse(409, pageProblem('nothing-to-cancel', []));
    return c.redirect(`/${project}/${name}/${number}`, 303);
  });
}
