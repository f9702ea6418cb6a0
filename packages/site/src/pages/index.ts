// The public pages as one Hono app. Nobody signs in here and nothing is written: only GET (and so HEAD) is answered.
// Mount it after the API, at the root: its addresses begin with a project's slug, so whatever comes before it wins.
import { assetRoutes, securityHeaders } from '@glovebox/ui';
import { Hono } from 'hono';
import { jsonHeader, refuse } from './answer.js';
import type { PageDependencies } from './dependencies.js';
import { listRoutes } from './list-routes.js';
import { pageProblem } from './problem-page.js';
import { requestRoutes } from './request-routes.js';

export type { PageDependencies } from './dependencies.js';
export { pageProblems } from './problem-page.js';
export { studyCodeOf } from './study-code.js';

export interface PageOptions {
  /** Told of every fault that became a page, for the log. */
  readonly onFault?: (fault: unknown) => void;
}

function htmlAndJson(deps: PageDependencies, { onFault }: PageOptions): Hono {
  const app = new Hono();
  // First, because /jobs/… would otherwise be taken for a project.
  app.route('/', requestRoutes(deps));
  app.route('/', listRoutes(deps));
  app.notFound((c) => refuse(c, 404, pageProblem('page-missing', [c.req.path])));
  app.onError((fault, c) => {
    onFault?.(fault);
    return refuse(c, 500, pageProblem('page-failed', []));
  });
  return app;
}

// A file of a study may itself be called `.json`; its page has no twin.
const isStudyFile = /^\/[^/]+\/[^/]+\/[0-9]+\/code\//;

/** The same address without `.json`, asking for JSON. */
function twinRequest(request: Request): Request {
  const url = new URL(request.url);
  url.pathname = url.pathname === '/index.json' ? '/' : url.pathname.slice(0, -'.json'.length);
  const headers = new Headers(request.headers);
  headers.set(jsonHeader, '1');
  return new Request(url, { method: request.method, headers, signal: request.signal });
}

/**
 * @example
 * const app = new Hono();
 * app.route('/', pages(deps));
 * await app.request('/event-log.json');
 */
export function pages(deps: PageDependencies, options: PageOptions = {}): Hono {
  const inner = htmlAndJson(deps, options);
  const app = new Hono();
  app.use(securityHeaders);
  app.route('/', assetRoutes());
  app.get('*', (c) => {
    const isTwin = c.req.path.endsWith('.json') && !isStudyFile.test(c.req.path);
    return inner.fetch(isTwin ? twinRequest(c.req.raw) : c.req.raw, c.env);
  });
  return app;
}
