// How shown tables look: as text in a terminal, and as one page of HTML.
import type { Nullable, SeriesType } from '@glovebox/language';
import { pythonFloat } from '@glovebox/engines';
import { typeOf } from '@glovebox/language';
import type { ShownTable } from './shown-tables.js';

const width = 17;

/** `Show line 3: a label` and the table below it; NULL is empty. */
export function asText(tables: readonly ShownTable[]): string {
  return tables.map((shown) => `${title(shown)}\n${shown.unknown ?? grid(shown)}\n`).join('\n');
}

function title({ show, rows, total }: ShownTable): string {
  const label = show.label === undefined ? '' : ` ${show.label}`;
  const part = rows.length < total ? ` (${rows.length} of ${total} rows)` : '';
  return `Show line ${show.line}:${label}${part}`;
}

function grid(shown: ShownTable): string {
  const cells = cellsOf(shown);
  const line = (row: readonly string[]): string =>
    row
      .map((cell) => cell.padEnd(width))
      .join(' | ')
      .trimEnd();
  const rule = shown.columns.map((name) => '-'.repeat(Math.max(width, name.length))).join('-+-');
  return [line(shown.columns), rule, ...cells.map(line)].join('\n');
}

function cellsOf({ show, columns, rows }: ShownTable): readonly (readonly string[])[] {
  const ids = columns.length - show.columns.length;
  const types = show.columns.map(({ series }) => typeOf(series));
  return rows.map((row) => row.map((value, i) => cell(value, i < ids ? 'int' : types[i - ids]!)));
}

/** Values as Python prints them. */
function cell(value: Nullable, type: SeriesType): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return type === 'float' ? pythonFloat(Number(value)) : String(value);
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1c1c1c; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
div { overflow-x: auto; }
table { border-collapse: collapse; font: 13px/1.4 ui-monospace, monospace; }
th, td { border: 1px solid #ccc; padding: .2rem .6rem; text-align: left; white-space: nowrap; }
th { background: #f2f2f2; }`;

/** A page that stands on its own: no script, nothing loaded. */
export function asHtml(tables: readonly ShownTable[], name: string): string {
  const sections = tables.map((shown) => {
    const row = (cells: readonly string[], tag: 'td' | 'th'): string =>
      `<tr>${cells.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
    const body =
      shown.unknown === undefined
        ? `<div><table>\n${[row(shown.columns, 'th'), ...cellsOf(shown).map((cells) => row(cells, 'td'))].join('\n')}\n</table></div>`
        : `<p>${escaped(shown.unknown)}</p>`;
    return `<h2>${escaped(`${shown.show.path} · ${title(shown)}`)}</h2>\n${body}`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(name)}</title><style>${style}
</style></head>
<body>
<h1>${escaped(name)}</h1>
${sections.join('\n')}
</body>
</html>
`;
}
