// Addresses of lists: the front page, the log of all requests, organisations, projects, workspaces.
import { type Context, Hono } from 'hono';
import { answer, type Markup, refuse } from './answer.js';
import type { PageDependencies } from './dependencies.js';
import {
  EventLogPage,
  type Log,
  OrganisationPage,
  OrganisationsPage,
  ProjectPage,
  ProjectsPage,
  WorkspacePage,
} from './lists/directory.js';
import { HomePage } from './lists/home.js';
import { pageOf, requestsPerPage } from './lists/request-list.js';
import { answerFeed } from './feed.js';
import { workspaceHref } from './links.js';
import { pageProblem } from './page-problems.js';

const missing = (c: Context) => refuse(c, 404, pageProblem('page-missing', [c.req.path]));

/** The number after which the page starts; `null` when the address says something else. */
function beforeOf(c: Context): number | undefined | null {
  const text = c.req.query('before');
  if (text === undefined) return undefined;
  return /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : null;
}

export function listRoutes(deps: PageDependencies): Hono {
  const app = new Hono();
  const now = () => deps.clock().toISOString();

  async function logOf(
    filter: { readonly organisation?: string; readonly project?: string; readonly workspace?: string },
    before: number | undefined,
  ): Promise<Log> {
    const limit = requestsPerPage + 1;
    const found = await deps.listJobRequests({ ...filter, limit, ...(before === undefined ? {} : { before }) });
    return { page: pageOf(found), before };
  }

  /** Answers with a log of requests; refuses a page that can't be. */
  async function withLog(c: Context, filter: Parameters<typeof logOf>[0], value: object, page: (log: Log) => Markup) {
    const before = beforeOf(c);
    if (before === null) return refuse(c, 404, pageProblem('page-number-wrong', [c.req.query('before') ?? '']));
    const log = await logOf(filter, before);
    const next =
      log.page.next === null ? null : `${c.req.path === '/' ? '/event-log' : c.req.path}.json?before=${log.page.next}`;
    return answer(c, { ...value, jobRequests: log.page.requests, next }, () => page(log));
  }

  app.get('/event-log.atom', async (c) => {
    const requests = await deps.listJobRequests({ limit: requestsPerPage });
    return answerFeed(c, { title: 'Glovebox: all job requests', href: '/event-log', requests, now: now() });
  });

  app.get('/:project/:file{[^/]+\\.atom}', async (c) => {
    const name = c.req.param('file').slice(0, -'.atom'.length);
    const workspace = await deps.readWorkspace(c.req.param('project'), name);
    if (!workspace) return missing(c);
    const filter = { project: workspace.project.slug, workspace: workspace.name, limit: requestsPerPage };
    const requests = await deps.listJobRequests(filter);
    const href = workspaceHref(workspace.project, workspace.name);
    return answerFeed(c, { title: `Glovebox: ${workspace.name}`, href, requests, now: now() });
  });

  app.get('/', (c) => withLog(c, {}, {}, (log) => <HomePage page={log.page} />));

  app.get('/event-log', (c) => withLog(c, {}, {}, (log) => <EventLogPage log={log} />));

  app.get('/organisations', async (c) => {
    const organisations = await deps.listOrganisations();
    return answer(c, { organisations }, () => <OrganisationsPage organisations={organisations} />);
  });

  app.get('/organisations/:slug', async (c) => {
    const organisation = await deps.readOrganisation(c.req.param('slug'));
    if (!organisation) return missing(c);
    return withLog(c, { organisation: organisation.slug }, { organisation }, (log) => (
      <OrganisationPage organisation={organisation} log={log} />
    ));
  });

  app.get('/projects', async (c) => {
    const projects = await deps.listProjects();
    return answer(c, { projects }, () => <ProjectsPage projects={projects} />);
  });

  app.get('/:project', async (c) => {
    const project = await deps.readProject(c.req.param('project'));
    if (!project) return missing(c);
    return withLog(c, { project: project.slug }, { project }, (log) => <ProjectPage project={project} log={log} />);
  });

  app.get('/:project/:workspace', async (c) => {
    const { project, workspace: name } = c.req.param();
    const workspace = await deps.readWorkspace(project, name);
    if (!workspace) return missing(c);
    return withLog(c, { project, workspace: workspace.name }, { workspace }, (log) => (
      <WorkspacePage workspace={workspace} log={log} />
    ));
  });

  return app;
}
