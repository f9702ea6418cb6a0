// The files of a commit, or of a folder on a researcher's machine, as reuse compares them: each path with git's own digest of
// its content, so that both sides name the same content alike.
import { createHash } from 'node:crypto';

export interface CodeTree {
  /** Digest of the whole listing. */
  readonly digest: string;
  /** By path relative to the study, with forward slashes. */
  readonly files: ReadonlyMap<string, string>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const byPath = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : a > b ? 1 : 0);

/** The digest of a listing, whatever its order. */
export const listingDigest = (files: Iterable<readonly [string, string]>): string =>
  sha256(JSON.stringify([...files].sort(byPath)));

export const codeTree = (files: Iterable<readonly [string, string]>): CodeTree => {
  const map = new Map(files);
  return { digest: listingDigest(map), files: map };
};

/** What git calls a file of this content. */
export const blobDigest = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
