// Turns source text into lines of classed pieces. One highlighter for the process, made at first use: each costs memory.
// The pieces are plain text, never markup, so they are escaped like any other string when a page shows them.
// Highlighting blocks the process (about 0.2 ms a line), so long text stays plain.
import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';

export interface Piece {
  readonly text: string;
  /** What kind of word it is, as the stylesheet's classes `t-…` spell it; absent for ordinary text. */
  readonly kind?: string;
}

export type Line = readonly Piece[];

/** Longer text is shown without colours. */
export const mostHighlightedCharacters = 60_000;
const longestHighlightedLine = 2000;

const theme = createCssVariablesTheme({ name: 'glovebox', variablePrefix: '--', fontStyle: false });

let highlighter: Promise<HighlighterCore> | undefined;

const start = (): Promise<HighlighterCore> =>
  (highlighter ??= createHighlighterCore({
    engine: createJavaScriptRegexEngine({ forgiving: true }),
    themes: [theme],
    langs: [
      import('shiki/langs/yaml.mjs'),
      import('shiki/langs/python.mjs'),
      import('shiki/langs/r.mjs'),
      import('shiki/langs/sql.mjs'),
      import('shiki/langs/stata.mjs'),
      import('shiki/langs/json.mjs'),
      import('shiki/langs/toml.mjs'),
      import('shiki/langs/shellscript.mjs'),
    ],
  }));

const languages: Readonly<Record<string, string>> = {
  yaml: 'yaml',
  yml: 'yaml',
  py: 'python',
  r: 'r',
  sql: 'sql',
  do: 'stata',
  ado: 'stata',
  json: 'json',
  toml: 'toml',
  sh: 'shellscript',
};

/** The language that a path's ending names, if it is one that is highlighted. */
export const languageOf = (path: string): string | undefined =>
  languages[/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];

const plainLines = (text: string): readonly Line[] => text.split(/\r?\n/).map((line) => [{ text: line }]);

// The theme's colours are `var(--token-keyword)`; what stands between is the kind of word.
const kindOf = (color: string | undefined): string | undefined => /^var\(--token-([a-z-]+)\)$/.exec(color ?? '')?.[1];

/** The text's lines, highlighted when the path names a known language and the text is not too long. */
export async function highlight(text: string, path: string): Promise<readonly Line[]> {
  const whole = text.endsWith('\n') ? text.slice(0, -1) : text;
  const language = languageOf(path);
  if (!language || whole.length > mostHighlightedCharacters) return plainLines(whole);
  const shiki = await start();
  const { tokens } = shiki.codeToTokens(whole, {
    lang: language,
    theme: 'glovebox',
    tokenizeMaxLineLength: longestHighlightedLine,
    tokenizeTimeLimit: 500,
  });
  return tokens.map((line) =>
    line.map(({ content, color }) => {
      const kind = kindOf(color);
      return kind ? { text: content, kind } : { text: content };
    }),
  );
}
