// Text is compared by Unicode code point everywhere. JavaScript's `<` compares UTF-16 units, which puts characters
// beyond U+FFFF before some that are below it.

/** Negative, zero or positive as `a` comes before, is, or comes after `b`. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others, so they must rank above U+E000 to U+FFFF. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
