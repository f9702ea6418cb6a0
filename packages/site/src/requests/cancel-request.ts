// Cancels the open jobs of a request for somebody, whether a program or a button asks for it.
import { controllerProblem } from '@glovebox/controller';
import type { Person } from '@glovebox/store';
import { refuse } from '../api/answer.js';
import type { ApiDependencies } from '../api/dependencies.js';
import { mayCancel } from '../api/permissions.js';
import { problem } from '../api/problems.js';

export interface ToCancel {
  /** Row number. */
  readonly workspace: number;
  /** As the address spells it. */
  readonly number: string;
  /** All when absent. */
  readonly actions?: readonly string[] | undefined;
}

/** @returns how many jobs it ended. Throws a refusal when there is no such request or the person may not. */
export async function cancelRequest(
  { db, controller }: ApiDependencies,
  person: Person,
  { workspace, number: text, actions }: ToCancel,
): Promise<number> {
  const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
  const found = await db
    .selectFrom('job_requests')
    .select('requested_by')
    .where('number', '=', number)
    .where('workspace', '=', workspace)
    .executeTakeFirst();
  if (!found) throw refuse(404, controllerProblem('unknown-job-request', [number]));
  if (!mayCancel(person, found.requested_by)) {
    throw refuse(403, problem('not-allowed', [person.username, `cancel job request ${number}`]));
  }
  return controller.cancel({ request: number, person: person.id, ...(actions ? { actions } : {}) });
}
