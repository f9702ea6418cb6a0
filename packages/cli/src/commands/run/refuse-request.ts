// Refuses a request for actions that a study does not have, and says which it has.
import type { Pipeline } from '@glovebox/pipeline';
import type { Problem } from '@glovebox/record';
import { CommandFailure } from '../../command-line.js';

/** @param problems what the planner found */
export function refuseRequest({ actions }: Pipeline, problems: readonly Problem[]): CommandFailure {
  const names = ['run_all (runs all actions in project)', ...actions.map(({ name }) => name)];
  const valid = `The actions of this study are:\n${names.map((name) => `  ${name}`).join('\n')}`;
  return new CommandFailure(1, [
    ...problems.slice(0, -1),
    ...problems.slice(-1).map((problem) => ({ ...problem, message: `${problem.message} ${valid}` })),
  ]);
}
