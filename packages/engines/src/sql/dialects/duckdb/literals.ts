// How DuckDB spells names and constants. This is the only way for text of a definition into its SQL.
import { ProblemError } from '@glovebox/record';
import { problem } from '../../../problems.js';
import type { LiteralNode } from '../../tree/index.js';
import { integerText } from '../integer.js';

/** A name in double quotes. */
export function quoteIdentifier(name: string): string {
  if (name.includes('\0')) throw new ProblemError(problem('name-not-usable', []));
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text constant; the character zero, which SQL text can't hold, is spliced in. */
export function quoteText(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || chr(0) || ')})`;
}

export function printLiteral(node: LiteralNode): string {
  switch (node.type) {
    case 'null':
      return 'NULL';
    case 'bool':
      return node.value ? 'TRUE' : 'FALSE';
    case 'int':
      return integerText(node.value);
    case 'float':
      return printFloat(node.value);
    case 'str':
      return quoteText(node.value);
    case 'date':
      return `DATE ${quoteText(node.value)}`;
  }
}

/** With an exponent, because DuckDB reads `0.1` as a decimal number. */
function printFloat(value: number): string {
  if (!Number.isFinite(value)) return `CAST('${Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'}' AS DOUBLE)`;
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('e') ? text : `${text}e0`;
}
