// Splits a `run` text into words as a POSIX shell quotes them, and does nothing else that a shell does: no variables, no
// patterns, no pipes, no comments. Line breaks are blanks like any other.

export type RunWords =
  | { readonly words: readonly string[] }
  | { readonly error: 'unclosed-quote'; readonly quote: string; readonly offset: number }
  | { readonly error: 'trailing-backslash'; readonly offset: number };

/** @example splitRun(`r:v2 analysis/a.R --name "two words"`) // { words: ['r:v2', 'analysis/a.R', '--name', 'two words'] } */
export function splitRun(run: string): RunWords {
  const words: string[] = [];
  let word: string | undefined;
  let quote: { readonly mark: string; readonly offset: number } | undefined;
  for (let i = 0; i < run.length; i++) {
    const char = run.charAt(i);
    if (quote) {
      if (char === quote.mark) quote = undefined;
      else if (char === '\\' && quote.mark === '"' && (run[i + 1] === '"' || run[i + 1] === '\\'))
        word = (word ?? '') + run.charAt(++i);
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = { mark: char, offset: i };
      word ??= '';
    } else if (char === '\\') {
      if (i + 1 === run.length) return { error: 'trailing-backslash', offset: i };
      word = (word ?? '') + run.charAt(++i);
    } else if (/[ \t\r\n]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote) return { error: 'unclosed-quote', quote: quote.mark, offset: quote.offset };
  if (word !== undefined) words.push(word);
  return { words };
}
