// Puts actions in an order in which what an action needs comes before it, and file order otherwise.
import type { Action, Pipeline } from './pipeline.js';

/** What `run_all` stands for. An action of that name, which older versions of the format allow, is no part of it. */
export const allActions = ({ actions }: Pipeline): string[] =>
  actions.map(({ name }) => name).filter((name) => name !== 'run_all');

/** Everything that these actions need, directly or not, and themselves. Names that are no action are left out. */
export function closureOf(pipeline: Pipeline, names: Iterable<string>): ReadonlySet<string> {
  const actions = new Map(pipeline.actions.map((action) => [action.name, action]));
  const reached = new Set<string>();
  const stack = [...names];
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    const action = actions.get(name);
    if (!action || reached.has(name)) continue;
    reached.add(name);
    for (const need of action.needs) stack.push(need);
  }
  return reached;
}

/** @param wanted needs that are not among them do not count */
export function needsFirst(
  pipeline: Pipeline,
  wanted: ReadonlySet<string> = new Set(pipeline.actions.map(({ name }) => name)),
): Action[] {
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
