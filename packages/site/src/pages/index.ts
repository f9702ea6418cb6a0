// The pages as one Hono app. What stands here is public, and only read. What needs somebody who is signed in comes as `routes`,
// whose forms are the only things that are sent here.
// Mount it after the API, at the root: its addresses begin with a project's slug, so whatever comes before it wins.
import { ProblemError } from '@glovebox/record';
import { assetRoutes, securityHeaders } from '@glovebox/ui';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { contextStorage } from 'hono/context-storage';
import { HTTPException } from 'hono/http-exception';
import { mostBodyBytes } from '../api/answer.js';
import { problem as apiProblem } from '../api/problems.js';
import type { Viewer, ViewerEnv } from '../sign-in/viewer.js';
import { jsonHeader, type PageStatus, refuse, wantsJson } from './answer.js';
import type { PageDependencies } from './dependencies.js';
import { listRoutes } from './list-routes.js';
import { pageProblem } from './page-problems.js';
import { requestRoutes } from './request-routes.js';

export type { PageDependencies } from './dependencies.js';
export { pageProblems } from './page-problems.js';
export { studyCodeOf } from './study-code.js';

export interface PageOptions {
  /** Told of every fault that became a page, for the log. */
  readonly onFault?: (fault: unknown) => void;
  /** Pages for people who are signed in. */
  readonly routes?: readonly Hono<ViewerEnv>[];
  /** Who sent the request; nobody when absent. */
  readonly viewerOf?: (c: Context) => Promise<Viewer | null>;
}

/** Problems become a page that tells them; somebody who would have to sign in to read a page is asked to. */
function refusal(fault: unknown, c: Context): Response | Promise<Response> | undefined {
  if (fault instanceof ProblemError) return refuse(c, 422, fault.problems);
  if (!(fault instanceof HTTPException) || !(fault.cause instanceof ProblemError)) return undefined;
  if (fault.status === 401 && c.req.method === 'GET' && !wantsJson(c)) {
    return c.redirect(`/sign-in?next=${encodeURIComponent(`${c.req.path}${new URL(c.req.url).search}`)}`, 303);
  }
  return refuse(c, fault.status as Exclude<PageStatus, 200>, fault.cause.problems);
}

function htmlAndJson(deps: PageDependencies, { onFault, routes = [], viewerOf }: PageOptions): Hono<ViewerEnv> {
  const app = new Hono<ViewerEnv>();
  app.use(contextStorage());
  app.use(async (c, next) => {
    c.set('viewer', (await viewerOf?.(c)) ?? null);
    await next();
  });
  for (const more of routes) app.route('/', more);
  // First, because /jobs/… would otherwise be taken for a project.
  app.route('/', requestRoutes(deps));
  app.route('/', listRoutes(deps));
  app.notFound((c) => refuse(c, 404, pageProblem('page-missing', [c.req.path])));
  app.onError((fault, c) => {
    const refused = refusal(fault, c);
    if (refused) return refused;
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
  const limit = bodyLimit({
    maxSize: mostBodyBytes,
    onError: (c) => c.json({ problems: [apiProblem('body-too-large', [mostBodyBytes])] }, 413),
  });
  app.post('*', limit, (c) => inner.fetch(c.req.raw, c.env));
  return app;
}
