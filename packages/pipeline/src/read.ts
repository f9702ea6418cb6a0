// Reads project.yaml text and returns the pipeline, or every problem in it with its place. Accepts what studies written for
// versions 1 to 5 of the format use; nothing here touches a file.
import { nearestName, type Place, type Problem } from '@glovebox/record';
import { findCycles } from './cycles.js';
import { readSource, type Source } from './document.js';
import { firstProblems } from './fewer-problems.js';
import { latestVersion, rulesOf, versionNumber, type VersionRules } from './format-version.js';
import type { Action, Pipeline } from './pipeline.js';
import { problem } from './problems.js';
import { entryOf, readAction, unknownKeys, type ReadAction } from './read-action.js';
import { describe, type MappingNode } from './tree.js';
import { readingWarnings } from './yaml-readings.js';

/** `pipeline` is absent exactly when there are problems; warnings never stop anything. */
export interface ReadPipeline {
  readonly pipeline?: Pipeline;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * @param text the whole file
 * @param path how problems name the file, for example `project.yaml`
 */
export function readPipeline(text: string, path: string): ReadPipeline {
  const source = readSource(text, path);
  const { root, placeOf } = source;
  if (!root && source.problems.length > 0) return { problems: source.problems, warnings: [] };
  const start = placeOf({ range: [0, 0] });
  if (!root || (root.kind === 'scalar' && root.value === null))
    return { problems: [...source.problems, problem('empty-file', [], start)], warnings: [] };
  if (root.kind !== 'mapping') {
    const found = problem('not-a-mapping', ['A project', describe(root)], placeOf(root));
    return { problems: [...source.problems, found], warnings: [] };
  }

  const problems: Problem[] = unknownKeys(root, 'the project', ['version', 'actions', 'expectations'], placeOf);
  const warnings: Problem[] = readingWarnings(root, placeOf);
  const version = readVersion(root, source, start, problems, warnings);
  const rules = rulesOf(version ?? latestVersion);
  const actions = readActions(root, source, start, problems);
  if (rules.ownRunAll)
    for (const read of actions)
      if (read.name === 'run_all') warnings.push(problem('run-all-ignored', [], read.namePlace));
  const ofValues = [
    problems,
    ...actions.map((read) => read.problems),
    actionRules(actions, rules, version ?? latestVersion),
    duplicateRuns(actions),
    rules.uniqueOutputs ? duplicateOutputs(actions) : [],
    needsProblems(actions),
    version === undefined ? [] : expectationsProblems(root, source, start, rules, version),
  ].flat();
  // What stands where the document itself is wrong follows from that.
  const wrong = new Set(source.problems.map(({ place }) => `${place?.line}:${place?.column}`));
  const all = [...source.problems, ...ofValues.filter(({ place }) => !wrong.has(`${place?.line}:${place?.column}`))];

  if (all.length > 0 || version === undefined) return { problems: inFileOrder(all), warnings: inFileOrder(warnings) };
  const read = actions.map((a) => a.action).filter((a): a is Action => a !== undefined);
  return { pipeline: { version, actions: read }, problems: [], warnings: inFileOrder(warnings) };
}

const inFileOrder = (problems: readonly Problem[]): readonly Problem[] =>
  firstProblems(
    [...problems].sort(
      (a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0),
    ),
  );

function readVersion(
  root: MappingNode,
  { placeOf }: Source,
  start: Place,
  problems: Problem[],
  warnings: Problem[],
): number | undefined {
  const entry = entryOf(root, 'version');
  if (!entry || (entry.value.kind === 'scalar' && entry.value.value === null)) {
    problems.push(problem('version-missing', [], entry ? placeOf(entry.keyNode) : start));
    return undefined;
  }
  const place = placeOf(entry.value);
  const version = entry.value.kind === 'scalar' ? versionNumber(entry.value.value) : undefined;
  if (version === undefined) {
    problems.push(problem('version-not-a-number', [describe(entry.value)], place));
    return undefined;
  }
  if (version > latestVersion) {
    problems.push(problem('version-too-new', [String(version)], place));
    return undefined;
  }
  if (version !== latestVersion) warnings.push(problem('version-old', [String(version)], place));
  return version;
}

function readActions(root: MappingNode, { placeOf }: Source, start: Place, problems: Problem[]): ReadAction[] {
  const entry = entryOf(root, 'actions');
  if (!entry || (entry.value.kind === 'scalar' && entry.value.value === null)) {
    problems.push(problem('actions-missing', [], entry ? placeOf(entry.keyNode) : start));
    return [];
  }
  if (entry.value.kind !== 'mapping') {
    problems.push(problem('not-a-mapping', ['`actions`', describe(entry.value)], placeOf(entry.value)));
    return [];
  }
  return entry.value.entries.map((action) => readAction(action, placeOf));
}

function actionRules(actions: readonly ReadAction[], rules: VersionRules, version: number): Problem[] {
  const problems: Problem[] = [];
  for (const { name, namePlace, run } of actions) {
    if (name === 'run_all' && !rules.ownRunAll) problems.push(problem('run-all-reserved', [], namePlace));
    if (!run?.command) continue;
    const { image, tag } = run.command;
    if (!rules.cohortextractor && image.startsWith('cohortextractor'))
      problems.push(problem('cohortextractor-not-supported', [name, String(version)], run.place));
    if (!rules.latestTag && tag === 'latest') problems.push(problem('image-latest', [name, image], run.place));
  }
  return problems;
}

/** Compares the text as written, without config: a blank more makes a different run. */
function duplicateRuns(actions: readonly ReadAction[]): Problem[] {
  const byText = new Map<string, ReadAction[]>();
  for (const read of actions) {
    if (!read.run) continue;
    const same = byText.get(read.run.text);
    if (same) same.push(read);
    else byText.set(read.run.text, [read]);
  }
  return [...byText.values()]
    .filter((same) => same.length > 1)
    .flatMap(([first, ...others]) =>
      others.map((read) => problem('run-duplicate', [read.name, first ? [first.name] : []], read.run?.place)),
    );
}

function duplicateOutputs(actions: readonly ReadAction[]): Problem[] {
  const owner = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { name, patterns } of actions) {
    for (const { pattern, place } of patterns) {
      const other = owner.get(pattern);
      if (other === undefined) owner.set(pattern, name);
      else problems.push(problem('output-not-unique', [pattern, other], place));
    }
  }
  return problems;
}

