// The summary of a comparison in words, one sentence a finding, most telling first.
import { count, inWords } from '@glovebox/ui';
import type { ComparisonSummary } from './summary.js';

const mostNamed = 6;

/** The names, or the first few and how many more. */
const named = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? inWords(names)
    : inWords([...names.slice(0, mostNamed - 1), count(names.length - mostNamed + 1, 'other')]);

function aboutActions(actions: ComparisonSummary['actions']): readonly string[] {
  if (actions === null)
    return ['The pipelines were not compared, because project.yaml of one of the two commits is not valid.'];
  const { added, removed, changed } = actions;
  return [
    ...(changed.length > 0
      ? [
          `${count(changed.length, 'action')} changed in project.yaml: ${named(
            changed.map(({ name, parts }) => `${name} (${inWords(parts)})`),
          )}.`,
        ]
      : []),
    ...(added.length > 0 ? [`${count(added.length, 'action')} added: ${named(added)}.`] : []),
    ...(removed.length > 0 ? [`${count(removed.length, 'action')} removed: ${named(removed)}.`] : []),
  ];
}

function aboutScripts(scripts: ComparisonSummary['scripts']): readonly string[] {
  if (scripts.length === 0) return [];
  const actions = [...new Set(scripts.map((s) => s.action))];
  return [
    `The code that ${count(actions.length, 'action')} ${actions.length === 1 ? 'runs' : 'run'} changed: ${named(actions)}.`,
  ];
}

const aboutCodelists = (codelists: ComparisonSummary['codelists']): readonly string[] =>
  codelists.map(({ path, gained, lost }) => {
    const name = path.replace(/^codelists\//, '').replace(/\.csv$/, '');
    if (gained === 0 && lost === 0) return `The codelist ${name} changed, but its codes did not.`;
    const parts = [
      ...(gained > 0 ? [`gained ${count(gained, 'code')}`] : []),
      ...(lost > 0 ? [`lost ${count(lost, 'code')}`] : []),
    ];
    return `The codelist ${name} ${inWords(parts)}.`;
  });

/** @returns at least one sentence */
export function sentencesOf(summary: ComparisonSummary): readonly string[] {
  const { otherFiles } = summary;
  const found = [
    ...aboutActions(summary.actions),
    ...aboutScripts(summary.scripts),
    ...aboutCodelists(summary.codelists),
    ...(otherFiles.length > 0 ? [`${count(otherFiles.length, 'other file')} changed: ${named(otherFiles)}.`] : []),
  ];
  return found.length > 0 ? found : ['No file changed.'];
}
