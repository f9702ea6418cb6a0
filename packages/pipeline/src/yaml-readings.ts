// Warns of unquoted text that readers of YAML 1.1 take for something else than readers of YAML 1.2, such as this one.
import type { Problem } from '@glovebox/record';
import type { Source } from './document.js';
import { problem } from './problems.js';
import type { ScalarNode, TreeNode } from './tree.js';

const truth = /^(y|yes|n|no|on|off)$/i;
const sexagesimal = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/;
const octal = /^[-+]?0[0-7_]+$/;
/** Decimal with a leading zero, or octal as only the newer readers write it. */
const notANumber = /^[-+]?(0[0-9_]*[89][0-9_]*|0o[0-7_]+)$/;
/** An exponent without a point before it or without a sign. */
const exponent = /^[-+]?([0-9][0-9_]*[eE][-+]?[0-9]+|([0-9][0-9_]*\.[0-9_]*|\.[0-9_]+)[eE][0-9]+)$/;

function olderReading({ plain = '', value }: ScalarNode): string | undefined {
  if (typeof value === 'string') {
    if (truth.test(plain)) return 'a truth value';
    if (sexagesimal.test(plain)) return 'a number in base 60';
    return undefined;
  }
  if (typeof value === 'bigint') {
    if (octal.test(plain))
      return Number(value) === parseInt(plain.replaceAll('_', ''), 8) ? undefined : 'a number in base 8';
    return notANumber.test(plain) ? 'text' : undefined;
  }
  return typeof value === 'number' && exponent.test(plain) ? 'text' : undefined;
}

const describeNumber = ({ value }: ScalarNode): string =>
  `the number ${typeof value === 'bigint' || typeof value === 'number' ? value : ''}`;

export function readingWarnings(root: TreeNode, placeOf: Source['placeOf']): Problem[] {
  const warnings: Problem[] = [];
  // What aliases stand for turns up again and again.
  const seen = new Set<number>();
  const stack: TreeNode[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.kind === 'list') for (const item of node.items) stack.push(item);
    else if (node.kind === 'mapping') for (const entry of node.entries) stack.push(entry.keyNode, entry.value);
    else {
      const older = node.plain === undefined ? undefined : olderReading(node);
      if (older === undefined || seen.has(node.range[0])) continue;
      seen.add(node.range[0]);
      const here = typeof node.value === 'string' ? 'text' : describeNumber(node);
      warnings.push(problem('yaml-readings-differ', [node.plain ?? '', here, older], placeOf(node)));
    }
  }
  return warnings;
}
