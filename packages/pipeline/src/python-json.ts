// Writes `config` as the JSON text that an action gets: the spelling of Python's json module (a blank after `,` and `:`,
// ASCII only), since scripts compare and log it, with every apostrophe escaped.
import type { ScalarNode, TreeNode } from './tree.js';

/** Values that JSON has no form for; `found` says what they are. */
export class NotJson extends Error {
  readonly node: TreeNode;
  readonly found: string;
  constructor(node: TreeNode, found: string) {
    super(found);
    this.node = node;
    this.found = found;
  }
}

const text = (value: string): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

function float(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) && magnitude < 1e16) return `${Object.is(value, -0) ? '-0' : value}.0`;
  const shortest = magnitude >= 1e16 || (magnitude !== 0 && magnitude < 1e-4) ? value.toExponential() : String(value);
  return shortest.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** @throws NotJson for a date */
function json(node: TreeNode): string {
  if (node.kind === 'list') return `[${node.items.map(json).join(', ')}]`;
  if (node.kind === 'mapping')
    return `{${node.entries.map(({ keyNode, value }) => `${text(keyText(keyNode))}: ${json(value)}`).join(', ')}}`;
  return typeof node.value === 'string' ? text(node.value) : keyText(node);
}

/** What a key that is no text becomes: the spelling of the value that it is, not as it was written. */
function keyText(node: ScalarNode): string {
  const { value } = node;
  if (typeof value === 'number') return float(value);
  if (typeof value === 'object' && value !== null) throw new NotJson(node, `the date \`${value.date}\``);
  return String(value);
}

/**
 * @example configJson(mapping of bins: 10) // '{"bins": 10}'
 * @throws NotJson
 */
export const configJson = (node: TreeNode): string => json(node).replaceAll("'", String.raw`\u0027`);

/**
 * The same value for programs: numbers as JavaScript has them.
 * @throws NotJson
 */
export function plainValue(node: TreeNode): unknown {
  if (node.kind === 'list') return node.items.map(plainValue);
  if (node.kind === 'mapping')
    return Object.fromEntries(node.entries.map(({ keyNode, value }) => [keyText(keyNode), plainValue(value)]));
  return typeof node.value === 'bigint' ? Number(node.value) : node.value;
}
