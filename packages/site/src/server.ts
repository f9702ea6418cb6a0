// Puts the site together as one Hono app: health, the API, and the public pages at everything else. No port is opened
// here, so tests call it with `app.request`.
import {
  listJobRequests,
  listOrganisations,
  listProjects,
  readJob,
  readJobRequest,
  readOrganisation,
  readProject,
  readWorkspace,
} from '@glovebox/store';
import { Hono, type MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { answerError } from './api/answer.js';
import { api } from './api/api.js';
import type { ApiDependencies } from './api/dependencies.js';
import { problem } from './api/problems.js';
import { backendRoutes } from './backends/routes.js';
import { cancelRoutes } from './cancel-routes.js';
import { requestFormRoutes } from './request-form/routes.js';
import { createAccounts } from './sign-in/accounts.js';
import { signInRoutes } from './sign-in/routes.js';
import { sessionOf } from './sign-in/session-cookie.js';
import { byToken } from './sign-in/who.js';
import { type PageDependencies, pages, studyCodeOf } from './pages/index.js';

/** One line a call: method, path, status and milliseconds; no headers and no query, where secrets could be. */
const logCalls =
  (log: Logger): MiddlewareHandler =>
  async (c, next) => {
    const start = performance.now();
    await next();
    const { method, path } = c.req;
    const milliseconds = Math.round(performance.now() - start);
    const level = path.startsWith('/api/agent/') || method === 'GET' ? 'debug' : 'info';
    log[level]({ method, path, status: c.res.status, milliseconds }, 'call');
  };

export function pageDependencies({ db, clock, controller, studies }: ApiDependencies): PageDependencies {
  return {
    clock,
    readJobRequest: (number) => readJobRequest(db, number),
    readJob: (identifier) => readJob(db, identifier),
    listJobRequests: (filter) => listJobRequests(db, filter),
    listOrganisations: () => listOrganisations(db),
    readOrganisation: (slug) => readOrganisation(db, slug),
    listProjects: () => listProjects(db),
    readProject: (slug) => readProject(db, slug),
    readWorkspace: (project, name) => readWorkspace(db, project, name),
    studyCode: (repository) => studyCodeOf(repository, () => studies.open(repository)),
    changes: (number, signal) => controller.changes.ofRequest(number, signal),
  };
}

/**
 * @example
 * const app = createServer(deps);
 * const response = await app.request('/healthz');
 */
export function createServer(deps: ApiDependencies): Hono {
  const app = new Hono();
  app.onError(answerError(deps.log));
  app.notFound((c) => c.json({ problems: [problem('no-such-address', [])] }, 404));
  app.use(logCalls(deps.log));
  // No name holds this character, and the database refuses a question with it.
  app.use(async (c, next) => (c.req.path.includes('\0') || /%00/.test(c.req.url) ? c.notFound() : next()));
  app.get('/healthz', async (c) => {
    await sql`select 1`.execute(deps.db);
    return c.json({ ok: true }, 200, { 'Cache-Control': 'no-store' });
  });
  // Whether a browser may use plain HTTP is for the server in front to say: it knows whether there is a certificate.
  app.use('/api/*', secureHeaders({ strictTransportSecurity: false }));
  app.route('/api', api(deps));
  const accounts = createAccounts(deps.db, deps.clock, byToken(deps.db));
  app.route(
    '/',
    pages(pageDependencies(deps), {
      onFault: (err) => deps.log.error({ err }, 'a page failed'),
      viewerOf: async (c) => {
        const session = sessionOf(c);
        return session === undefined ? null : accounts.viewer(session);
      },
      routes: [signInRoutes(accounts), backendRoutes(deps), requestFormRoutes(deps), cancelRoutes(deps)],
    }),
  );
  return app;
}
