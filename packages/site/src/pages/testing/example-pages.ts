// The pages over example requests, with a way to change one while it is being looked at.
import { EventEmitter, on } from 'node:events';
import type { JobRequestView } from '@glovebox/record';
import type { Hono } from 'hono';
import type { PageDependencies } from '../dependencies.js';
import { pages } from '../index.js';
import { jobPageOf } from './example-requests.js';
import type { ExampleStudy } from './example-study.js';

export interface ExamplePages {
  readonly app: Hono;
  /** Replaces the request of the same number and tells whoever follows it. */
  readonly put: (request: JobRequestView) => void;
  readonly faults: readonly unknown[];
}

/** @param now ISO 8601; what the pages take for the present */
export function examplePages(study: ExampleStudy, first: readonly JobRequestView[], now: string): ExamplePages {
  const requests = new Map(first.map((request) => [request.number, request]));
  const emitter = new EventEmitter();
  const faults: unknown[] = [];
  const all = () => [...requests.values()].sort((a, b) => b.number - a.number);
  const place = () => all()[0];
  const workspaceOf = (request: JobRequestView) => ({
    name: request.workspace,
    project: request.project,
    organisation: request.organisation,
    repository: request.repository,
    branch: request.branch,
    purpose: 'General practice workload in winter',
  });
  const deps: PageDependencies = {
    clock: () => new Date(now),
    readJobRequest: async (number) => requests.get(number) ?? null,
    readJob: async (identifier) => {
      for (const request of all()) {
        const job = request.jobs.find((j) => j.identifier === identifier);
        if (job) return jobPageOf(request, job);
      }
      return null;
    },
    listJobRequests: async ({ before, limit, ...filter }) =>
      all()
        .filter((r) => before === undefined || r.number < before)
        .filter((r) => filter.organisation === undefined || r.organisation.slug === filter.organisation)
        .filter((r) => filter.project === undefined || r.project.slug === filter.project)
        .filter((r) => filter.workspace === undefined || r.workspace === filter.workspace)
        .slice(0, limit),
    listOrganisations: async () =>
      all()
        .slice(0, 1)
        .map((r) => ({ ...r.organisation, projectCount: 1 })),
    readOrganisation: async (slug) => {
      const r = place();
      if (!r || r.organisation.slug !== slug) return null;
      return { ...r.organisation, projects: [{ ...r.project, organisation: r.organisation, workspaceCount: 1 }] };
    },
    listProjects: async () =>
      all()
        .slice(0, 1)
        .map((r) => ({ ...r.project, organisation: r.organisation, workspaceCount: 1 })),
    readProject: async (slug) => {
      const r = place();
      return r?.project.slug === slug
        ? { ...r.project, organisation: r.organisation, workspaces: [workspaceOf(r)] }
        : null;
    },
    readWorkspace: async (project, name) => {
      const r = place();
      return r?.project.slug === project && r.workspace === name ? workspaceOf(r) : null;
    },
    studyCode: () => study.code,
    changes: async function* changes(number, signal) {
      for await (const event of on(emitter, String(number), { signal })) yield event;
    },
  };
  return {
    app: pages(deps, { onFault: (fault) => faults.push(fault) }),
    put: (request) => {
      requests.set(request.number, request);
      emitter.emit(String(request.number));
    },
    faults,
  };
}
