// Refuses a document that was built to exhaust memory before a tree of it exists: by its size, by how many values it can hold
// and by how deep they nest. Counting characters takes milliseconds; depth is watched while the text is cut into tokens, so
// that the parser stops in the middle.
import { Lexer, type CST, type Parser } from 'yaml';
import { limits, tooDeep, TooLarge } from './limits.js';
import { Repeats } from './repeats.js';

const newline = 10;
const codesOf = (chars: string) => new Set(Array.from(chars, (char) => char.charCodeAt(0)));
/** By character code: 1 for what a value may follow at once, 2 for what it follows after a blank. A table, as millions are looked up. */
const separators = new Uint8Array(128);
for (const code of codesOf('\n,:[{')) separators[code] = 1;
for (const code of codesOf('-?')) separators[code] = 2;
const blanks = codesOf(' \t\r\n');
const blockHeads = codesOf('|>');
const quotes = codesOf(`'"`);
const between = codesOf(' \t\r\n#[]{}');

/**
 * Every value follows a line break, a comma, a colon or a bracket, or a dash or question mark of its own.
 *
 * @throws TooLarge
 */
export function checkSize(text: string): void {
  if (text.length > limits.characters) throw new TooLarge('its size', '2 MiB', [0, 0]);
  let values = 0;
  let before = separators[newline];
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (before === 1 || (before === 2 && (char === 32 || char === newline))) values++;
    before = separators[char];
  }
  if (values > limits.values) throw new TooLarge('how many values it can hold', `${limits.values} values`, [0, 0]);
}

const byteOrderMark = '\uFEFF';
/** Tokens of no width: the start of a document, the end of a broken bracket, and what says that a scalar follows. */
const startsDocument = '\u0002';
const endsBroken = '\u0018';
const scalarFollows = '\u001F';

/** Blocks and brackets are told apart only roughly here, so that the exact count decides on documents near the limit. */
const roughDepth = 2 * limits.depth;

/**
 * Like `parser.parse(text)`.
 *
 * @param onTab called with the offset of the first tab outside quotes and brackets, about which YAML readers disagree
 * @throws TooLarge at the token that nests too deep or is too long
 */
export function* guardedTokens(
  parser: Parser,
  text: string,
  onTab: (offset: number) => void,
  lexer = new Lexer(),
): Generator<CST.Token, void> {
  const depth = new Depth();
  const repeats = new Repeats();
  let isScalar = false;
  let isBlock = false;
  let hasTab = false;
  let offset = 0;
  for (const token of lexer.lex(text)) {
    if (token === scalarFollows) isScalar = true;
    else if (token !== startsDocument && token !== endsBroken && token !== byteOrderMark) {
      if (depth.after(token, isScalar) > roughDepth) throw tooDeep([offset, offset + 1]);
      const isValue = isScalar || quotes.has(token.charCodeAt(0));
      repeats.after(token, isValue, offset);
      if (isValue && token.length > limits.text)
        throw new TooLarge('how long one of its values is', `${limits.text / 1024} KiB`, [offset, offset + 1]);
      const isBetween = isScalar ? !isBlock : blanks.has(token.charCodeAt(0));
      const tab: number = isBetween && !hasTab && !depth.isInBrackets ? token.indexOf('\t') : -1;
      if (tab >= 0) onTab(offset + tab);
      hasTab ||= tab >= 0;
      if (isScalar || blockHeads.has(token.charCodeAt(0))) isBlock = !isScalar;
      isScalar = false;
    }
    if (token !== scalarFollows && token !== startsDocument && token !== endsBroken) offset += token.length;
    yield* parser.next(token);
  }
  yield* parser.end();
}

/** How deep the text nests at a token: open brackets, and the columns at which the blocks around it begin. */
class Depth {
  #brackets = 0;
  #column = 0;
  /** Whether what comes next begins a block: at the start of a line, or after the dash of a list. */
  #isFirst = true;
  readonly #blocks: number[] = [];

  get isInBrackets(): boolean {
    return this.#brackets > 0;
  }

  after(token: string, isScalar: boolean): number {
    const lineBreak = token.lastIndexOf('\n');
    if (isScalar || !between.has(token.charCodeAt(0))) this.#begin(token, isScalar);
    else if (token === '[' || token === '{') this.#brackets++;
    else if (token === ']' || token === '}') this.#brackets = Math.max(0, this.#brackets - 1);
    if (lineBreak < 0) this.#column += token.length;
    else {
      this.#column = token.length - lineBreak - 1;
      this.#isFirst = this.#column === 0 || !isScalar;
    }
    return this.#brackets + this.#blocks.length;
  }

  #begin(token: string, isScalar: boolean): void {
    if (this.#brackets > 0) return;
    const isIndicator = !isScalar && (token === '-' || token === '?' || token === ':');
    if (!this.#isFirst && !isIndicator) return;
    if (this.#isFirst) {
      while ((this.#blocks.at(-1) ?? -1) >= this.#column) this.#blocks.pop();
      this.#blocks.push(this.#column);
    }
    this.#isFirst = isIndicator && (token !== ':' || this.#isFirst);
  }
}
