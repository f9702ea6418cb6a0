// What deciding works with: the jobs that an action had before, and what happens to it now.
import type { ReuseReason, WithoutJob } from '@glovebox/record';
import type { DeclaredOutputs } from '../pipeline.js';
import type { CodeTree } from './code-tree.js';

/** What a job was made from, as it was recorded. */
export interface MadeFrom {
  readonly args: readonly string[];
  readonly image: string;
  readonly tag: string;
  readonly runtime: string | null;
  /** As `codePart` gives it. */
  readonly code: string | null;
  readonly outputs: DeclaredOutputs;
  readonly tree: CodeTree;
  /** The files that evaluating its definition opened; null when that was not told. */
  readonly read: readonly string[] | null;
  /** Needed action to the digest of the outputs that came in. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly dataRelease: string | null;
}

export interface EarlierJob {
  readonly job: string;
  readonly state: 'pending' | 'running' | 'succeeded' | 'failed';
  /** Stands for everything that it made: what later actions compare their inputs with. */
  readonly digest: string;
  readonly made?: MadeFrom;
  /** Files that it made and that are no longer there, where somebody can delete them. */
  readonly missing?: readonly string[];
}

export type Decision =
  | { readonly does: 'run'; readonly reasons: readonly ReuseReason[] }
  | Pick<WithoutJob, 'does' | 'job' | 'isLatest'>;

export const isOpen = ({ state }: EarlierJob): boolean => state === 'pending' || state === 'running';

export const isUsable = ({ state, missing = [] }: EarlierJob): boolean => state === 'succeeded' && missing.length === 0;
