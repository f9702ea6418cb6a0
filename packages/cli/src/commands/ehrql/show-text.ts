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

const title = (shown: ShownTable): string => `Show line ${shown.show.line}:${detail(shown)}`;

/** The label, what stood for INTERVAL, and how much of the table is left out. */
function detail({ show, rows, total, interval }: ShownTable): string {
  const label = show.label === undefined ? '' : ` ${show.label}`;
  const at = interval ? ` (INTERVAL from ${interval.start} to ${interval.end})` : '';
  const part = rows.length < total ? ` (${rows.length} of ${total} rows)` : '';
  return `${label}${at}${part}`;
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
  const units = show.columns.map(({ name }) => (show.days.includes(name) ? ' days' : ''));
  const text = (value: Nullable, at: number): string => {
    if (at < ids || value === null) return cell(value, 'int');
    return `${cell(value, types[at - ids]!)}${units[at - ids]}`;
  };
  return rows.map((row) => row.map(text));
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
:root { color-scheme: light dark; --line: light-dark(#c9c9c4, #4a4a4a); --head: light-dark(#f2f2ef, #2b2b2b); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: light-dark(#1c1c1c, #e8e8e4); background: light-dark(#fff, #1a1a1a); }
h1 { font-size: 1.3rem; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
h2 small, .none { font-weight: normal; color: light-dark(#5c5c58, #a8a8a2); }
.rows { overflow-x: auto; }
table { border-collapse: collapse; font: 13px/1.4 ui-monospace, monospace; }
th, td { border: 1px solid var(--line); padding: .2rem .6rem; text-align: left; white-space: nowrap; }
th { background: var(--head); }
details { margin: .6rem 0; }
summary { cursor: pointer; }
ol { padding-left: 1.5rem; }
li { margin: .8rem 0; }
li p { margin: 0 0 .3rem; overflow-wrap: anywhere; }`;

/** A page that stands on its own: no script, nothing loaded. Below each shown table are the frames that it came from. */
export function asHtml(tables: readonly ShownTable[], name: string): string {
  const sections = tables.map((shown) => {
    const { path, line } = shown.show;
    const heading = `${escaped(`${path} · line ${line}`)}<small>${escaped(detail(shown))}</small>`;
    return `<section>\n<h2>${heading}</h2>\n${tableHtml(shown)}${stepsHtml(shown.steps)}\n</section>`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(name)}</title><style>${style}
</style></head>
<body>
<h1>${escaped(name)}</h1>
${sections.join('\n')}
</body>
</html>
`;
}

function tableHtml(shown: ShownTable): string {
  if (shown.unknown !== undefined) return `<p class="none">${escaped(shown.unknown)}</p>`;
  const row = (cells: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${cells.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
  const lines = [row(shown.columns, 'th'), ...cellsOf(shown).map((cells) => row(cells, 'td'))];
  const none = shown.rows.length === 0 ? '<p class="none">no rows</p>' : '';
  return `<div class="rows"><table>\n${lines.join('\n')}\n</table></div>${none}`;
}

function stepsHtml(steps: readonly ShownTable[]): string {
  if (steps.length === 0) return '';
  const items = steps.map((step) => `<li><p>${escaped(detail(step).trim())}</p>\n${tableHtml(step)}</li>`);
  const summary = `how it came about: ${steps.length === 1 ? '1 frame' : `${steps.length} frames`}`;
  return `\n<details><summary>${summary}</summary>\n<ol>\n${items.join('\n')}\n</ol></details>`;
}
