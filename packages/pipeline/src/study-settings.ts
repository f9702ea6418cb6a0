// Reads glovebox.yaml, which a study may have beside its project.yaml: what an action reads, where the usual rule would have it
// run again too often or too seldom.
//
//   reads:
//     plot: [analysis/plot.R, lib/**/*.R, output_spec/*.csv]
import { nearestName, type Problem } from '@glovebox/record';
import { readSource } from './document.js';
import { firstProblems } from './fewer-problems.js';
import type { Pipeline } from './pipeline.js';
import { problem } from './problems.js';
import { entryOf, unknownKeys } from './read-action.js';
import { describe, type TreeNode } from './tree.js';

export interface StudySettings {
  /** Action name to the patterns of what it reads. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
}

export const settingsPath = 'glovebox.yaml';
export const noSettings: StudySettings = { reads: new Map() };

const leadsOut = (pattern: string): boolean =>
  pattern === '' ||
  pattern.startsWith('/') ||
  pattern.includes('\\') ||
  pattern.split('/').some((part) => part === '..' || part === '.' || part === '');

/** @param text undefined when the study has no such file */
export function readStudySettings(
  text: string | undefined,
  { actions }: Pipeline,
): { readonly settings: StudySettings; readonly problems: readonly Problem[] } {
  const source = readSource(text ?? '', settingsPath);
  const { root, placeOf } = source;
  const isEmpty = !root || (root.kind === 'scalar' && root.value === null);
  if (source.problems.length > 0 || isEmpty) return { settings: noSettings, problems: firstProblems(source.problems) };
  const refuse = (found: Problem) => ({ settings: noSettings, problems: [found] });
  if (root.kind !== 'mapping')
    return refuse(problem('not-a-mapping', ['glovebox.yaml', describe(root)], placeOf(root)));
  const problems = unknownKeys(root, 'glovebox.yaml', ['reads'], placeOf);
  const node = entryOf(root, 'reads')?.value;
  if (!node) return { settings: noSettings, problems };
  if (node.kind !== 'mapping') return refuse(problem('not-a-mapping', ['`reads`', describe(node)], placeOf(node)));

  const names = new Set(actions.map(({ name }) => name));
  const reads = new Map<string, readonly string[]>();
  for (const { key, keyNode, value } of node.entries) {
    if (!names.has(key)) {
      problems.push(problem('unknown-reads-action', [key, nearestName(key, names)], placeOf(keyNode)));
    } else if (value.kind === 'list')
      reads.set(
        key,
        value.items.flatMap((item) => patternOf(item)),
      );
    else
      problems.push(
        problem('wrong-type', [`\`reads\` of action \`${key}\``, 'a list of paths', describe(value)], placeOf(value)),
      );
  }
  return { settings: { reads }, problems: firstProblems(problems) };

  function patternOf(item: TreeNode): string[] {
    const pattern = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : undefined;
    if (pattern !== undefined && !leadsOut(pattern)) return [pattern];
    problems.push(problem('reads-pattern-wrong', [describe(item)], placeOf(item)));
    return [];
  }
}
