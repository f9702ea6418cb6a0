// How Trino spells names and constants. This is the only way for text of a definition into its SQL.
import type { LiteralNode } from '../../tree/index.js';
import { quoteIdentifier, quoteText } from '../duckdb/literals.js';
import { integerText, isBeyond32Bits } from '../integer.js';

export { quoteIdentifier };

export function printLiteral(node: LiteralNode): string {
  switch (node.type) {
    case 'null':
      return 'NULL';
    case 'bool':
      return node.value ? 'TRUE' : 'FALSE';
    case 'int': {
      const text = integerText(node.value);
      return isBeyond32Bits(node.value) ? `BIGINT '${text}'` : text;
    }
    case 'float':
      return floatText(node.value);
    case 'str':
      return quoteText(node.value);
    case 'date':
      return `DATE ${quoteText(node.value)}`;
  }
}

/** With an exponent, because Trino reads `0.1` as a decimal number. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan()';
  if (!Number.isFinite(value)) return value > 0 ? 'infinity()' : '-infinity()';
  const text = Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e');
  return text.includes('e') ? text.replace('e', 'E') : `${text}E0`;
}
