// Values on their way to PostgreSQL and back, both as text: numbers of 64 bits and dates stay exact.
import type { Nullable } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import type { SqlType } from '../sql/tree/index.js';

/** A field of a row, as text from the server, as a value. */
export function valueOf(text: string | null, type: SqlType): Nullable {
  if (text === null) return null;
  switch (type) {
    case 'bool':
      return text === 't';
    case 'int':
    case 'int32':
      return BigInt(text);
    case 'float':
      return floatOf(text);
    default:
      return text;
  }
}

/** PostgreSQL writes infinity as JavaScript does, and the shortest text that gives the same float. */
const floatOf = (text: string): number => (text === 'NaN' ? NaN : Number(text));

/** A value as text for the server. */
export function textOf(value: Nullable): string | null {
  if (value === null) return null;
  if (typeof value === 'string' && value.includes('\0')) {
    throw new ProblemError(problem('text-not-storable', ['PostgreSQL']));
  }
  return Object.is(value, -0) ? '-0' : String(value);
}