/** After so many wrong names the nearest right one is no longer looked for. */
const mostSearches = 20;

function needsProblems(actions: readonly ReadAction[]): Problem[] {
  const byName = new Map(actions.map((read) => [read.name, read]));
  // Each search looks at every name, so thousands of wrong ones would take minutes.
  let searches = 0;
  const nearest = (name: string) => (searches++ < mostSearches ? nearestName(name, byName.keys()) : undefined);
  const unknown = actions.flatMap(({ name, needs }) =>
    needs
      .filter((need) => !byName.has(need.name))
      .map((need) => problem('unknown-need', [name, need.name, nearest(need.name)], need.place)),
  );
  const cycles = findCycles(new Map(actions.map((read) => [read.name, read.needs.map((need) => need.name)])));
  return [...unknown, ...cycles.map((path) => problem('cycle', [path], byName.get(path[0] ?? '')?.namePlace))];
}

function expectationsProblems(
  root: MappingNode,
  { placeOf }: Source,
  start: Place,
  rules: VersionRules,
  version: number,
): Problem[] {
  const entry = entryOf(root, 'expectations');
  const isAbsent = !entry || (entry.value.kind === 'scalar' && entry.value.value === null);
  if (rules.expectations === 'ignored') return [];
  if (rules.expectations === 'forbidden') {
    return entry && !isAbsent ? [problem('expectations-not-supported', [String(version)], placeOf(entry.keyNode))] : [];
  }
  if (!entry || isAbsent) return [problem('expectations-missing', [], entry ? placeOf(entry.keyNode) : start)];
  if (entry.value.kind !== 'mapping')
    return [problem('not-a-mapping', ['`expectations`', describe(entry.value)], placeOf(entry.value))];
  const size = entryOf(entry.value, 'population_size');
  const problems = unknownKeys(entry.value, '`expectations`', ['population_size'], placeOf);
  if (!size) return [...problems, problem('population-size-missing', [], placeOf(entry.keyNode))];
  const isWhole =
    size.value.kind === 'scalar' &&
    (typeof size.value.value === 'bigint' ||
      typeof size.value.value === 'boolean' ||
      (typeof size.value.value === 'number' && Number.isFinite(size.value.value)) ||
      (typeof size.value.value === 'string' && /^\s*[+-]?\d+(_\d+)*\s*$/.test(size.value.value)));
  return isWhole
    ? problems
    : [...problems, problem('population-size-not-a-number', [describe(size.value)], placeOf(size.value))];
}
