// Decides which actions of a request become jobs and why, and which earlier jobs the others take their outputs from. What is
// asked for by name runs again, always; what comes along runs only when it has to; an action that is waiting or running
// already is waited for instead of started twice.
//
// When something "has to" run is one of two rules. By content: unless an earlier job was made from the same things. Whatever
// changed: unless its last job succeeded, which then shields everything above it, as authors of older studies rely on.
import { nearestName, type PlanEntry, type Problem, type ReuseReason, type ReuseRule } from '@glovebox/record';
import { allActions, closureOf, needsFirst } from './order.js';
import type { Action, Pipeline } from './pipeline.js';
import { problem } from './problems.js';
import { decideByContent, type Surroundings } from './reuse/decide-by-content.js';
import { decideWhateverChanged } from './reuse/decide-whatever-changed.js';
import type { Decision, EarlierJob } from './reuse/decision.js';

export interface PlanRequest {
  readonly pipeline: Pipeline;
  /** Action names, or `run_all` for every action as if each came along. */
  readonly requested: readonly string[];
  /** Run everything that the requested actions need as well. */
  readonly force: boolean;
  readonly rule: ReuseRule;
  /** By action name, newest first, cancelled jobs left out; actions that never ran are absent. */
  readonly history: ReadonlyMap<string, readonly EarlierJob[]>;
  readonly now: Surroundings;
}

export interface PlannedJob {
  readonly action: Action;
  readonly origin: 'requested' | 'dependency';
  /** Needed action to the earlier job that provides its outputs, or null when a job of this plan does. */
  readonly waitsFor: Readonly<Record<string, string | null>>;
  readonly reasons: readonly ReuseReason[];
}

export interface Plan {
  /** In an order in which needs come first, and file order otherwise. */
  readonly jobs: readonly PlannedJob[];
  /** In that order too; actions of the pipeline that the request does not reach are absent. */
  readonly entries: readonly PlanEntry[];
  readonly problems: readonly Problem[];
}

/** What is wrong with the names of a request. */
export function requestProblems({ actions }: Pipeline, requested: readonly string[]): Problem[] {
  const names = new Set(actions.map(({ name }) => name));
  const unknown = [...new Set(requested)].filter((name) => name !== 'run_all' && !names.has(name));
  return [
    ...unknown.map((name) => problem('unknown-action', [name, nearestName(name, names)])),
    ...(requested.length === 0 ? [problem('nothing-requested', [])] : []),
  ];
}

export function planJobs(request: PlanRequest): Plan {
  const { pipeline, requested, rule } = request;
  const problems = requestProblems(pipeline, requested);
  if (problems.length > 0) return { jobs: [], entries: [], problems };
  const isAll = requested.includes('run_all');
  const explicit = new Set(requested.filter((name) => name !== 'run_all'));
  const reached = isAll ? allActions(pipeline) : [...explicit];
  const actions = needsFirst(pipeline, closureOf(pipeline, reached));
  const decisions =
    rule === 'by-content'
      ? decideByContent(actions, explicit, request)
      : decideWhateverChanged(actions, reached, explicit, request);

  const jobs = actions.flatMap((action): PlannedJob[] => {
    const decision = decisions.get(action.name);
    if (decision?.does !== 'run') return [];
    const providers = action.needs.map((need) => [need, providerOf(decisions.get(need))] as const);
    return [
      {
        action,
        origin: isAll || explicit.has(action.name) ? 'requested' : 'dependency',
        waitsFor: Object.fromEntries(providers),
        reasons: decision.reasons,
      },
    ];
  });
  const inputs = new Set(jobs.flatMap(({ action }) => action.needs));
  const entries = actions.flatMap(({ name }): PlanEntry[] => {
    const decision = decisions.get(name);
    if (!decision) return [];
    if (decision.does === 'run') return [{ action: name, ...decision }];
    return [{ action: name, ...decision, isInput: decision.does === 'reuse' && inputs.has(name) }];
  });
  return { jobs, entries, problems: [] };
}

const providerOf = (decision: Decision | undefined): string | null =>
  decision === undefined || decision.does === 'run' ? null : decision.job;
