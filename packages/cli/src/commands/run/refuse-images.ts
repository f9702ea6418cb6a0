// Refuses, before anything runs, actions for whose image nothing stands here, and says what to do instead.
import { defaultRuntimes } from '@glovebox/execution';
import type { Action } from '@glovebox/pipeline';
import { insteadOf, type Problem } from '@glovebox/record';
import { imagePrefix, type ExecutorName, type StandIns } from './executor.js';
import { problem } from './problems.js';

/** Images that can be had with Docker; what the others did, ehrQL does. */
const pulled: ReadonlySet<string> = new Set(['python', 'r', 'stata-mp', 'jupyter']);

/** The licence goes only to actions that run Stata. */
export const licenceFor = (image: string): Readonly<Record<string, string>> => {
  const licence = process.env['STATA_LICENSE'];
  return image === 'stata-mp' && licence ? { STATA_LICENSE: licence } : {};
};

/** @returns a problem for each image that is missing, with the actions that need it */
export function imageProblems(
  jobs: readonly { readonly action: Action }[],
  standIns: StandIns,
  executor: ExecutorName,
): Problem[] {
  const needing = new Map<string, string[]>();
  const problems: Problem[] = [];
  for (const { action } of jobs) {
    const name = `${action.image}:${action.tag}`;
    if (action.image === 'ehrql') continue;
    if (!standIns.has(name)) needing.set(name, [...(needing.get(name) ?? []), action.name]);
    else if (action.image === 'stata-mp' && !licenceFor('stata-mp')['STATA_LICENSE'])
      problems.push(problem('stata-licence-missing', [action.name]));
  }
  for (const [name, actions] of needing) {
    const image = name.split(':')[0] ?? '';
    const program = Object.hasOwn(defaultRuntimes, image) ? defaultRuntimes[image] : undefined;
    if (executor === 'docker' && pulled.has(image))
      problems.push(problem('image-not-pulled', [name, actions, imagePrefix()]));
    else if (program !== undefined) problems.push(problem('interpreter-missing', [name, actions, program]));
    else problems.push(problem('image-not-offered', [name, actions, insteadOf[image] ?? '']));
  }
  return problems;
}
