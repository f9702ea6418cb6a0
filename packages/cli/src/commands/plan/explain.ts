// Says for every action that a request reaches whether it would run, and why. It explains what the planner decided and decides
// nothing itself.
import type { Pipeline, PlannedJob } from '@glovebox/pipeline';
import { missingOutputs, type LocalState } from '../run/local-state.js';

export interface Explanation {
  readonly action: string;
  readonly does: 'run' | 'reuse';
  /** Without a full stop; the most telling first. */
  readonly reasons: readonly string[];
}

export interface Explained {
  readonly pipeline: Pipeline;
  readonly requested: readonly string[];
  readonly force: boolean;
  readonly jobs: readonly PlannedJob[];
  readonly state: LocalState;
  readonly study: { readonly folder: string; readonly own: string };
}

/** What would run, in that order, then what would be reused by it. */
export function explainPlan({ pipeline, requested, force, jobs, state, study }: Explained): Explanation[] {
  const isAll = requested.includes('run_all');
  const planned = new Map(jobs.map(({ action }) => [action.name, action]));

  function whyRun(name: string): string[] {
    const before = state.get(name);
    const neededBy = [...planned.values()].filter(({ needs }) => needs.includes(name)).map((action) => action.name);
    const isAsked = requested.includes(name);
    return [
      ...(isAsked ? ['asked for by name'] : []),
      ...(before === undefined ? ['never ran'] : whyAgain(before, force && !isAsked)),
      ...(isAsked || isAll || neededBy.length === 0 ? [] : [`needed by ${neededBy.join(', ')}`]),
    ];
  }

  function whyAgain(before: NonNullable<ReturnType<LocalState['get']>>, isForced: boolean): string[] {
    if (before.state === 'failed') return ['failed last time'];
    const missing = missingOutputs(before, study);
    if (missing.length > 0) return [`output missing: ${missing.join(', ')}`];
    return isForced ? ['forced'] : [];
  }

  const reached = isAll ? pipeline.actions.map(({ name }) => name) : requested;
  const inputs = [...planned.values()].flatMap(({ needs }) => needs);
  const reused = new Set([...reached, ...inputs].filter((name) => !planned.has(name)));
  return [
    ...[...planned.keys()].map((action): Explanation => ({ action, does: 'run', reasons: whyRun(action) })),
    ...pipeline.actions
      .filter(({ name }) => reused.has(name))
      .map(({ name }): Explanation => ({
        action: name,
        does: 'reuse',
        reasons: [whenMade(state.get(name)?.completedAt)],
      })),
  ];
}

const whenMade = (completedAt: string | undefined): string =>
  `succeeded at ${(completedAt ?? '').replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}`;
