// What a page shows and its JSON twin says: one value, two renderings. The store's read statements make these.
// Times are ISO 8601 in UTC; `null` where something has not happened.
import type { FailureReason } from './failure-reason.js';
import type { JobState, StatusCode } from './job-state.js';
import type { PrivacyLevel } from './privacy.js';
import type { ReuseReason, WithoutJob } from './reuse.js';

/** A job request's status follows from its jobs; `nothing_to_do` has none, `refused` never got any. */
export type RequestStatus = JobState | 'nothing_to_do' | 'refused';

export interface Named {
  readonly slug: string;
  readonly name: string;
}

/** What stands for an image on a backend: the image's digest, or a program of the machine by version and installed packages. */
export interface ImageIdentity {
  readonly digest?: string | undefined;
  readonly version?: string | undefined;
  /** SHA-256 of the list of packages with their versions. */
  readonly packages?: string | undefined;
}

export interface OutputView {
  readonly level: PrivacyLevel;
  /** The label and the pattern as project.yaml declares them. */
  readonly name: string;
  readonly pattern: string;
  /** How many files it matched; null until the job succeeded. */
  readonly files: number | null;
}

/** Why a pending job has not started. */
export type QueueReason = 'paused' | 'restart' | 'maintenance' | 'needs' | 'retry' | 'places' | 'turn' | 'agent';

/** Where a pending job stands. */
export interface JobQueueView {
  readonly reason: QueueReason;
  /** The reason in a sentence or two. */
  readonly message: string;
  /** Its place among the `waiting` jobs of its kind, as things stand; null while something else holds it up. */
  readonly position: number | null;
  readonly waiting: number | null;
}

export interface JobView {
  readonly identifier: string;
  readonly action: string;
  /** Asked for by name, or brought along because another action needs it. */
  readonly origin: 'requested' | 'dependency';
  /** Why it was made, as data and in words that go after "because"; empty on jobs from before this was recorded. */
  readonly reasons: readonly ReuseReason[];
  readonly because: string;
  /** A reusable action's repository and commit, which ran in place of the study's code. */
  readonly reusable: { readonly repository: string; readonly commit: string } | null;
  readonly state: JobState;
  readonly code: StatusCode;
  readonly reason: FailureReason | null;
  readonly exitCode: number | null;
  readonly message: string;
  readonly hint: string | null;
  /** The failed job that this one was waiting for. */
  readonly cause: { readonly identifier: string; readonly action: string; readonly request: number } | null;
  readonly command: string;
  readonly needs: readonly string[];
  readonly outputs: readonly OutputView[];
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  /** How far a running job is, as its agent last said. */
  readonly progress: {
    readonly elapsedSeconds: number | null;
    readonly memoryMegabytes: number | null;
    readonly memoryLimitMegabytes: number | null;
  } | null;
  readonly queue: JobQueueView | null;
  /**
   * The usual run time in milliseconds, between the lower and the upper quartile of the action's last successes here; only while
   * it runs or could run, and null without any.
   */
  readonly estimate: { readonly runs: number; readonly least: number; readonly most: number } | null;
  /** Leases that ran out because the agent was not heard of. */
  readonly lostLeases: number;
  /** What the rules of the backend ask for; null where its own limits hold. */
  readonly requested: {
    readonly memoryMegabytes: number | null;
    readonly wallSeconds: number | null;
    readonly processors: number | null;
  };
  /** What ran it: an image by its digest, or a program by version and packages. */
  readonly runtime: ImageIdentity | null;
  readonly usage: {
    readonly wallMilliseconds: number | null;
    readonly cpuMilliseconds: number | null;
    readonly peakMemoryMegabytes: number | null;
    readonly memoryLimitMegabytes: number | null;
  };
  readonly dataRelease: string | null;
}

export interface JobEventView {
  readonly at: string;
  readonly state: JobState;
  readonly code: StatusCode;
}

export interface RequestSummaryView {
  readonly number: number;
  readonly identifier: string;
  readonly status: RequestStatus;
  readonly organisation: Named;
  readonly project: Named;
  readonly workspace: string;
  readonly backend: Named & { readonly isSynthetic: boolean };
  readonly requestedBy: Named;
  readonly commit: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly jobCounts: Readonly<Record<JobState, number>>;
}

export interface JobRequestView extends RequestSummaryView {
  readonly repository: string;
  readonly branch: string;
  readonly force: boolean;
  readonly requestedActions: readonly string[];
  readonly message: string | null;
  /** Sum of the finished jobs' run times. */
  readonly runMilliseconds: number;
  readonly jobs: readonly JobView[];
  /** The whole project.yaml as it was at the commit. */
  readonly pipelineText: string;
  /** Every action of the pipeline, in file order, requested or not. */
  readonly actions: readonly {
    readonly name: string;
    readonly needs: readonly string[];
    readonly outputs: readonly OutputView[];
  }[];
  /** The request of the same workspace and backend before this one, and the last that succeeded. */
  readonly previous: { readonly number: number; readonly commit: string } | null;
  readonly previousSucceeded: { readonly number: number; readonly commit: string } | null;
  /** Actions that the request reached and that got no job, with what stands for them in words. */
  readonly withoutJob: readonly (WithoutJob & { readonly words: string })[];
}

export interface JobPageView {
  readonly request: RequestSummaryView & { readonly repository: string; readonly branch: string };
  readonly job: JobView;
  readonly events: readonly JobEventView[];
}
