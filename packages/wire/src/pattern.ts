// Regular expressions that staff write, matched in time that grows with the text and the pattern and not with what they make
// of one another: no look-around, no references back. The whole text must match, and case counts.
import { RE2JS } from 're2js';

export type Pattern = (text: string) => boolean;

/**
 * @returns undefined when the text is no such expression
 * @example
 * readPattern('generate_.*')?.('generate_table'); // true
 */
export function readPattern(text: string): Pattern | undefined {
  try {
    const compiled = RE2JS.compile(text);
    return (subject) => compiled.testExact(subject);
  } catch {
    return undefined;
  }
}
