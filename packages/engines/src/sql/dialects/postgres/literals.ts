// How PostgreSQL spells names and constants. This is the only way for text of a definition into its SQL. It reads a
// backslash as itself only while `standard_conforming_strings` is on, which the driver sees to.
import { ProblemError } from '@glovebox/record';
import { problem } from '../../../problems.js';
import type { LiteralNode } from '../../tree/index.js';
import { quoteIdentifier } from '../duckdb/literals.js';
import { integerText } from '../integer.js';

export { quoteIdentifier };

/** @throws ProblemError for the character zero, which PostgreSQL has no place for in texts. */
export function quoteText(text: string): string {
  if (text.includes('\0')) throw new ProblemError(problem('text-not-storable', ['PostgreSQL']));
  return `'${text.replaceAll("'", "''")}'`;
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
      return `FLOAT8 '${floatText(node.value)}'`;
    case 'str':
      return quoteText(node.value);
    case 'date':
      return `DATE ${quoteText(node.value)}`;
  }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Object.is(value, -0) ? '-0' : String(value);
}
