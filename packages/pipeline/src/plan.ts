// Decides which actions of a request become jobs, and which earlier jobs they take their inputs from.
import type { Problem } from '@glovebox/record';
import type { Action, Pipeline } from './pipeline.js';

/** The latest job of one action in the workspace on the backend, cancelled ones left out. */
export interface ActionHistory {
  readonly job: string;
  readonly state: 'pending' | 'running' | 'succeeded' | 'failed';
}

export interface PlannedJob {
  readonly action: Action;
  readonly origin: 'requested' | 'dependency';
  /** Needed action to the job that provides it: a job of this plan (null: by action name) or an earlier one. */
  readonly waitsFor: Readonly<Record<string, string | null>>;
}

export interface Plan {
  /** In an order in which needs come first. */
  readonly jobs: readonly PlannedJob[];
  readonly problems: readonly Problem[];
}

/** @param latest by action name */
export function planJobs(
  _pipeline: Pipeline,
  _requested: readonly string[],
  _force: boolean,
  _latest: ReadonlyMap<string, ActionHistory>,
): Plan {
  throw new Error('being written');
}
