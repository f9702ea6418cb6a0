// What the form offers to somebody: the backends that the person may use, every action of the pipeline at a commit, and what would
// happen to each if the form were sent as it is.
import { entryWords, type PlanEntry, type Problem, ProblemError } from '@glovebox/record';
import { type BackendSummary, listBackends, type Person } from '@glovebox/store';
import { refuse } from '../api/answer.js';
import type { ApiDependencies } from '../api/dependencies.js';
import { mayRun } from '../api/permissions.js';
import { pageProblem } from '../pages/page-problems.js';
import type { FoundWorkspace } from '../requests/find.js';
import type { StudyRead } from '../read-study.js';
import { type Chosen, chosenProblems } from './chosen.js';

export interface OfferedAction {
  readonly name: string;
  readonly command: string;
  readonly needs: readonly string[];
  /** What would happen; null when the choice does not reach it, or can't be planned. */
  readonly entry: PlanEntry | null;
  readonly words: string | null;
}

export interface Offer {
  readonly workspace: FoundWorkspace;
  readonly backends: readonly BackendSummary[];
  /** With the commit that was read in place of none. */
  readonly chosen: Chosen;
  /** Empty when there is no pipeline to choose from. */
  readonly actions: readonly OfferedAction[];
  readonly problems: readonly Problem[];
}

const problemsOf = (error: unknown): readonly Problem[] => {
  if (error instanceof ProblemError) return error.problems;
  throw error;
};

/** Throws a refusal when the person may run nothing of the workspace, or not on the chosen backend. */
export async function makeOffer(
  deps: ApiDependencies,
  person: Person,
  workspace: FoundWorkspace,
  wanted: Chosen,
): Promise<Offer> {
  const all = await listBackends(deps.db);
  const backends = all.filter((backend) => mayRun(person, workspace.project, backend.id));
  const [first] = backends;
  if (!first) throw refuse(403, pageProblem('may-not-request', [person.username, workspace.projectSlug]));
  const backend = wanted.backend === '' ? first : backends.find(({ slug }) => slug === wanted.backend);
  if (!backend) throw refuse(403, pageProblem('form-incomplete', ['The backend']));
  const chosen = { ...wanted, backend: backend.slug };
  const nothing = { workspace, backends, chosen, actions: [] };
  const problems = chosenProblems(chosen);
  if (problems.some(({ code }) => code === 'commit-not-whole')) return { ...nothing, problems };

  let read: StudyRead;
  try {
    const commit = chosen.commit === '' ? undefined : chosen.commit;
    read = await deps.studies.read({ ...workspace, commit, actions: chosen.actions });
  } catch (error) {
    return { ...nothing, problems: problemsOf(error) };
  }
  const planned =
    problems.length > 0 ? { entries: [], problems } : await plan(deps, workspace, backend.id, chosen, read);
  const entries = new Map(planned.entries.map((entry) => [entry.action, entry]));
  const actions = read.study.pipeline.actions.map(({ name, run, needs }) => {
    const entry = entries.get(name) ?? null;
    return { name, command: run, needs, entry, words: entry && entryWords(entry) };
  });
  return { workspace, backends, chosen: { ...chosen, commit: read.commit }, actions, problems: planned.problems };
}

async function plan(
  { controller }: ApiDependencies,
  workspace: FoundWorkspace,
  backend: number,
  { actions, force }: Chosen,
  { study }: StudyRead,
): Promise<{ readonly entries: readonly PlanEntry[]; readonly problems: readonly Problem[] }> {
  try {
    return {
      entries: await controller.preview({ workspace: workspace.id, backend, study, actions, force }),
      problems: [],
    };
  } catch (error) {
    return { entries: [], problems: problemsOf(error) };
  }
}
