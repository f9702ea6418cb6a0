// Characters that change how text looks without being seen (direction marks, zero-width spaces, control codes) are spelled
// out, so that code on a page reads the way it runs.

// eslint-disable-next-line no-control-regex
const hidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** @example revealed('a\u202eb') // 'a⟨U+202E⟩b' */
export const revealed = (text: string): string =>
  text.replace(hidden, (c) => `⟨U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
