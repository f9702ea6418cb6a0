// Reads YAML text into the tree of `tree.ts`, or into the problems of a text that is no such document. Hostile documents
// (deep, huge, or doubling themselves by aliases) are refused before they cost anything.
import { Composer, LineCounter, Parser, YAMLParseError, type Document, type Lexer, type YAMLError } from 'yaml';
import type { Place, Problem } from '@glovebox/record';
import { firstProblems } from './fewer-problems.js';
import { checkSize, guardedTokens } from './guard.js';
import { tooDeep, TooLarge } from './limits.js';
import { lenientLexer } from './lenient-lexer.js';
import { problem } from './problems.js';
import { scalarTags } from './scalar-tags.js';
import { TreeReading, type Located, type TreeNode } from './tree.js';

export interface Source {
  readonly root: TreeNode | undefined;
  readonly problems: readonly Problem[];
  /** The place of a node, or of a part of it when offsets are given. */
  readonly placeOf: (at: Located) => Place;
}

/** Characters that no YAML document may hold: controls, and halves of characters. */
const unacceptable = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export function readSource(text: string, path: string): Source {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const placeOf = ({ range: [start, end] }: Located): Place => locate(text, path, lines, start, end);
  const refuse = (problems: readonly Problem[]): Source => ({
    root: undefined,
    problems: firstProblems(problems),
    placeOf,
  });
  try {
    checkSize(text);
    const control = text.search(unacceptable);
    if (control >= 0) {
      for (let at = text.indexOf('\n'); at >= 0 && at < control; at = text.indexOf('\n', at + 1))
        lines.addNewLine(at + 1);
      const code = (text.codePointAt(control) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      const place = placeOf({ range: [control, control + 1] });
      return refuse([problem('yaml-syntax', [`the character U+${code} may not stand in a file`], place)]);
    }
    let { document, tab } = compose(text, lines);
    // What the letter of YAML refuses is named in its words, unless it is only how far brackets and quotes are indented.
    if (document.errors.length > 0) {
      const lenient = compose(text, new LineCounter(), lenientLexer());
      if (lenient.document.errors.length > 0) {
        const merge = /^<{7}(?: .*)?$/m.exec(text);
        const marks: Located = { range: [merge?.index ?? 0, (merge?.index ?? 0) + 7] };
        if (merge) return refuse([problem('merge-unfinished', [], placeOf(marks))]);
        return refuse(document.errors.map((e) => yamlProblem(e, placeOf)));
      }
      ({ document, tab } = lenient);
    }
    if (tab !== undefined) {
      const place = placeOf({ range: [tab, tab + 1] });
      return refuse([problem('yaml-syntax', ['a tab stands outside quotes, where only blanks may'], place)]);
    }
    const reading = new TreeReading(placeOf);
    const root = document.contents === null ? undefined : reading.read(document.contents, 0);
    return { root, problems: reading.problems, placeOf };
  } catch (error) {
    // The parser calls itself for each level.
    const found = error instanceof RangeError ? tooDeep([0, 0]) : error;
    if (!(found instanceof TooLarge)) throw error;
    return refuse([problem('too-large', [found.what, found.limit], placeOf(found))]);
  }
}

/**
 * @returns the document, and where the first tab stands that YAML readers disagree about
 * @throws TooLarge
 */
function compose(
  text: string,
  lines: LineCounter,
  lexer?: Lexer,
): { readonly document: Document.Parsed; readonly tab: number | undefined } {
  const composer = new Composer({
    merge: true,
    customTags: (tags) => [...scalarTags, ...tags],
    // The tree finds repeated keys itself: comparing each with all others takes minutes for a file of nothing else.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  let tab: number | undefined;
  const tokens = guardedTokens(new Parser(lines.addNewLine), text, (offset) => (tab = offset), lexer);
  const [document, second] = composer.compose(tokens, true, text.length);
  if (!document) throw new Error('the parser gave no document');
  if (second)
    document.errors.push(new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', 'a second document'));
  return { document, tab };
}

function locate(text: string, path: string, lines: LineCounter, start: number, end: number): Place {
  const line = Math.max(1, lines.linePos(start).line);
  const lineStart = lines.lineStarts[line - 1] ?? 0;
  const nextLine = lines.lineStarts[line];
  const lineEnd = nextLine === undefined ? endOfLine(text, start) : nextLine - 1;
  const column = start - lineStart + 1;
  return {
    path,
    line,
    column,
    excerpt: text.slice(lineStart, Math.min(lineEnd, lineStart + 300)).replace(/\r$/, ''),
    endColumn: Math.max(column + 1, Math.min(end, lineEnd) - lineStart + 1),
  };
}

/** Of the line after which the parser knows no more. */
function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

function yamlProblem(error: YAMLError, placeOf: Source['placeOf']): Problem {
  const [start, end] = error.pos;
  const place = placeOf({ range: [start, end] });
  if (error.code === 'MULTIPLE_DOCS') return problem('several-documents', [], place);
  if (error.code === 'RESOURCE_EXHAUSTION')
    return problem('too-large', ['how much its values refer to one another', 'what a reader can hold'], place);
  const detail = error.message.replace(/\.$/, '').replace(/\s+/g, ' ');
  return problem('yaml-syntax', [detail.charAt(0).toLowerCase() + detail.slice(1)], place);
}
