// Warns of unquoted text that YAML 1.1 readers take for a truth value or a number, while it is text (or another number) here.
import type { Problem } from '@glovebox/record';
import type { Source, TreeNode } from './document.js';
import { problem } from './problems.js';

const truth = /^(y|yes|n|no|on|off)$/i;
const sexagesimal = /^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/;
const oldOctal = /^[-+]?0[0-7_]+$/;

function olderReading(plain: string): string | undefined {
  if (truth.test(plain)) return 'a truth value';
  if (sexagesimal.test(plain)) return 'a number in base 60';
  if (oldOctal.test(plain)) return 'a number in base 8';
  return undefined;
}

export function readingWarnings(root: TreeNode, placeOf: Source['placeOf']): Problem[] {
  const warnings: Problem[] = [];
  const stack: TreeNode[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.kind === 'list') stack.push(...node.items);
    else if (node.kind === 'mapping') for (const entry of node.entries) stack.push(entry.keyNode, entry.value);
    else {
      const older = node.plain === undefined ? undefined : olderReading(node.plain);
      if (older !== undefined) warnings.push(problem('yaml-readings-differ', [node.plain ?? '', older], placeOf(node)));
    }
  }
  return warnings;
}
