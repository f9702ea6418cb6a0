// codelists.json: what was downloaded, when, and its digest, so that a changed file is noticed and an unchanged one makes no
// difference in git.
import { createHash } from 'node:crypto';
import { problem } from './problems.js';
import type { Codelist } from './codelist-list.js';
import type { Problem } from '@glovebox/record';

export interface ManifestEntry {
  readonly id: string;
  readonly url: string;
  /** `YYYY-MM-DD HH:MM:SS.ffffffZ` */
  readonly downloaded_at: string;
  readonly sha: string;
}
/** By file name. */
export type CodelistManifest = Readonly<Record<string, ManifestEntry>>;

export const manifestPath = 'codelists/codelists.json';

// The line breaks that Python's splitlines knows.
const breaks = [0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029];
const lineBreak = new RegExp(`\r\n|[${String.fromCharCode(...breaks)}]`);

/**
 * SHA-1 of the lines joined with line feeds and none at the end, so that neither line endings nor a final one matter. Other
 * tools compute the same, so it can't be a stronger digest.
 */
export function digestOf(csv: string): string {
  const lines = csv.split(lineBreak);
  if (lines.at(-1) === '') lines.pop();
  return createHash('sha1').update(lines.join('\n')).digest('hex');
}

/** The entry of a download; the time stays that of the first download of the same content. */
export function entryOf(
  codelist: Codelist,
  url: string,
  csv: string,
  before: CodelistManifest,
  now: Date,
): ManifestEntry {
  const sha = digestOf(csv);
  const earlier = Object.hasOwn(before, codelist.file) ? before[codelist.file] : undefined;
  const time = now.toISOString().replace('T', ' ').replace('Z', '000Z');
  return { id: codelist.id, url, downloaded_at: earlier?.sha === sha ? earlier.downloaded_at : time, sha };
}

export const manifestText = (files: CodelistManifest): string => `${JSON.stringify({ files }, null, 2)}\n`;

/** @returns the problem when the text is not a manifest */
export function readManifest(text: string): CodelistManifest | Problem {
  try {
    const { files } = JSON.parse(text) as { files?: Record<string, Partial<ManifestEntry>> };
    const entries = Object.entries(files ?? {});
    const isRight =
      typeof files === 'object' &&
      entries.every(([, entry]) =>
        [entry?.id, entry?.url, entry?.downloaded_at, entry?.sha].every((x) => typeof x === 'string'),
      );
    if (isRight) return files as CodelistManifest;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  return problem('codelists-manifest-damaged', [manifestPath], { path: manifestPath });
}

export const isProblem = (value: CodelistManifest | Problem): value is Problem => typeof value['code'] === 'string';
