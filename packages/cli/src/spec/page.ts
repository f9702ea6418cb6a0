// Turns a chapter of spec/ into a page of the language reference: prose stays, blocks become tables and code.
import type { Chapter } from './chapters.js';
import { cellsOf, lastCells, tablesOf, type Block, type Cells, type Prose } from './read-section.js';

/** The Markdown of a chapter's page. */
export function chapterPage({ introduction, sections }: Chapter): string {
  const rest = sections.map((section) => `## ${section.title}\n\n${partsText(section.parts, 2)}`);
  return [`# ${introduction.title}`, partsText(introduction.parts, 1), ...rest].join('\n\n') + '\n';
}

/** Headings inside a section go below its own. */
function partsText(parts: readonly (Block | Prose)[], level: number): string {
  return parts
    .map((part) =>
      part.kind === 'prose'
        ? part.text.replaceAll(/^#+(?= )/gm, (marks) => '#'.repeat(marks.length + level - 1))
        : blockText(part),
    )
    .join('\n\n');
}

function blockText(block: Block): string {
  const lines = block.lines.filter((line) => line.trim() !== '');
  const mark = block.argument.startsWith('notyet: ') ? `Not met yet: ${block.argument.slice(8)}.\n\n` : '';
  switch (block.kind) {
    case 'tables':
      return [...tablesOf(block)].map(([name, cells]) => `Table \`${name}\`:\n\n${markdownTable(cells)}`).join('\n\n');
    case 'ehrql':
      return fenced('python', block.lines);
    case 'csv':
      return mark + fenced('text', block.lines);
    case 'expected':
      return mark + markdownTable(cellsOf(lines));
    case 'examples': {
      const [header = '', ...examples] = lines;
      const patients = header.split('|').slice(1);
      return mark + expressionTable(['expression', ...patients], examples);
    }
    case 'categories':
      return mark + expressionTable(['expression', 'categories'], lines);
    case 'values':
      return mark + expressionTable(['expression', 'value'], lines);
    case 'refused': {
      const isWhole = lines.length === 1 && lines[0]!.split('|').length === 2;
      if (!isWhole) return mark + expressionTable(['refused', 'problem', 'the message says'], lines);
      const [code, fragment] = lastCells(lines[0]!, 1);
      return `${mark}Refused with the problem ${code}; the message says: ${fragment}`;
    }
  }
}

function expressionTable(header: readonly string[], lines: readonly string[]): string {
  const rows = lines.map((line) => {
    const [expression, ...cells] = lastCells(line, header.length - 1);
    return [`\`${expression}\``, ...cells];
  });
  return markdownTable({ header: header.map((cell) => cell.trim()), rows });
}

function markdownTable({ header, rows }: Cells): string {
  return [header, header.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function fenced(language: string, lines: readonly string[]): string {
  return ['```' + language, ...lines, '```'].join('\n');
}

/** The Markdown of the page that leads to the others. */
export function contentsPage(all: readonly Chapter[]): string {
  const list = all.map(({ name, introduction, sections }) => {
    const links = sections.map(({ title }) => `[${title}](${name}.md#${anchor(title)})`);
    return `- [${introduction.title}](${name}.md): ${links.join(', ')}`;
  });
  return `# The language

What each part of the language means, chapter by chapter. Every example is run on every engine.

In definitions everything of \`ehrql\` is imported, and the code classes. In a table of examples each line is an expression, with its value for each patient whose number heads a column. An empty cell is
NULL; \`T\` and \`F\` are true and false. The table \`p\` has one row a patient, \`e\` and \`other\` have many; the first letter of a column
says its type: \`i\` int, \`f\` float, \`b\` bool, \`s\` str, \`d\` date.

${list.join('\n')}
`;
}

/** The name that a heading has in links. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}
