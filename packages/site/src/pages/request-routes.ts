// Addresses under a job request: its page, its changes, its code, its jobs.
import { type JobRequestView } from '@glovebox/record';
import { type Context, Hono } from 'hono';
import { answer, html, refuse, wantsJson } from './answer.js';
import type { PageDependencies } from './dependencies.js';
import { eventStream, mayOpenStream } from './events.js';
import { comparisonOf, type Against } from './job-request/comparison-section.js';
import { type JobOrder, jobOrders } from './job-request/jobs-table.js';
import { jobRequestPage } from './job-request/page.js';
import { jobPage } from './job/page.js';
import { jobHref, requestHref } from './links.js';
import { pageProblem } from './page-problems.js';
import { sourcePage } from './source-page.js';
import { inTime } from './study-code.js';

const missing = (c: Context) => refuse(c, 404, pageProblem('page-missing', [c.req.path]));

/** PostgreSQL's largest integer; a larger number can't be a request. */
const largestNumber = 2_147_483_647;

export function requestRoutes(deps: PageDependencies): Hono {
  const app = new Hono();

  /** The request at this address; `null` unless project, workspace and number belong together. */
  async function requestAt(c: Context): Promise<JobRequestView | null> {
    const number = Number(c.req.param('number'));
    if (number > largestNumber) return null;
    const request = await deps.readJobRequest(number);
    const isHere = request?.project.slug === c.req.param('project') && request?.workspace === c.req.param('workspace');
    return request && isHere ? request : null;
  }

  app.get('/job-requests/:number{[0-9]+}', async (c) => {
    const number = Number(c.req.param('number'));
    const request = number > largestNumber ? null : await deps.readJobRequest(number);
    return request ? c.redirect(requestHref(request)) : missing(c);
  });

  app.get('/jobs/:identifier', async (c) => {
    const view = await deps.readJob(c.req.param('identifier'));
    return view ? c.redirect(jobHref(view.request, view.job.identifier)) : missing(c);
  });

  app.get('/:project/:workspace/:number{[0-9]+}', async (c) => {
    const request = await requestAt(c);
    if (!request) return missing(c);
    const order: JobOrder = jobOrders.find((o) => o === c.req.query('sort')) ?? 'started';
    const from = Math.max(1, Math.trunc(Number(c.req.query('from') ?? 1)) || 1);
    const against: Against = c.req.query('compare') === 'succeeded' ? 'succeeded' : 'previous';
    const code = deps.studyCode(request.repository);
    const now = deps.clock().toISOString();
    const comparison = wantsJson(c) ? await inTime(comparisonOf(request, against, code)) : null;
    const value = { ...request, comparison: comparison && withoutText(comparison) };
    return answer(c, value, () => jobRequestPage(request, code, { order, against, from, now }));
  });

  app.get('/:project/:workspace/:number{[0-9]+}/events', async (c) => {
    const request = await requestAt(c);
    if (!request) return missing(c);
    if (!mayOpenStream()) return refuse(c, 503, pageProblem('too-many-readers', []));
    return eventStream(c, (signal) => deps.changes(request.number, signal));
  });

  app.get('/:project/:workspace/:number{[0-9]+}/code/:path{.+}', async (c) => {
    const request = await requestAt(c);
    const code = request && deps.studyCode(request.repository);
    const page = request && code && (await sourcePage(request, c.req.param('path'), code));
    return page ? html(c, page) : missing(c);
  });

  app.get('/:project/:workspace/:number{[0-9]+}/:identifier{[a-z2-7]+}', async (c) => {
    const request = await requestAt(c);
    const prefix = c.req.param('identifier');
    const [job, another] = request?.jobs.filter((j) => j.identifier.startsWith(prefix)) ?? [];
    if (!request || !job) return missing(c);
    if (another) return refuse(c, 404, pageProblem('job-ambiguous', [prefix]));
    if (job.identifier !== prefix) return c.redirect(jobHref(request, job.identifier));
    const view = await deps.readJob(job.identifier);
    if (!view) return missing(c);
    const code = deps.studyCode(request.repository);
    return answer(c, view, () => jobPage(view, request, code, deps.clock().toISOString()));
  });

  return app;
}

/** The comparison for machines: what changed and by how much; the differences themselves are on the page. */
function withoutText(comparison: NonNullable<Awaited<ReturnType<typeof comparisonOf>>>) {
  const { files, ...rest } = comparison;
  return {
    ...rest,
    files: files.map(({ path, previousPath, status, added, deleted }) => ({
      path,
      previousPath,
      status,
      added,
      deleted,
    })),
  };
}
