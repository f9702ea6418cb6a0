// A bare copy of one remote repository on this machine, from which everything else is read. Only branches are fetched:
// anybody can make a commit appear in a public repository through a pull request, so a commit counts as the study's only
// when it is on a branch. A commit that was once found is pinned, so that a later force-push does not lose it.
//
// Several processes may use one folder: making a mirror is one rename, and fetching holds a lock (lock.ts).
import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '@glovebox/record';
import { readBlobs } from './blobs.js';
import { checkOutFiles, type CheckedOut } from './checkout.js';
import { compareCommits, comparisonLimits, type Comparison, type ComparisonLimits } from './comparison.js';
import { GitError, gitFor, type Git } from './git.js';
import { withLock } from './lock.js';
import { allowRemote, type AllowedRepositories, type Remote } from './policy.js';
import { problem } from './problems.js';
import { isSafePath, listTree, type TreeFile } from './tree.js';

export interface MirrorOptions {
  /** Where all mirrors of this process are kept; each gets a folder of its own inside. */
  readonly folder: string;
  readonly url: string;
  readonly allowed: AllowedRepositories;
  readonly fetchSeconds?: number;
}

export interface Mirror {
  /** Makes sure that the commit is here. @throws ProblemError `commit-missing`, `repository-unreachable` ... */
  fetchCommit(commit: string): Promise<void>;
  /** Whether the commit is on a branch; asks the remote only when it is not here already. */
  exists(commit: string): Promise<boolean>;
  /** The newest commit of a branch, asked of the remote now. @throws ProblemError `branch-missing` */
  resolveBranch(branch: string): Promise<string>;
  /**
   * The commit that a name stands for, a branch before a tag, asked of the remote now, and whether it is merged to `main`;
   * undefined when there is neither.
   */
  resolveRelease(name: string): Promise<{ readonly commit: string; readonly isMerged: boolean } | undefined>;
  /** Undefined when the commit has no such regular file. The commit must have been fetched. */
  readFile(commit: string, path: string, maxBytes?: number): Promise<Buffer | undefined>;
  /** Several regular files at once; those that the commit does not have are absent. @throws ProblemError `file-too-large` */
  readFiles(commit: string, paths: readonly string[], maxBytes?: number): Promise<ReadonlyMap<string, Buffer>>;
  listFiles(commit: string): Promise<readonly TreeFile[]>;
  compare(from: string, to: string, limits?: ComparisonLimits): Promise<Comparison>;
  /** Writes all committed files into an empty folder. */
  checkOut(commit: string, folder: string): Promise<CheckedOut>;
  /** Also true for the commit itself. Both must have been fetched. */
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
}

const commitPattern = /^[0-9a-f]{40}$/;
// What git allows in the name of a branch, minus everything that has a meaning in a revision.
const branchPattern = /^(?![/.-])(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))[^\s~^:?*[\\\p{Cc}]+(?<![/.])$/u;

const present = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Opens the mirror of a repository, making it when it is missing. Nothing is fetched yet.
 *
 * @throws ProblemError when the address is not allowed
 * @example
 * const mirror = await openMirror({ folder, url: 'https://github.com/opensafely/study', allowed });
 * const commit = await mirror.resolveBranch('main');
 * const pipeline = await mirror.readFile(commit, 'project.yaml');
 */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const remote = await allowRemote(options.url, options.allowed);
  const gitFolder = join(options.folder, `${createHash('sha256').update(remote.url).digest('hex').slice(0, 32)}.git`);
  const git = await gitFor(options.folder, gitFolder);
  if (!(await present(gitFolder))) await makeMirror(options.folder, gitFolder);
  return mirrorOf(git, gitFolder, remote, options.url, options.fetchSeconds ?? 300);
}

async function makeMirror(folder: string, gitFolder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `making-${process.pid}-${randomBytes(6).toString('hex')}`);
  const git = await gitFor(folder, temporary);
  await git.run(['init', '--quiet', '--bare', '--template=', temporary]);
  try {
    await rename(temporary, gitFolder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!(await present(gitFolder))) throw error;
  }
}

