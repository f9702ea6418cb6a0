// Why an action runs or does not, as data that a page, a terminal and a record can all use, and in words. Nothing in a reason comes from
// the secure side: names of files and actions are those of the public study.

export const reuseRules = ['by-content', 'whatever-changed'] as const;
/** Whether a dependency is kept because nothing that it is made from changed, or because its last job succeeded. */
export type ReuseRule = (typeof reuseRules)[number];

/** An action that a request reached and that got no job, and the job that stands for it. */
export interface WithoutJob {
  readonly action: string;
  readonly does: 'reuse' | 'wait';
  readonly job: string;
  /** For `reuse`: nothing was made after that job. */
  readonly isLatest: boolean;
  /** For `reuse`: a job of the request takes its outputs. */
  readonly isInput: boolean;
}

export type ReuseReason =
  | { readonly kind: 'requested' }
  | { readonly kind: 'forced' }
  | { readonly kind: 'never-run' }
  | { readonly kind: 'last-run-failed' }
  /** The earlier job was made before such things were recorded. */
  | { readonly kind: 'not-recorded' }
  /** Actions that it needs and that will run or are running. */
  | { readonly kind: 'needs-run'; readonly actions: readonly string[] }
  | { readonly kind: 'command-changed' }
  | { readonly kind: 'config-changed' }
  | { readonly kind: 'outputs-changed' }
  | { readonly kind: 'image-changed'; readonly from: string; readonly to: string }
  /** The same name, but another image or program stands for it now. */
  | { readonly kind: 'image-updated'; readonly image: string }
  /** The repository or commit of a reusable action. */
  | { readonly kind: 'code-changed' }
  /** At most a few paths of each; `total` counts them all. */
  | {
      readonly kind: 'files-changed';
      readonly changed: readonly string[];
      readonly added: readonly string[];
      readonly removed: readonly string[];
      readonly total: number;
    }
  /** Actions whose outputs are others than those that it was made from. */
  | { readonly kind: 'inputs-changed'; readonly actions: readonly string[] }
  | { readonly kind: 'data-release-changed'; readonly from: string | null; readonly to: string }
  /** On a researcher's machine: files that it made and that are gone. */
  | { readonly kind: 'output-missing'; readonly paths: readonly string[] };

const list = (names: readonly string[]): string =>
  names.length <= 3
    ? names.map((name) => `\`${name}\``).join(', ')
    : `${names
        .slice(0, 2)
        .map((name) => `\`${name}\``)
        .join(', ')} and ${names.length - 2} more`;

function fileWords({ changed, added, removed, total }: Extract<ReuseReason, { kind: 'files-changed' }>): string {
  const [path, verb] =
    changed[0] !== undefined
      ? [changed[0], 'changed']
      : added[0] !== undefined
        ? [added[0], 'was added']
        : [removed[0] ?? '', 'was removed'];
  return `\`${path}\` ${verb}${total > 1 ? ` (and ${total - 1} more)` : ''}`;
}

/** A clause that goes after "because". */
export function reasonWords(reason: ReuseReason): string {
  switch (reason.kind) {
    case 'requested':
      return 'it was asked for by name';
    case 'forced':
      return 'the run is forced';
    case 'never-run':
      return 'it never ran';
    case 'last-run-failed':
      return 'its last run failed';
    case 'not-recorded':
      return 'what its last run was made from is not known';
    case 'needs-run':
      return `it needs ${list(reason.actions)}, which will run`;
    case 'command-changed':
      return 'its command changed';
    case 'config-changed':
      return 'its config changed';
    case 'outputs-changed':
      return 'the outputs that it declares changed';
    case 'image-changed':
      return `its image changed from \`${reason.from}\` to \`${reason.to}\``;
    case 'image-updated':
      return `the image \`${reason.image}\` was updated`;
    case 'code-changed':
      return 'the reusable action changed';
    case 'files-changed':
      return fileWords(reason);
    case 'inputs-changed':
      return `${list(reason.actions)} was made again`;
    case 'data-release-changed':
      return `the data is of ${reason.to}${reason.from === null ? '' : `, no longer of ${reason.from}`}`;
    case 'output-missing':
      return `an output is missing: ${list(reason.paths)}`;
  }
  return reason satisfies never;
}

/** What happens to one action that a request reaches. */
export type PlanEntry =
  | { readonly action: string; readonly does: 'run'; readonly reasons: readonly ReuseReason[] }
  | WithoutJob;

export const reasonsWords = (reasons: readonly ReuseReason[]): string => reasons.map(reasonWords).join('; ');

/**
 * @example
 * entryWords({ action: 'clean', does: 'run', reasons: [{ kind: 'never-run' }] }); // 'will run because it never ran'
 */
export function entryWords(entry: PlanEntry): string {
  if (entry.does === 'run') return `will run because ${reasonsWords(entry.reasons)}`;
  if (entry.does === 'wait') return `waits for job ${entry.job}`;
  return entry.isLatest && !entry.isInput ? `up to date (job ${entry.job})` : `reused from job ${entry.job}`;
}
