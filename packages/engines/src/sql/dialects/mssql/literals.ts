// How SQL Server spells names and constants. This is the only way for text of a definition into its SQL.
import { ProblemError } from '@glovebox/record';
import { problem } from '../../../problems.js';
import type { LiteralNode } from '../../tree/index.js';
import { integerText, isBeyond32Bits } from '../integer.js';

/** A name in square brackets. */
export function quoteIdentifier(name: string): string {
  if (name.includes('\0')) throw new ProblemError(problem('name-not-usable', []));
  return `[${name.replaceAll(']', ']]')}]`;
}

/**
 * A text constant; the character zero, which would end it, is spliced in. A backslash in front of a line break is kept
 * apart from it: together they would mean that the constant goes on in the next line, and be left out.
 */
function quoteText(text: string): string {
  const quoted = (part: string): string => `N'${part.replaceAll("'", "''")}'`;
  const inLines = (part: string): string =>
    part
      .split(/(?<=\\)(?=\r?\n)/)
      .map(quoted)
      .join(' + ');
  const parts = text.split('\0').map(inLines);
  const joined = parts.join(' + NCHAR(0) + ');
  return joined === quoted(text) ? joined : `(${joined})`;
}

/** The least of 32 bits, which is read as a sign and a number that is too large. */
const leastInteger = -(2n ** 31n);

/** Smaller ones, beside zero, are not in the range of its floats. */
const leastFloat = 2 ** -1022;

/** @throws ProblemError for a float that SQL Server doesn't have. */
export function printLiteral(node: LiteralNode): string {
  switch (node.type) {
    case 'null':
      return 'NULL';
    case 'bool':
      return `CAST(${node.value ? '1' : '0'} AS BIT)`;
    case 'int': {
      // Larger ones would be decimals, which have no bits to compare.
      const text = integerText(node.value);
      return isBeyond32Bits(node.value) || node.value === leastInteger ? `CAST(${text} AS BIGINT)` : text;
    }
    case 'float':
      return floatText(node.value);
    case 'str':
      return quoteText(node.value);
    case 'date':
      return `CAST('${node.value}' AS DATE)`;
  }
}

/** With an exponent, because SQL Server reads `0.1` as a decimal number. */
function floatText(value: number): string {
  const isSubnormal = value !== 0 && Math.abs(value) < leastFloat;
  if (!Number.isFinite(value) || isSubnormal) throw new ProblemError(problem('float-not-storable', ['SQL Server']));
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('e') ? text.replace('e+', 'e') : `${text}e0`;
}
