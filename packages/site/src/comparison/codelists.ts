// How many codes a codelist gained and lost between two commits. Order, other columns and repeated codes do not count.
import { parse } from 'csv-parse/sync';

export interface CodelistChange {
  readonly path: string;
  readonly gained: number;
  readonly lost: number;
}

/** Studies keep their codelists as CSV files in this folder. */
export const isCodelist = (path: string): boolean => /^codelists\/.*\.csv$/.test(path);

/** The codes of a file: the column called `code`, else the first that ends in it, else the first of all. */
function codesOf(text: string): ReadonlySet<string> {
  const rows: string[][] = parse(text, {
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    relax_quotes: true,
  });
  const [header = [], ...body] = rows;
  const names = header.map((name) => name.trim().toLowerCase());
  const exact = names.indexOf('code');
  const column =
    exact >= 0
      ? exact
      : Math.max(
          0,
          names.findIndex((name) => name.endsWith('code')),
        );
  return new Set(body.map((row) => (row[column] ?? '').trim()).filter((code) => code !== ''));
}

/** An absent side counts as an empty list; `null` when a side is not CSV. */
export function compareCodelist(path: string, before: string | null, after: string | null): CodelistChange | null {
  try {
    const old = before === null ? new Set<string>() : codesOf(before);
    const now = after === null ? new Set<string>() : codesOf(after);
    const gained = [...now].filter((code) => !old.has(code)).length;
    const lost = [...old].filter((code) => !now.has(code)).length;
    return { path, gained, lost };
  } catch {
    return null;
  }
}
