// Makes a job request for somebody, whether a program or a form asks for it.
import { type CreatedRequest, controllerProblem } from '@glovebox/controller';
import type { Person } from '@glovebox/store';
import { refuse } from '../api/answer.js';
import type { ApiDependencies } from '../api/dependencies.js';
import { mayRun } from '../api/permissions.js';
import { findBackend, type FoundWorkspace } from './find.js';

export interface Wanted {
  /** Slug. */
  readonly backend: string;
  /** The branch's newest when absent. */
  readonly commit?: string | undefined;
  readonly actions: readonly string[];
  readonly force: boolean;
}

/**
 * Throws a refusal when the person may not, and ProblemError with everything that is wrong with the study or the request.
 *
 * @param identifier decides whether this is a repetition
 */
export async function makeRequest(
  { db, controller, studies }: ApiDependencies,
  person: Person,
  workspace: FoundWorkspace,
  wanted: Wanted,
  identifier: string,
): Promise<CreatedRequest> {
  const backend = await findBackend(db, wanted.backend);
  if (!mayRun(person, workspace.project, backend)) {
    const names = [person.username, workspace.projectSlug, wanted.backend] as const;
    throw refuse(403, controllerProblem('may-not-run', [...names]));
  }
  const { commit, actions, force } = wanted;
  return controller.createJobRequest({
    ...(await studies.read({ ...workspace, commit, actions })),
    identifier,
    workspace: workspace.id,
    backend,
    person: person.id,
    actions: [...new Set(actions)],
    force,
  });
}
