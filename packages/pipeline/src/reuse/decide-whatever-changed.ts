// The older rule: a dependency whose last job succeeded is kept whatever changed since, and shields everything that it needs.
import type { ReuseReason } from '@glovebox/record';
import type { Action } from '../pipeline.js';
import { isOpen, isUsable, type Decision, type EarlierJob } from './decision.js';

interface Request {
  readonly force: boolean;
  readonly history: ReadonlyMap<string, readonly EarlierJob[]>;
}

function whyRun(latest: EarlierJob | undefined, isExplicit: boolean): ReuseReason {
  if (isExplicit) return { kind: 'requested' };
  if (!latest) return { kind: 'never-run' };
  if (latest.state === 'failed') return { kind: 'last-run-failed' };
  const { missing = [] } = latest;
  return missing.length > 0 ? { kind: 'output-missing', paths: missing } : { kind: 'forced' };
}

/** @param actions all that the request could reach, needs first; @param reached where it begins */
export function decideWhateverChanged(
  actions: readonly Action[],
  reached: readonly string[],
  explicit: ReadonlySet<string>,
  { force, history }: Request,
): ReadonlyMap<string, Decision> {
  const byName = new Map(actions.map((action) => [action.name, action]));
  const decisions = new Map<string, Decision>();
  const stack = [...reached];
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    const action = byName.get(name);
    if (!action || decisions.has(name)) continue;
    const latest = history.get(name)?.[0];
    if (latest && isOpen(latest)) decisions.set(name, { does: 'wait', job: latest.job, isLatest: true });
    else if (latest && isUsable(latest) && !explicit.has(name) && !force)
      decisions.set(name, { does: 'reuse', job: latest.job, isLatest: true });
    else {
      decisions.set(name, { does: 'run', reasons: [whyRun(latest, explicit.has(name))] });
      for (const need of action.needs) stack.push(need);
    }
  }
  return decisions;
}
