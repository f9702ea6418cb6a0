// A text that matches one of the patterns by which tables constrain text columns: literal characters, classes, groups and
// counts. Anything else in a pattern is a fault in the table's facts.
import type { Draw } from './random.js';

/**
 * @example
 * textMatching('E020[0-9]{5}', drawsOf('seed')); // 'E02039481'
 */
export function textMatching(pattern: string, draw: Draw): string {
  let at = 0;
  const alternatives = (): string => {
    const choices = [''];
    while (at < pattern.length && pattern[at] !== ')') {
      if (pattern[at] === '|') {
        at++;
        choices.push('');
      } else {
        choices[choices.length - 1] += repeated(one());
      }
    }
    return draw.from(choices)!;
  };
  const one = (): (() => string) => {
    const character = pattern[at++]!;
    if (character === '[') {
      const end = pattern.indexOf(']', at);
      const members = classMembers(pattern.slice(at, end));
      at = end + 1;
      return () => draw.from(members)!;
    }
    if (character === '(') {
      const start = at;
      alternatives();
      const end = at++;
      const inner = pattern.slice(start, end);
      return () => textMatching(inner, draw);
    }
    if (character === '\\') {
      const escaped = pattern[at++]!;
      return () => (escaped === 'd' ? String(draw.below(10)) : escaped);
    }
    if ('^$.*+?{'.includes(character)) throw new Error(`the pattern ${pattern} has an unexpected ${character}`);
    return () => character;
  };
  const repeated = (make: () => string): string => {
    const counts = /^(?:\{(\d+)(?:,(\d*))?\}|([*+?]))/.exec(pattern.slice(at));
    if (!counts) return make();
    at += counts[0].length;
    const [, exact, most, sign] = counts;
    const low = sign === undefined ? Number(exact) : sign === '+' ? 1 : 0;
    const high =
      sign === undefined
        ? most === undefined
          ? low
          : most === ''
            ? low + 5
            : Number(most)
        : sign === '?'
          ? 1
          : low + 5;
    return Array.from({ length: low + draw.below(high - low + 1) }, make).join('');
  };
  return alternatives();
}

function classMembers(body: string): string[] {
  const members: string[] = [];
  for (let i = 0; i < body.length; i++) {
    if (body[i + 1] === '-' && i + 2 < body.length) {
      for (let code = body.charCodeAt(i); code <= body.charCodeAt(i + 2); code++)
        members.push(String.fromCharCode(code));
      i += 2;
    } else members.push(body[i]!);
  }
  return members;
}
