// Plans a request with what the database knows of earlier jobs. It changes nothing, so a page may ask for it before anybody
// decides. History is read in two steps: the newest job of each action answers most requests, and only where that one was made
// from something else older ones are looked at.
import {
  codeTree,
  type CodeTree,
  type EarlierJob,
  type Pipeline,
  type Plan,
  planJobs,
  type DeclaredOutputs,
} from '@glovebox/pipeline';
import { type ImageIdentity, type Problem, ProblemError, type ReuseRule } from '@glovebox/record';
import type { BackendReport } from '@glovebox/wire';
import { type Database, type EarlierJobRow, earlierJobs, inputsOf, type Kysely } from '@glovebox/store';
import { createKeptTrees } from './kept-trees.js';
import { problem } from './problems.js';

/** What planning needs to know of a study at a commit; whoever read the study says it. */
export interface StudyAtCommit {
  /** The pipeline at that commit, with its reusable actions resolved. */
  readonly pipeline: Pipeline;
  /** Every file of the commit, by path, with git's digest of its content. */
  readonly files: ReadonlyMap<string, string>;
  /** What glovebox.yaml says that actions read. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
  /** What is out of date about its codelists; a request that would query the database is then refused. */
  readonly codelistProblems: readonly Problem[];
}

export interface Asked {
  readonly workspace: number;
  readonly backend: number;
  readonly study: StudyAtCommit;
  readonly actions: readonly string[];
  readonly force: boolean;
}

export interface RequestPlan {
  readonly plan: Plan;
  readonly tree: CodeTree;
  /** Row numbers of the earlier jobs that the plan may name, by identifier. */
  readonly ids: ReadonlyMap<string, number>;
}

/** How many earlier jobs of an action are looked at when the newest was made from something else. */
const mostEarlier = 20;
/** And how many of all actions together, so that a request of thousands is still planned at once. */
const mostEarlierTogether = 5000;
/** Of how many commits the files are read. What was made from older ones counts as not recorded, so it runs. */
const mostTrees = 200;
const keptTrees = createKeptTrees(200_000);

/** Throws ProblemError when an action is unknown or the codelists are out of date. */
export async function planRequest(db: Kysely<Database>, asked: Asked): Promise<RequestPlan> {
  const { workspace, backend, study, actions, force } = asked;
  const { pipeline, files, reads } = study;
  const [rule, report] = await Promise.all([reuseRule(db, workspace), backendReport(db, backend)]);
  const tree = codeTree(files);
  const memory = remember(db, new Map([[tree.digest, tree]]));
  const now = {
    tree,
    reads,
    runtimeOf: (image: string, tag: string) =>
      identityText(report?.images[`${image}:${tag}`] ?? report?.images[image] ?? null),
    dataRelease: report?.dataRelease ?? null,
  };
  const names = pipeline.actions.map(({ name }) => name);
  const history = new Map(await memory.earlier(await earlierJobs(db, workspace, backend, names, 1)));
  const plan = () => planJobs({ pipeline, requested: actions, force, rule, history, now });
  const first = plan();
  if (first.problems.length > 0) throw new ProblemError(first.problems);

  const again =
    rule === 'whatever-changed' || force
      ? []
      : first.jobs.map(({ action }) => action.name).filter((name) => history.has(name) && !actions.includes(name));
  const most = Math.max(2, Math.min(mostEarlier, Math.floor(mostEarlierTogether / Math.max(1, again.length))));
  const older = await memory.earlier(await earlierJobs(db, workspace, backend, again, most));
  for (const [action, jobs] of older) history.set(action, jobs);
  const last = again.length === 0 ? first : plan();
  refuseStaleCodelists(last, study);
  return { plan: last, tree, ids: memory.ids };
}

function refuseStaleCodelists({ jobs }: Plan, { codelistProblems }: StudyAtCommit): void {
  const needing = jobs.find(({ action }) => action.usesDatabase);
  if (!needing || codelistProblems.length === 0) return;
  throw new ProblemError([problem('codelists-stale', [needing.action.name]), ...codelistProblems]);
}

