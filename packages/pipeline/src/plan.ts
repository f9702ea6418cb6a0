// Decides which actions of a request become jobs, and which earlier jobs they take their inputs from. The rules are those that
// authors rely on: what is asked for by name runs again, what came along runs only if it never succeeded, a succeeded
// dependency shields everything above it, and an action that is running already is waited for instead of started twice.
import { nearestName, type Problem } from '@glovebox/record';
import type { Action, Pipeline } from './pipeline.js';
import { problem } from './problems.js';

/** The latest job of one action in the workspace on the backend, cancelled ones left out. */
export interface ActionHistory {
  readonly job: string;
  readonly state: 'pending' | 'running' | 'succeeded' | 'failed';
}

export interface PlannedJob {
  readonly action: Action;
  readonly origin: 'requested' | 'dependency';
  /** Needed action to the earlier job that provides its outputs, or null when a job of this plan does. */
  readonly waitsFor: Readonly<Record<string, string | null>>;
}

export interface Plan {
  /** In an order in which needs come first, and file order otherwise. */
  readonly jobs: readonly PlannedJob[];
  readonly problems: readonly Problem[];
}

/**
 * @param requested action names, or `run_all` for every action as if each came along
 * @param force run everything that the requested actions need as well
 * @param latest by action name; actions that never ran are absent
 */
export function planJobs(
  pipeline: Pipeline,
  requested: readonly string[],
  force: boolean,
  latest: ReadonlyMap<string, ActionHistory>,
): Plan {
  const actions = new Map(pipeline.actions.map((action) => [action.name, action]));
  const explicit = new Set(requested.filter((name) => name !== 'run_all'));
  const problems = [...explicit]
    .filter((name) => !actions.has(name))
    .map((name) => problem('unknown-action', [name, nearestName(name, actions.keys())]));
  if (requested.length === 0) problems.push(problem('nothing-requested', []));
  if (problems.length > 0) return { jobs: [], problems };

  const isWanted = (name: string): boolean => {
    const state = latest.get(name)?.state;
    if (state === 'pending' || state === 'running') return false;
    return explicit.has(name) || force || state !== 'succeeded';
  };

  const wanted = new Set<string>();
  const stack = [...(requested.includes('run_all') ? actions.keys() : explicit)];
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    const action = actions.get(name);
    if (!action || wanted.has(name) || !isWanted(name)) continue;
    wanted.add(name);
    stack.push(...action.needs);
  }

  const jobs = needsFirst(pipeline, wanted).map((action): PlannedJob => ({
    action,
    origin: explicit.has(action.name) || requested.includes('run_all') ? 'requested' : 'dependency',
    waitsFor: Object.fromEntries(
      action.needs.map((need) => [need, wanted.has(need) ? null : (latest.get(need)?.job ?? null)]),
    ),
  }));
  return { jobs, problems: [] };
}

function needsFirst(pipeline: Pipeline, wanted: ReadonlySet<string>): Action[] {
  const actions = new Map(pipeline.actions.map((action) => [action.name, action]));
  const ordered = new Set<string>();
  for (const { name: start } of pipeline.actions) {
    if (!wanted.has(start)) continue;
    const path = [start];
    while (path.length > 0) {
      const name = path.at(-1) ?? start;
      const missing = actions.get(name)?.needs.find((need) => wanted.has(need) && !ordered.has(need));
      if (missing === undefined || ordered.has(name)) {
        ordered.add(name);
        path.pop();
      } else {
        path.push(missing);
      }
    }
  }
  return [...ordered].flatMap((name) => actions.get(name) ?? []);
}
