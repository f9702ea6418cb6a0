// What the public pages need from the rest of the site, and nothing more: read statements, code at a commit, changes.
// Everything here is readable by anybody, without signing in; whatever is not public must not come through this door.
import type { Clock, JobPageView, JobRequestView, RequestSummaryView } from '@glovebox/record';
import type {
  JobRequestFilter,
  OrganisationSummary,
  OrganisationView,
  ProjectSummary,
  ProjectView,
  WorkspaceSummary,
} from '@glovebox/store';
import type { StudyCode } from './study-code.js';

export interface PageDependencies {
  readonly clock: Clock;
  readonly readJobRequest: (number: number) => Promise<JobRequestView | null>;
  readonly readJob: (identifier: string) => Promise<JobPageView | null>;
  readonly listJobRequests: (filter: JobRequestFilter) => Promise<readonly RequestSummaryView[]>;
  readonly listOrganisations: () => Promise<readonly OrganisationSummary[]>;
  readonly readOrganisation: (slug: string) => Promise<OrganisationView | null>;
  readonly listProjects: () => Promise<readonly ProjectSummary[]>;
  readonly readProject: (slug: string) => Promise<ProjectView | null>;
  readonly readWorkspace: (project: string, workspace: string) => Promise<WorkspaceSummary | null>;
  /** The code of one repository, named as `JobRequestView.repository` names it; `studyCodeOf` makes one from a mirror. */
  readonly studyCode: (repository: string) => StudyCode;
  /** Yields once for every committed change of the request or its jobs, until the signal aborts. */
  readonly changes: (jobRequest: number, signal: AbortSignal) => AsyncIterable<unknown>;
}

/** First path segments that the site itself uses; no project may have one of them as its slug. */
export const reservedSlugs: readonly string[] = [
  'api',
  'assets',
  'backends',
  'event-log',
  'favicon.ico',
  'healthz',
  'job-requests',
  'jobs',
  'organisations',
  'projects',
  'robots.txt',
  'sign-in',
  'sign-out',
];
