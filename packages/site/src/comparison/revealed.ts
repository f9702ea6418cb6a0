// Characters that change how text looks without being seen (direction marks, zero-width spaces, control codes) are spelled
// out, so that code on a page reads the way it runs.

const hidden = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** @example revealed('a\u202eb') // 'a⟨U+202E⟩b' */
export const revealed = (text: string): string =>
  text.replace(hidden, (c) => `⟨U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
