// What changed between two commits, with the text of both sides for a page to render. Sizes are capped: a large or binary
// file is named with its counts but carries no text, so that one commit can't fill the memory of the site.
import { isUtf8 } from 'node:buffer';
import { readBlobs } from './blobs.js';
import type { Git } from './git.js';

export interface ChangedFile {
  readonly path: string;
  /** Where the file was before, when it was renamed. */
  readonly previousPath: string | null;
  readonly status: 'added' | 'deleted' | 'modified' | 'renamed';
  /** Lines added and deleted; null for a binary file. */
  readonly added: number | null;
  readonly deleted: number | null;
  readonly isBinary: boolean;
  /** The text was left out because it is larger than a page should show. */
  readonly isTooLarge: boolean;
  /** null when there is no such side, or when it is binary or too large. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface Comparison {
  readonly from: string;
  readonly to: string;
  readonly files: readonly ChangedFile[];
  /** How many more files changed than are listed. */
  readonly unlisted: number;
}

export interface ComparisonLimits {
  readonly files: number;
  readonly bytesPerFile: number;
  readonly bytesInAll: number;
}

export const comparisonLimits: ComparisonLimits = { files: 300, bytesPerFile: 512 * 1024, bytesInAll: 8 * 2 ** 20 };

interface RawChange {
  readonly status: ChangedFile['status'];
  readonly path: string;
  readonly previousPath: string | null;
  readonly blobs: readonly [string | null, string | null];
  added: number | null;
  deleted: number | null;
}

const statuses: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  D: 'deleted',
  R: 'renamed',
  C: 'added',
};
const absent = /^0+$/;
const submodule = '160000';

/** Reads `git diff-tree -z --raw --numstat`: all raw records first, then all counts, in the same order. */
function parse(text: string): RawChange[] {
  const fields = text.split('\0');
  const changes: RawChange[] = [];
  let at = 0;
  while (fields[at]?.startsWith(':')) {
    const [fromMode, toMode, fromBlob, toBlob, code] = fields[at]!.slice(1).split(' ') as [
      string,
      string,
      string,
      string,
      string,
    ];
    const isMoved = code.startsWith('R') || code.startsWith('C');
    const first = fields[at + 1]!;
    const side = (mode: string, blob: string) => (absent.test(blob) || mode === submodule ? null : blob);
    changes.push({
      status: statuses[code[0]!] ?? 'modified',
      path: isMoved ? fields[at + 2]! : first,
      previousPath: isMoved ? first : null,
      blobs: [side(fromMode, fromBlob), side(toMode, toBlob)],
      added: null,
      deleted: null,
    });
    at += isMoved ? 3 : 2;
  }
  for (const change of changes) {
    const [added, deleted, path] = (fields[at] ?? '').split('\t');
    change.added = added === '-' ? null : Number(added);
    change.deleted = deleted === '-' ? null : Number(deleted);
    at += path === '' ? 3 : 1;
  }
  return changes;
}

async function sizesOf(git: Git, blobs: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (blobs.length === 0) return new Map();
  const answer = await git.run(['cat-file', '--batch-check'], { input: `${blobs.join('\n')}\n` });
  const lines = answer.toString('utf8').trimEnd().split('\n');
  return new Map(lines.map((line) => [line.split(' ')[0]!, Number(line.split(' ')[2])]));
}

/** Both commits must be in the mirror. */
export async function compareCommits(
  git: Git,
  from: string,
  to: string,
  limits: ComparisonLimits,
): Promise<Comparison> {
  const args = ['diff-tree', '-r', '-z', '-M', '--raw', '--numstat', '--no-ext-diff', '--no-textconv', '--full-index'];
  const all = parse((await git.run([...args, from, to, '--'])).toString('utf8'));
  const listed = all.slice(0, limits.files);
  const sizes = await sizesOf(
    git,
    listed.flatMap((c) => c.blobs.filter((b) => b !== null)),
  );
  const wanted = new Set<RawChange>();
  let bytes = 0;
  for (const change of listed) {
    const own = change.blobs.map((b) => (b === null ? 0 : (sizes.get(b) ?? 0)));
    const isSmall = own.every((size) => size <= limits.bytesPerFile) && bytes + own[0]! + own[1]! <= limits.bytesInAll;
    if (!isSmall || change.added === null) continue;
    bytes += own[0]! + own[1]!;
    wanted.add(change);
  }
  const names = [...new Set([...wanted].flatMap((c) => c.blobs.filter((b) => b !== null)))];
  const texts = new Map<string, string | null>();
  let next = 0;
  for await (const content of readBlobs(git, names)) {
    texts.set(names[next++]!, content && isUtf8(content) && !content.includes(0) ? content.toString('utf8') : null);
  }
  const files = listed.map((change): ChangedFile => {
    const sides = change.blobs.map((b) => (b === null ? null : (texts.get(b) ?? null)));
    const isRead = wanted.has(change);
    const isText = change.blobs.every((b, i) => b === null || sides[i] !== null);
    return {
      path: change.path,
      previousPath: change.previousPath,
      status: change.status,
      added: change.added,
      deleted: change.deleted,
      isBinary: change.added === null || (isRead && !isText),
      isTooLarge: change.added !== null && !isRead,
      before: isText ? sides[0]! : null,
      after: isText ? sides[1]! : null,
    };
  });
  return { from, to, files, unlisted: all.length - listed.length };
}
