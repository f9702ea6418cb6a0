// What changed between two commits of a study, as a reader of the public page asks it: which actions, whose scripts, how
// many codes. Pure; the texts come from the repository.
import type { Action, Pipeline } from '@glovebox/pipeline';
import type { ChangedFile } from '@glovebox/repository';
import { type CodelistChange, compareCodelist, isCodelist } from './codelists.js';

export type ActionPart = 'command' | 'needs' | 'outputs' | 'configuration';

export interface ComparisonSummary {
  /** `null` when one of the two pipelines can't be read. */
  readonly actions: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly { readonly name: string; readonly parts: readonly ActionPart[] }[];
  } | null;
  /** Actions that run a file which changed. */
  readonly scripts: readonly { readonly action: string; readonly path: string }[];
  readonly codelists: readonly CodelistChange[];
  /** Changed files that none of the above speaks of. */
  readonly otherFiles: readonly string[];
}

/** The same value as text, whatever the order of its keys. */
const spelled = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  ) ?? '';

function changedParts(before: Action, after: Action): readonly ActionPart[] {
  const words = (action: Action) => action.run.split(/\s+/).join(' ').trim();
  const parts: [ActionPart, boolean][] = [
    ['command', words(before) !== words(after)],
    ['needs', spelled([...before.needs].sort()) !== spelled([...after.needs].sort())],
    ['outputs', spelled(before.outputs) !== spelled(after.outputs)],
    ['configuration', spelled(before.config) !== spelled(after.config)],
  ];
  return parts.filter(([, isChanged]) => isChanged).map(([part]) => part);
}

function compareActions(before: Pipeline, after: Pipeline): NonNullable<ComparisonSummary['actions']> {
  const old = new Map(before.actions.map((a) => [a.name, a]));
  const now = new Set(after.actions.map((a) => a.name));
  return {
    added: after.actions.filter((a) => !old.has(a.name)).map((a) => a.name),
    removed: before.actions.filter((a) => !now.has(a.name)).map((a) => a.name),
    changed: after.actions.flatMap((action) => {
      const was = old.get(action.name);
      const parts = was ? changedParts(was, action) : [];
      return parts.length > 0 ? [{ name: action.name, parts }] : [];
    }),
  };
}

/**
 * @param was the pipeline of the earlier commit, undefined when it has none that can be read
 * @param is that of the later one
 */
export function summarise(
  files: readonly ChangedFile[],
  was: Pipeline | undefined,
  is: Pipeline | undefined,
): ComparisonSummary {
  const changed = new Set(files.filter((f) => f.status !== 'deleted').map((f) => f.path));
  const scripts = (is?.actions ?? []).flatMap((action) =>
    action.args
      .map((word) => word.replace(/^\.\//, ''))
      .filter((path, i, all) => changed.has(path) && all.indexOf(path) === i)
      .map((path) => ({ action: action.name, path })),
  );
  const codelists = files
    .filter((file) => isCodelist(file.path) && !file.isBinary && !file.isTooLarge)
    .flatMap((file) => compareCodelist(file.path, file.before, file.after) ?? []);
  const spokenOf = new Set(['project.yaml', ...scripts.map((s) => s.path), ...codelists.map((c) => c.path)]);
  return {
    actions: was && is ? compareActions(was, is) : null,
    scripts,
    codelists,
    otherFiles: files
      .map((f) => f.path)
      .filter((path) => !spokenOf.has(path) || (path === 'project.yaml' && !(was && is))),
  };
}
