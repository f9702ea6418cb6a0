// The rule by content: an action runs unless the newest job that was made from the same things succeeded. That job need not be
// the last one: a change that is taken back finds the outputs from before it.
import type { ReuseReason } from '@glovebox/record';
import type { Action, Pipeline } from '../pipeline.js';
import type { CodeTree } from './code-tree.js';
import { alike, compareParts } from './compare.js';
import { isOpen, isUsable, type Decision, type EarlierJob, type MadeFrom } from './decision.js';
import { codePart, outputsPart, reuseKey, splitConfig, type ReuseParts } from './parts.js';
import { codeAndData, filesLike, filesOpened, fileSelector, type FileRule } from './readable-files.js';

/** What a job would be made from now, apart from what its action says. */
export interface Surroundings {
  /** The study's files; absent where they are not known, and then every action has to run. */
  readonly tree?: CodeTree;
  /** What an action reads where the study's glovebox.yaml says it, as patterns. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
  /** What stands for an image now; null where that is not known. */
  readonly runtimeOf: (image: string, tag: string) => string | null;
  /** The state of the database; null without one, or where that is not known. */
  readonly dataRelease: string | null;
}

interface Request {
  readonly pipeline: Pipeline;
  readonly force: boolean;
  readonly history: ReadonlyMap<string, readonly EarlierJob[]>;
  readonly now: Surroundings;
}

/** @param actions all that the request reaches, needs first */
export function decideByContent(
  actions: readonly Action[],
  explicit: ReadonlySet<string>,
  { pipeline, force, history, now }: Request,
): ReadonlyMap<string, Decision> {
  const decisions = new Map<string, Decision>();
  const comparison = comparisonWith(pipeline, now);

  function inputsOf(action: Action): Record<string, string> | undefined {
    const inputs: [string, string][] = [];
    for (const need of action.needs) {
      const decision = decisions.get(need);
      if (decision?.does !== 'reuse') return undefined;
      inputs.push([need, history.get(need)?.find(({ job }) => job === decision.job)?.digest ?? '']);
    }
    return Object.fromEntries(inputs);
  }

  function decide(action: Action): Decision {
    const before = history.get(action.name) ?? [];
    const latest = before[0];
    if (latest && isOpen(latest)) return { does: 'wait', job: latest.job, isLatest: true };
    if (explicit.has(action.name)) return { does: 'run', reasons: [{ kind: 'requested' }] };
    if (force) return { does: 'run', reasons: [{ kind: 'forced' }] };
    const inputs = inputsOf(action);
    const known = before.find((job) => job.state === 'succeeded');
    if (inputs === undefined) {
      const running = [...new Set(action.needs)].filter((need) => decisions.get(need)?.does !== 'reuse');
      if (!latest) return { does: 'run', reasons: [whyNever(latest)] };
      const own = known ? comparison(action, known).reasons() : [whyNever(latest)];
      return { does: 'run', reasons: [...own, { kind: 'needs-run', actions: running }] };
    }
    const equal = before.find((job) => comparison(action, job, inputs).isSame);
    if (equal && isUsable(equal)) return { does: 'reuse', job: equal.job, isLatest: equal === latest };
    return { does: 'run', reasons: whyRun(action, inputs, equal, known, latest) };
  }

  function whyRun(
    action: Action,
    inputs: Readonly<Record<string, string>>,
    equal: EarlierJob | undefined,
    known: EarlierJob | undefined,
    latest: EarlierJob | undefined,
  ): readonly ReuseReason[] {
    if (equal?.state === 'failed') return [{ kind: 'last-run-failed' }];
    if (equal) return [{ kind: 'output-missing', paths: equal.missing ?? [] }];
    if (!known) return [whyNever(latest)];
    return comparison(action, known, inputs).reasons();
  }

  for (const action of actions) decisions.set(action.name, decide(action));
  return decisions;
}

const whyNever = (latest: EarlierJob | undefined): ReuseReason =>
  latest ? { kind: 'last-run-failed' } : { kind: 'never-run' };

interface Comparison {
  readonly isSame: boolean;
  /** Every difference; worked out only for whoever asks. */
  readonly reasons: () => readonly ReuseReason[];
}

const unknown: Comparison = { isSame: false, reasons: () => [{ kind: 'not-recorded' }] };

/** Compares an action with a job of its own; without inputs those of the job count, so that they make no difference. */
function comparisonWith(pipeline: Pipeline, now: Surroundings) {
  const select = fileSelector();
  const otherwise = codeAndData(pipeline.actions);

  function ruleFor(action: Action, { read }: MadeFrom): FileRule {
    const patterns = now.reads.get(action.name);
    if (patterns) return filesLike(patterns);
    return read === null ? otherwise : filesOpened(read);
  }

  return (action: Action, { made }: EarlierJob, inputs = made?.inputs): Comparison => {
    if (!made || !now.tree || !inputs) return unknown;
    const rule = ruleFor(action, made);
    const code = codePart(action);
    // A reusable action runs on its own code; the study's files are not there.
    const filesOf = (tree: CodeTree, itsCode: string | null) => select(itsCode === null ? tree : undefined, rule);
    const releaseOf = (release: string | null) => (action.usesDatabase ? release : null);
    const parts: readonly [ReuseParts, ReuseParts] = [
      {
        ...splitConfig(made.args),
        image: `${made.image}:${made.tag}`,
        runtime: made.runtime,
        code: made.code,
        files: filesOf(made.tree, made.code),
        outputs: outputsPart(made.outputs),
        inputs: made.inputs,
        dataRelease: releaseOf(made.dataRelease),
      },
      {
        ...splitConfig(action.args),
        image: `${action.image}:${action.tag}`,
        runtime: now.runtimeOf(action.image, action.tag),
        code,
        files: filesOf(now.tree, code),
        outputs: outputsPart(action.outputs),
        inputs,
        dataRelease: releaseOf(now.dataRelease),
      },
    ];
    const [before, after] = alike(...parts);
    return { isSame: reuseKey(before) === reuseKey(after), reasons: () => compareParts(before, after) };
  };
}
