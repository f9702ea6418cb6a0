// Turns source text into lines of classed pieces. One highlighter for the process, made at first use: each costs memory.
// The pieces are plain text, never markup, so they are escaped like any other string when a page shows them.
// Highlighting blocks the process (about 0.2 ms a line), so long text stays plain.
import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import { digestOf, kept } from './kept.js';

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

// Grammars are read when first needed: most pages show YAML only.
const grammars = {
  yaml: () => import('shiki/langs/yaml.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  r: () => import('shiki/langs/r.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  stata: () => import('shiki/langs/stata.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  toml: () => import('shiki/langs/toml.mjs'),
  shellscript: () => import('shiki/langs/shellscript.mjs'),
} as const;
type Language = keyof typeof grammars;

let highlighter: Promise<HighlighterCore> | undefined;

async function highlighterFor(language: Language): Promise<HighlighterCore> {
  highlighter ??= createHighlighterCore({
    engine: createJavaScriptRegexEngine({ forgiving: true }),
    themes: [theme],
    langs: [],
  });
  const shiki = await highlighter;
  if (!shiki.getLoadedLanguages().includes(language)) await shiki.loadLanguage(grammars[language]());
  return shiki;
}

const languages: Readonly<Record<string, Language>> = {
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
export const languageOf = (path: string): Language | undefined =>
  languages[/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];

const plainLines = (text: string): readonly Line[] => text.split(/\r?\n/).map((line) => [{ text: line }]);

// The theme's colours are `var(--token-keyword)`; what stands between is the kind of word.
const kindOf = (color: string | undefined): string | undefined => /^var\(--token-([a-z-]+)\)$/.exec(color ?? '')?.[1];

async function highlightNow(text: string, language: Language): Promise<readonly Line[]> {
  const shiki = await highlighterFor(language);
  const { tokens } = shiki.codeToTokens(text, {
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

// By content: most requests of a workspace repeat a project.yaml that was highlighted before.
const keptLines = kept<Promise<readonly Line[]>>(100);

/** The text's lines, highlighted when the path names a known language and the text is not too long. */
export async function highlight(text: string, path: string): Promise<readonly Line[]> {
  const whole = text.endsWith('\n') ? text.slice(0, -1) : text;
  const language = languageOf(path);
  if (!language || whole.length > mostHighlightedCharacters) return plainLines(whole);
  return keptLines(digestOf(language, whole), () => highlightNow(whole, language));
}
