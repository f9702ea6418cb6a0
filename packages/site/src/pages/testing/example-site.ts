// The public pages over requests in every state that a page must show well, and short words for reading them.
import type { JobRequestView } from '@glovebox/record';
import { expect } from 'vitest';
import { examplePages } from './example-pages.js';
import {
  after,
  coursesOfAll,
  failedCourses,
  largePipeline,
  requestOf,
  runningCourses,
  succeededCourses,
} from './example-requests.js';
import { exampleStudy } from './example-study.js';

type Requests = Readonly<Record<'finished' | 'failed' | 'running' | 'large' | 'hostile' | 'nothing', JobRequestView>>;

/** Where the workspace of the example stands. */
export const base = '/winter-pressures/wp-work-package-1';
export const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\'';

/** Whoever asks for one removes its study afterwards. */
export function exampleSite() {
  const study = exampleStudy();
  const at = { repository: study.folder, commit: study.second };
  const previous = { number: 1, commit: study.first };
  const large = largePipeline(400);
  const finished = requestOf({ ...at, number: 2, previous, previousSucceeded: previous, courses: succeededCourses });
  const requests: Requests = {
    finished,
    failed: requestOf({ ...at, number: 3, previous: { number: 2, commit: study.second }, courses: failedCourses }),
    running: requestOf({ ...at, number: 4, previous, courses: runningCourses }),
    large: requestOf({ ...at, number: 5, text: large, courses: coursesOfAll(largePipeline(40)) }),
    hostile: {
      ...finished,
      number: 6,
      pipelineText: `version: "4.0"\nactions:\n  a: # ${hostile}\n    run: ${hostile}\n`,
      organisation: { slug: 'x"><b>', name: hostile },
      requestedBy: { slug: 'x', name: hostile },
      branch: hostile,
      repository: `javascript:alert(1)`,
      actions: finished.actions.map((action) => ({ ...action, name: `${action.name}${hostile}` })),
      jobs: finished.jobs.map((job) => ({
        ...job,
        action: `${job.action}${hostile}`,
        message: hostile,
        hint: hostile,
      })),
    },
    nothing: { ...finished, number: 7, status: 'nothing_to_do', message: 'Every action has succeeded.', jobs: [] },
  };
  const first = requestOf({ ...at, number: 1, commit: study.first, courses: succeededCourses });
  const site = examplePages(study, [first, ...Object.values(requests)], after(75));

  const get = (path: string, headers: Readonly<Record<string, string>> = {}) => site.app.request(path, { headers });
  const page = async (path: string): Promise<string> => {
    const response = await get(path);
    expect(response.status, path).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    return response.text();
  };
  return { study, site, requests, get, page };
}
