// Lists what a commit holds. Paths come from strangers: nothing here touches the file system, and a path that could not be
// written safely (empty segments, `.`, `..`, `.git` in any case) is left out, as git's own checkout refuses it.
import { ProblemError } from '@glovebox/record';
import { GitError, type Git } from './git.js';
import { problem } from './problems.js';

export interface TreeFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly kind: 'file' | 'executable' | 'link';
  readonly bytes: number;
  /** The digest of its content as git names it. */
  readonly blob: string;
}

export const isSafePath = (path: string): boolean =>
  path !== '' &&
  !path.includes('\0') &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');

const kinds: Readonly<Record<string, TreeFile['kind']>> = {
  '100644': 'file',
  '100664': 'file',
  '100755': 'executable',
  '120000': 'link',
};

/** Every file of a commit, in git's order; submodules are not files and are left out. */
export async function listTree(git: Git, commit: string, path?: string): Promise<TreeFile[]> {
  const args = ['ls-tree', '-z', '-l', '--full-tree', ...(path === undefined ? ['-r'] : []), commit, '--'];
  let listing: Buffer;
  try {
    listing = await git.run(path === undefined ? args : [...args, path]);
  } catch (error) {
    if (error instanceof GitError && error.isTooLarge) {
      throw new ProblemError(problem('too-many-files', [commit, 500_000]));
    }
    throw error;
  }
  const files: TreeFile[] = [];
  for (const record of listing.toString('utf8').split('\0')) {
    const match = /^(\d+) blob ([0-9a-f]+) +(\d+)\t([\s\S]+)$/.exec(record);
    const kind = kinds[match?.[1] ?? ''];
    if (!match || !kind || !isSafePath(match[4]!)) continue;
    files.push({ path: match[4]!, kind, bytes: Number(match[3]), blob: match[2]! });
  }
  return files;
}
