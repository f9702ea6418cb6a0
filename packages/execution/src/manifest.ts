// What is kept about one finished job, on the secure side only: it names files and near misses, which never cross.
import type { FailureReason, ImageIdentity, PrivacyLevel } from '@glovebox/record';

export interface OutputFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly level: PrivacyLevel;
  readonly sha256: string;
  readonly bytes: number;
  /** Why reviewers do not get to see a moderately sensitive file; null when they do. */
  readonly excluded: string | null;
  /** Of a moderately sensitive CSV file that could be read: data rows, and columns of the header. */
  readonly rows?: number;
  readonly columns?: number;
}

export interface PatternCount {
  readonly level: PrivacyLevel;
  /** The label in project.yaml. */
  readonly name: string;
  readonly pattern: string;
  readonly files: number;
  readonly bytes: number;
}

export interface RunUsage {
  readonly wallMilliseconds: number;
  readonly cpuMilliseconds: number | null;
  readonly peakMemoryBytes: number | null;
  readonly memoryLimitBytes: number;
}

/** How a job ended; the codes are those of the record package. */
export type Outcome =
  | { readonly code: 'succeeded' }
  | { readonly code: 'unmatched_patterns' }
  | { readonly code: 'nonzero_exit'; readonly exitCode?: number; readonly reason?: FailureReason }
  | { readonly code: 'job_error'; readonly reason?: FailureReason };

export interface Manifest {
  readonly version: 1;
  /** Random, so that the digest of a manifest, which is public, confirms no guess of what is in it. */
  readonly salt: string;
  /** Higher than that of every job that was completed here before. */
  readonly order: number;
  readonly job: string;
  readonly request: string;
  /** Who made the request; absent on a researcher's machine. */
  readonly user?: string | undefined;
  readonly workspace: string;
  readonly action: string;
  /** The study's; absent on a researcher's machine. */
  readonly repository?: string;
  readonly commit: string;
  /** The names of all actions of the study at this commit; absent when its project.yaml was not at hand. */
  readonly studyActions?: readonly string[];
  /** The image as project.yaml names it, and the program of this machine that stood for it. */
  readonly image: string;
  readonly runtime: string | null;
  /** Of a program of this machine: its version, and the digest of the list of its packages when it ran. */
  readonly program?: ImageIdentity;
  readonly args: readonly string[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly dataRelease: string | null;
  /** Files of the study that its definition was evaluated from; absent where they are not all that it could depend on. */
  readonly read?: readonly string[];
  readonly outcome: Outcome;
  readonly startedAt: string;
  readonly completedAt: string;
  readonly usage: RunUsage | null;
  readonly patterns: readonly PatternCount[];
  readonly outputs: readonly OutputFile[];
  /** Files that the action wrote and no pattern matched, and links or special files that were refused. */
  readonly nearMisses: readonly string[];
  readonly refused: readonly string[];
}
