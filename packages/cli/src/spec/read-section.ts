// Reads a section of spec/, which is Markdown: prose, and fenced blocks whose first word says what they hold. The language
// reference is made from the same blocks. spec/README.md describes the form; whatever is malformed throws with its line.

export const blockKinds = [
  'tables',
  'ehrql',
  'examples',
  'values',
  'categories',
  'refused',
  'expected',
  'csv',
] as const;
export type BlockKind = (typeof blockKinds)[number];

export interface Block {
  readonly kind: BlockKind;
  /** What follows the kind: the name of an output table for `csv`, or `notyet: <reason>`. */
  readonly argument: string;
  readonly lines: readonly string[];
  /** Of the opening fence, from 1. */
  readonly line: number;
}
export interface Prose {
  readonly kind: 'prose';
  readonly text: string;
}
export interface Section {
  /** Below spec/. */
  readonly path: string;
  readonly title: string;
  /** Everything after the title. */
  readonly parts: readonly (Block | Prose)[];
}

/** A table of text cells. */
export interface Cells {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function readSection(path: string, text: string): Section {
  const [first = '', ...lines] = text.trimEnd().split('\n');
  if (!first.startsWith('# ')) throw new Error(`${path}: expected a title, "# ...", on the first line`);
  const parts: (Block | Prose)[] = [];
  let prose: string[] = [];
  const endProse = (): void => {
    const joined = prose.join('\n').trim();
    if (joined !== '') parts.push({ kind: 'prose', text: joined });
    prose = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const opening = /^```(\w+) ?(.*)$/.exec(lines[at]!);
    if (!opening) {
      prose.push(lines[at]!);
      continue;
    }
    const kind = blockKinds.find((k) => k === opening[1]);
    const end = lines.indexOf('```', at + 1);
    if (!kind) throw new Error(`${path}:${at + 2}: no such kind of block: ${opening[1]}`);
    if (end === -1) throw new Error(`${path}:${at + 2}: the block is not closed`);
    endProse();
    parts.push({ kind, argument: opening[2]!, lines: lines.slice(at + 1, end), line: at + 2 });
    at = end;
  }
  endProse();
  return { path, title: first.slice(2), parts };
}

/** The tables of a `tables` block: each its name on a line, then header and rows, then an empty line. */
export function tablesOf(block: Block): ReadonlyMap<string, Cells> {
  const groups = block.lines
    .join('\n')
    .split(/\n\s*\n/)
    .map((group) => group.split('\n').filter((line) => line.trim() !== ''));
  return new Map(groups.map(([name = '', ...lines]) => [name.trim(), cellsOf(lines)]));
}

/** Header and rows of lines whose cells are divided by `|`; one in a value is written `\|`. */
export function cellsOf(lines: readonly string[]): Cells {
  const [header = [], ...rows] = lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')));
  return { header, rows };
}

/** The last `count` cells of a line, and everything before them: an expression may hold `|` itself. */
export function lastCells(line: string, count: number): readonly [expression: string, ...cells: string[]] {
  const pieces = line.split('|');
  const cells = count === 0 ? [] : pieces.slice(-count).map((cell) => cell.trim());
  return [
    pieces
      .slice(0, pieces.length - count)
      .join('|')
      .trim(),
    ...cells,
  ];
}
