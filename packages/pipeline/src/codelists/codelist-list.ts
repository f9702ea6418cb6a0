// Reads codelists.txt: which version of which codelist a study uses, one a line.
import type { Problem } from '@glovebox/record';
import { problem } from './problems.js';

export interface Codelist {
  /** As in the file: organisation/list/version, or user/name/list/version. */
  readonly id: string;
  /** The same without the version. */
  readonly list: string;
  readonly version: string;
  /** The name of its CSV file. */
  readonly file: string;
  /** In codelists.txt, from 1. */
  readonly line: number;
}

export const listPath = 'codelists/codelists.txt';

/** @returns undefined unless the text has three or four plain parts */
export function codelistOf(text: string, line = 1): Codelist | undefined {
  const id = text.trim().replace(/\/$/, '');
  const parts = id.split('/');
  // The parts become a file name and an address, so nothing that has a meaning in either.
  const isPlain = parts.every((part) => /^[^\s/\\?#%\p{Cc}]+$/u.test(part) && part !== '.' && part !== '..');
  if (!isPlain || (parts.length !== 3 && parts.length !== 4)) return undefined;
  const names = parts.slice(0, -1);
  return { id, list: names.join('/'), version: parts.at(-1) ?? '', file: `${names.join('-')}.csv`, line };
}

/** Every codelist and every problem of the file. */
export function readCodelistList(text: string): { readonly codelists: Codelist[]; readonly problems: Problem[] } {
  const codelists: Codelist[] = [];
  const problems: Problem[] = [];
  for (const [index, excerpt] of text.split(/\r\n|\n|\r/).entries()) {
    const line = excerpt.trim();
    if (line === '' || line.startsWith('#')) continue;
    const codelist = codelistOf(line, index + 1);
    const place = { path: listPath, line: index + 1, column: 1, endColumn: excerpt.length + 1, excerpt };
    const wrong = codelist ? clash(codelist, codelists) : problem('codelist-line-wrong', [line]);
    if (wrong) problems.push({ ...wrong, place });
    else if (codelist) codelists.push(codelist);
  }
  return { codelists, problems };
}

/** What a codelist has against being in a study with others. */
export function clash(codelist: Codelist, others: readonly Codelist[]): Problem | undefined {
  for (const other of others) {
    if (other.id === codelist.id) return problem('codelist-twice', [codelist.id]);
    if (other.list === codelist.list) {
      return problem('codelist-versions-conflict', [codelist.list, other.version, codelist.version]);
    }
    if (other.file.toLowerCase() === codelist.file.toLowerCase()) {
      return problem('codelist-names-collide', [other.id, codelist.id, codelist.file]);
    }
  }
  return undefined;
}
