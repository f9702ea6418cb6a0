// Plans actions of a study on this machine, by the rule that backends use: an action runs unless its last run here was made from
// the same things.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  allowedImages,
  planJobs,
  readStudySettings,
  requestProblems,
  resolveReusable,
  settingsPath,
  type CodeTree,
  type Pipeline,
  type Plan,
} from '@glovebox/pipeline';
import { openReleases } from '@glovebox/repository';
import { CommandFailure } from '../../command-line.js';
import { readStudyFile } from '../pipeline/study-file.js';
import { historyOf, readLocalState, readTrees, type LocalState } from './local-state.js';
import type { Study } from './open-study.js';
import { repositoriesFolder } from './reusable-code.js';
import type { Executor, StandIns } from './executor.js';
import { refuseRequest } from './refuse-request.js';
import { studyTree } from './study-tree.js';

/** Where shared code is looked for, and where what was fetched is kept for the next time. */
const reusableActions = () =>
  openReleases({
    base: process.env['GLOVEBOX_REUSABLE_ACTIONS'] ?? 'https://github.com/opensafely-actions/',
    folder: repositoriesFolder(),
  });

export interface StudyPlan {
  /** With its reusable actions resolved. */
  readonly pipeline: Pipeline;
  readonly plan: Plan;
  readonly state: LocalState;
  /** The files of the study as they are now, and those that earlier runs were made from. */
  readonly tree: CodeTree;
  readonly trees: Map<string, CodeTree>;
  readonly standIns: StandIns;
}

/** @throws CommandFailure with exit code 1 when the request or glovebox.yaml is wrong */
export async function planStudy(
  study: Study,
  requested: readonly string[],
  force: boolean,
  executor: Executor,
): Promise<StudyPlan> {
  const { folder, own } = study;
  const wrong = requestProblems(study.pipeline, requested);
  if (wrong.length > 0) throw refuseRequest(study.pipeline, wrong);
  const policy = { images: allowedImages, reusable: reusableActions() };
  const { pipeline, problems: unresolved } = await resolveReusable(study.pipeline, requested, policy);
  if (unresolved.length > 0) throw new CommandFailure(1, unresolved);
  const settingsFile = join(folder, settingsPath);
  const text = existsSync(settingsFile) ? await readStudyFile(settingsFile) : undefined;
  const { settings, problems } = readStudySettings(text, pipeline);
  if (problems.length > 0) throw new CommandFailure(1, problems);
  const [state, trees, tree, standIns] = await Promise.all([
    readLocalState(own),
    readTrees(own),
    studyTree(folder, pipeline),
    executor.standInsFor(pipeline.actions),
  ]);
  trees.set(tree.digest, tree);
  const runtimeOf = (image: string, tag: string) => standIns.get(`${image}:${tag}`)?.identity ?? null;
  const now = { tree, reads: settings.reads, runtimeOf, dataRelease: null };
  const history = historyOf(state, trees, study);
  const plan = planJobs({ pipeline, requested, force, rule: 'by-content', history, now });
  return { pipeline, plan, state, tree, trees, standIns };
}
