// What the public pages need from the rest of the site, and nothing more: read statements, code at a commit, changes.
// Everything here is readable by anybody, without signing in; whatever is not public must not come through this door.
import type { Clock, JobPageView, JobRequestView, Named, RequestSummaryView } from '@glovebox/record';

export interface OrganisationSummary extends Named {
  readonly projectCount: number;
}

export interface ProjectSummary extends Named {
  readonly organisation: Named;
  readonly workspaceCount: number;
}

export interface WorkspaceSummary {
  readonly name: string;
  readonly project: Named;
  readonly organisation: Named;
  readonly repository: string;
  readonly branch: string;
  readonly purpose: string | null;
}

export interface OrganisationView extends Named {
  readonly projects: readonly ProjectSummary[];
}

export interface ProjectView extends Named {
  readonly organisation: Named;
  readonly purpose: string | null;
  readonly workspaces: readonly WorkspaceSummary[];
}

/** Which job requests a list is about; newest first, `before` leaves out this number and all later ones. */
export interface JobRequestFilter {
  readonly organisation?: string;
  readonly project?: string;
  readonly workspace?: string;
  readonly before?: number;
  readonly limit: number;
}

export type FileChange = 'added' | 'removed' | 'changed';

/** One file that differs between two commits. `null` text: that side does not exist, is binary, or is over the size cap. */
export interface ChangedFile {
  readonly path: string;
  readonly change: FileChange;
  readonly added: number;
  readonly removed: number;
  readonly isBinary: boolean;
  readonly isTooLarge: boolean;
  readonly before: string | null;
  readonly after: string | null;
}

/** A study's code. Commits never change, so answers may be kept. Each throws when the repository can't be read. */
export interface StudyCode {
  readonly compare: (from: string, to: string) => Promise<readonly ChangedFile[]>;
  /** `null`: no such file at the commit, or it is binary or too large to show. */
  readonly readText: (commit: string, path: string) => Promise<string | null>;
  /** Every path at the commit. */
  readonly listFiles: (commit: string) => Promise<readonly string[]>;
}

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
  /** The code of one repository, named as `JobRequestView.repository` names it. */
  readonly studyCode: (repository: string) => StudyCode;
  /** Yields once for every committed change of the request or its jobs, until the signal aborts. */
  readonly changes: (jobRequest: number, signal: AbortSignal) => AsyncIterable<unknown>;
}

/** First path segments that the site itself uses; no project may have one of them as its slug. */
export const reservedSlugs: readonly string[] = [
  'api',
  'assets',
  'event-log',
  'healthz',
  'job-requests',
  'jobs',
  'organisations',
  'projects',
  'robots.txt',
  'favicon.ico',
];