async function reuseRule(db: Kysely<Database>, workspace: number): Promise<ReuseRule> {
  const row = await db.selectFrom('workspaces').select('reuse').where('id', '=', workspace).executeTakeFirstOrThrow();
  return row.reuse;
}

async function backendReport(db: Kysely<Database>, backend: number): Promise<BackendReport | null> {
  const row = await db.selectFrom('backends').select('report').where('id', '=', backend).executeTakeFirstOrThrow();
  return row.report;
}

/** One text for what stood for an image, so that it can be compared; null when nothing is known. */
function identityText(identity: ImageIdentity | null): string | null {
  if (!identity) return null;
  const { digest, version, packages } = identity;
  return digest ?? (version === undefined && packages === undefined ? null : `${version ?? ''} ${packages ?? ''}`);
}

/** Reads trees and declared outputs of earlier requests, each once. */
function remember(db: Kysely<Database>, trees: Map<string, CodeTree>) {
  const outputs = new Map<string, ReadonlyMap<string, DeclaredOutputs>>();
  const ids = new Map<string, number>();

  async function readMissing(rows: readonly EarlierJobRow[]): Promise<void> {
    const digests = new Set(rows.flatMap(({ code_tree }) => code_tree ?? []));
    const missing: string[] = [];
    for (const digest of digests) {
      if (trees.has(digest) || trees.size + missing.length >= mostTrees) continue;
      const known = keptTrees.get(digest);
      if (known) trees.set(digest, known);
      else missing.push(digest);
    }
    if (missing.length > 0) {
      const found = await db.selectFrom('code_trees').selectAll().where('digest', 'in', missing).execute();
      for (const { digest, files } of found) {
        const tree = { digest, files: new Map(Object.entries(files)) };
        trees.set(digest, tree);
        keptTrees.put(tree);
      }
    }
    const pipelines = [...new Set(rows.map(({ pipeline }) => pipeline))].filter((digest) => !outputs.has(digest));
    if (pipelines.length === 0) return;
    const found = await db
      .selectFrom('pipelines')
      .select(['digest', 'actions'])
      .where('digest', 'in', pipelines)
      .execute();
    for (const { digest, actions } of found) {
      outputs.set(digest, new Map(actions.map((action) => [action.name, byLevel(action.outputs)])));
    }
  }

  async function earlier(rows: readonly EarlierJobRow[]): Promise<ReadonlyMap<string, EarlierJob[]>> {
    await readMissing(rows);
    const inputs = await inputsOf(
      db,
      rows.map(({ id }) => id),
    );
    const history = new Map<string, EarlierJob[]>();
    for (const row of rows) {
      ids.set(row.identifier, row.id);
      const tree = row.code_tree === null ? undefined : trees.get(row.code_tree);
      const declared = outputs.get(row.pipeline)?.get(row.action);
      const made = tree && declared ? { made: madeFrom(row, tree, declared, inputs.get(row.id) ?? {}) } : {};
      const job = { job: row.identifier, state: row.state, digest: row.manifest ?? row.identifier, ...made };
      const known = history.get(row.action);
      if (known) known.push(job);
      else history.set(row.action, [job]);
    }
    return history;
  }
  return { earlier, ids };
}

function madeFrom(
  row: EarlierJobRow,
  tree: CodeTree,
  outputs: DeclaredOutputs,
  inputs: Readonly<Record<string, string>>,
): NonNullable<EarlierJob['made']> {
  const { args, image, tag, files_read, code_repository, code_commit, data_release } = row;
  return {
    args,
    image,
    tag,
    outputs,
    tree,
    inputs,
    runtime: identityText(row.runtime),
    code: code_repository === null ? null : `${code_repository}@${code_commit}`,
    read: files_read,
    dataRelease: data_release,
  };
}

function byLevel(
  outputs: readonly { readonly level: keyof DeclaredOutputs; readonly name: string; readonly pattern: string }[],
): DeclaredOutputs {
  const levels: Partial<Record<keyof DeclaredOutputs, Record<string, string>>> = {};
  for (const { level, name, pattern } of outputs) levels[level] = { ...levels[level], [name]: pattern };
  return levels;
}
