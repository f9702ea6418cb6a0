// JSON between programs without losing digits: JavaScript reads 9007199254740993 as ...992, and patient ids can be that
// large. Python writes NaN and Infinity as they are; those are understood too.
import type { Nullable, SeriesType } from '@glovebox/language';
import { pythonFloat } from '@glovebox/engines';

/** Text and numbers, each whole: the digits behind a point are no int. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const isLong = /^-?\d{16,}$/;
const named: Readonly<Record<string, string>> = { NaN: '"nan"', Infinity: '"inf"', '-Infinity': '"-inf"' };

/** Parses JSON; whole numbers of 16 digits or more come back as text, NaN and infinities as `nan`, `inf`, `-inf`. */
export function parseExactly(text: string): unknown {
  const quoted = (token: string): string => named[token] ?? (isLong.test(token) ? `"${token}"` : token);
  return JSON.parse(text.replace(tokens, (token) => (token.startsWith('"') ? token : quoted(token))));
}

/** A value as JSON text: ints with all digits, floats with a point or exponent. */
export function exactJson(value: Nullable, type: SeriesType): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number') return JSON.stringify(value);
  const text = pythonFloat(value);
  return type === 'float' && !Number.isFinite(value) ? `"${text}"` : text;
}
