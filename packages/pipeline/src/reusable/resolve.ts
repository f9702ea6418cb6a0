// Resolves reusable actions: an action whose image is not one of the allowed images names a repository of shared code instead,
// and its version a release of it. The release must be merged to that repository's main branch, because anybody can have a
// tag made; its action.yaml says in which image it runs and with which words. It then runs on its own code, with the outputs
// of needed actions and nothing else of the study, and may never query the database.
import type { Place, Problem } from '@glovebox/record';
import { readSource } from '../document.js';
import { usesDatabase } from '../extraction-rules.js';
import { allActions, closureOf } from '../order.js';
import type { Action, Pipeline } from '../pipeline.js';
import { problem } from '../problems.js';
import { entryOf } from '../read-action.js';
import { splitRun } from '../run-words.js';
import { describe } from '../tree.js';

/** Images that studies were written for. The last two are there to be planned; a backend says what to use instead. */
export const allowedImages = [
  'ehrql',
  'r',
  'python',
  'stata-mp',
  'jupyter',
  'sqlrunner',
  'cohortextractor',
  'databuilder',
] as const;

export type FoundRelease =
  | {
      readonly found: 'release';
      readonly repository: string;
      readonly commit: string;
      readonly actionYaml: string | null;
    }
  | { readonly found: 'no-repository' | 'no-release' | 'not-merged'; readonly repository: string };

/** Where reusable actions are looked for. */
export interface ReusableActions {
  find(name: string, release: string): Promise<FoundRelease>;
}

export interface ImagePolicy {
  readonly images: readonly string[];
  /** null where there are none. */
  readonly reusable: ReusableActions | null;
}

const plainName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

/**
 * @param requested only these actions and what they need are looked at, so that one that nobody asks for stops nothing
 * @returns the pipeline with those actions resolved, and every problem
 */
export async function resolveReusable(
  pipeline: Pipeline,
  requested: readonly string[],
  { images, reusable }: ImagePolicy,
): Promise<{ readonly pipeline: Pipeline; readonly problems: readonly Problem[] }> {
  const names = requested.includes('run_all') ? allActions(pipeline) : requested;
  const reached = closureOf(pipeline, names);
  const releases = new Map<string, Promise<FoundRelease>>();
  const problems: Problem[] = [];

  async function resolve(action: Action): Promise<Action> {
    const { name, image, tag, line } = action;
    if (images.includes(image) || !reached.has(name)) return action;
    const place = { path: 'project.yaml', line };
    if (!reusable) problems.push(problem('image-not-allowed', [name, image, images], place));
    else if (!plainName.test(image)) problems.push(problem('reusable-name-wrong', [name, image], place));
    else {
      const known = releases.get(`${image}:${tag}`) ?? reusable.find(image, tag);
      releases.set(`${image}:${tag}`, known);
      const release = await known;
      const resolved = useRelease(action, release, images, place);
      if ('message' in resolved) problems.push(resolved);
      else return resolved;
    }
    return action;
  }
  const actions: Action[] = [];
  for (const action of pipeline.actions) actions.push(await resolve(action));
  return { pipeline: { ...pipeline, actions }, problems };
}

function useRelease(action: Action, release: FoundRelease, images: readonly string[], place: Place): Action | Problem {
  const { name, image, tag } = action;
  const { repository } = release;
  if (release.found === 'no-repository') return problem('reusable-missing', [name, image, repository], place);
  if (release.found === 'no-release') return problem('reusable-release-missing', [name, image, tag, repository], place);
  if (release.found !== 'release') return problem('reusable-not-approved', [name, image, tag], place);
  const { actionYaml, commit } = release;
  if (actionYaml === null) return problem('reusable-without-action', [name, `${image}:${tag}`, repository], place);
  const wrong = (found: string) =>
    problem('reusable-action-wrong', [name, `${image}:${tag}`, found, repository], place);
  const { root, problems } = readSource(actionYaml, 'action.yaml');
  if (problems.length > 0 || root?.kind !== 'mapping') return wrong('is not a YAML mapping');
  const run = entryOf(root, 'run')?.value;
  if (!run) return wrong('has no `run`');
  if (run.kind !== 'scalar' || typeof run.value !== 'string') return wrong(`has a \`run\` that is ${describe(run)}`);
  const split = splitRun(run.value);
  const [first, ...words] = 'words' in split ? split.words : [];
  const [runtime = '', version = '', ...rest] = (first ?? '').split(':');
  if (version === '' || rest.length > 0) return wrong('has a `run` that does not begin with an image and its version');
  if (!images.includes(runtime)) return wrong(`runs in the image \`${runtime}\`, which is not offered`);
  const args = [...words, ...action.args];
  // The caller's words count too: they could complete a command that queries the database.
  if (usesDatabase(runtime, args)) return wrong('would query the database, which a reusable action may not');
  return { ...action, image: runtime, tag: version, args, usesDatabase: false, code: { repository, commit } };
}