function mirrorOf(git: Git, gitFolder: string, remote: Remote, shown: string, fetchSeconds: number): Mirror {
  const pin = (commit: string) => `refs/glovebox/commits/${commit}`;

  async function succeeds(args: readonly string[]): Promise<boolean> {
    try {
      await git.run(args);
      return true;
    } catch (error) {
      if (error instanceof GitError && (error.exitCode === 1 || error.exitCode === 128 || error.exitCode === 129))
        return false;
      throw error;
    }
  }

  /** The caller holds the lock, so a lock file of git's is one that a killed git left behind. */
  async function fetchBranches(more: readonly string[] = []): Promise<void> {
    for (const name of await readdir(gitFolder, { recursive: true })) {
      if (name.endsWith('.lock') && !name.startsWith('objects/') && name !== 'fetch.lock')
        await rm(join(gitFolder, name));
    }
    const args = ['fetch', '--quiet', '--prune', '--no-tags', '--no-write-fetch-head', '--end-of-options'];
    try {
      await git.run([...args, remote.url, '+refs/heads/*:refs/heads/*', ...more], {
        timeoutMilliseconds: fetchSeconds * 1000,
      });
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      const isFull = error.stderr.includes('No space left on device');
      if (isFull) throw Object.assign(new Error('the disk is full', { cause: error }), { code: 'ENOSPC' });
      if (error.isTimeout) throw new ProblemError(problem('repository-slow', [shown, fetchSeconds]));
      throw new ProblemError(problem('repository-unreachable', [shown]));
    }
  }

  const locked = <T>(work: () => Promise<T>) => withLock(join(gitFolder, 'fetch.lock'), work);

  /** Whether the commit is here and was seen on a branch; pins it when it is. */
  async function isHere(commit: string): Promise<boolean> {
    if (await succeeds(['rev-parse', '--verify', '--quiet', `${pin(commit)}^{commit}`])) return true;
    if (!(await succeeds(['cat-file', '-e', `${commit}^{commit}`]))) return false;
    const branches = await git.run(['for-each-ref', '--count=1', `--contains=${commit}`, '--format=x', 'refs/heads']);
    if (branches.length === 0) return false;
    await git.run(['update-ref', pin(commit), commit]);
    return true;
  }

  function assertCommit(commit: string): void {
    if (!commitPattern.test(commit)) throw new ProblemError(problem('commit-malformed', [commit.slice(0, 60)]));
  }

  async function exists(commit: string): Promise<boolean> {
    assertCommit(commit);
    if (await isHere(commit)) return true;
    return locked(async () => {
      if (await isHere(commit)) return true;
      await fetchBranches();
      return isHere(commit);
    });
  }

  return {
    exists,
    async fetchCommit(commit) {
      if (!(await exists(commit))) throw new ProblemError(problem('commit-missing', [commit, shown]));
    },
    async resolveBranch(branch) {
      const missing = () => new ProblemError(problem('branch-missing', [branch.slice(0, 200), shown]));
      if (!branchPattern.test(branch)) throw missing();
      return locked(async () => {
        await fetchBranches();
        const name = `refs/heads/${branch}`;
        const commit = await git.run(['for-each-ref', '--format=%(objectname) %(refname)', name]);
        const line = commit
          .toString('utf8')
          .split('\n')
          .find((l) => l.slice(41) === name);
        if (!line) throw missing();
        await isHere(line.slice(0, 40));
        return line.slice(0, 40);
      });
    },
    async resolveRelease(name) {
      if (!branchPattern.test(name)) return undefined;
      return locked(async () => {
        await fetchBranches(['+refs/tags/*:refs/tags/*']);
        for (const ref of [`refs/heads/${name}`, `refs/tags/${name}`]) {
          if (!(await succeeds(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]))) continue;
          const commit = (await git.run(['rev-parse', '--verify', `${ref}^{commit}`])).toString('utf8').trim();
          const isMerged = await succeeds(['merge-base', '--is-ancestor', commit, 'refs/heads/main']);
          if (isMerged) await isHere(commit);
          return { commit, isMerged };
        }
        return undefined;
      });
    },
    async readFile(commit, path, maxBytes = 4 * 2 ** 20) {
      assertCommit(commit);
      if (!isSafePath(path)) return undefined;
      const file = (await listTree(git, commit, path)).find((f) => f.path === path);
      if (!file || file.kind === 'link') return undefined;
      if (file.bytes > maxBytes) throw new ProblemError(problem('file-too-large', [path, file.bytes, maxBytes]));
      for await (const content of readBlobs(git, [file.blob])) return content;
      return undefined;
    },
    async readFiles(commit, paths, maxBytes = 4 * 2 ** 20) {
      assertCommit(commit);
      const wanted = new Set(paths);
      const files = (await listTree(git, commit)).filter(({ path, kind }) => wanted.has(path) && kind !== 'link');
      const tooLarge = files.find(({ bytes }) => bytes > maxBytes);
      if (tooLarge) throw new ProblemError(problem('file-too-large', [tooLarge.path, tooLarge.bytes, maxBytes]));
      const contents = new Map<string, Buffer>();
      let next = 0;
      for await (const content of readBlobs(
        git,
        files.map(({ blob }) => blob),
      )) {
        const file = files[next++];
        if (file && content) contents.set(file.path, content);
      }
      return contents;
    },
    async listFiles(commit) {
      assertCommit(commit);
      return listTree(git, commit);
    },
    async compare(from, to, limits = comparisonLimits) {
      assertCommit(from);
      assertCommit(to);
      return compareCommits(git, from, to, limits);
    },
    async checkOut(commit, folder) {
      assertCommit(commit);
      return checkOutFiles(git, await listTree(git, commit), folder);
    },
    async isAncestor(ancestor, descendant) {
      assertCommit(ancestor);
      assertCommit(descendant);
      return succeeds(['merge-base', '--is-ancestor', ancestor, descendant]);
    },
  };
}
