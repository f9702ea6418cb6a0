// A study's code as pages read it. Commits never change, so the list of a commit's files is kept; texts are capped in size.
// Only commits that a job request names are ever asked for, so a visitor can't make the site fetch anything else.
import { isUtf8 } from 'node:buffer';
import type { Comparison, Mirror } from '@glovebox/repository';
import { kept } from './kept.js';

export interface StudyCode {
  readonly compare: (from: string, to: string) => Promise<Comparison>;
  /** `null`: no such file at the commit, or it is binary or too large to show. */
  readonly readText: (commit: string, path: string) => Promise<string | null>;
  /** Every path at the commit. */
  readonly listFiles: (commit: string) => Promise<ReadonlySet<string>>;
}

const mostShownBytes = 512 * 1024;

const keptLists = kept<Promise<ReadonlySet<string>>>(50);

/**
 * @param repository names the repository among others
 * @param open gives its mirror; called for each read, so the caller keeps it open
 */
export function studyCodeOf(repository: string, open: () => Promise<Mirror>): StudyCode {
  const at = async (...commits: readonly string[]): Promise<Mirror> => {
    const mirror = await open();
    for (const commit of commits) await mirror.fetchCommit(commit);
    return mirror;
  };
  const list = async (commit: string) => new Set((await (await at(commit)).listFiles(commit)).map((file) => file.path));
  return {
    compare: async (from, to) => (await at(from, to)).compare(from, to),
    readText: async (commit, path) => {
      const mirror = await at(commit);
      const content = await mirror.readFile(commit, path, mostShownBytes);
      return content && isUtf8(content) && !content.includes(0) ? content.toString('utf8') : null;
    },
    listFiles: (commit) => keptLists(`${repository} ${commit}`, () => list(commit)),
  };
}

/** How long a page waits for code; what comes later is there for the next reader. */
const patienceMilliseconds = 2500;

/** The answer, or `null` when it fails or takes too long to wait for. */
export async function inTime<T>(answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMilliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** The paths at a commit, or none when they can't be had in time: links to code are a comfort, not the page. */
export const filesOf = async (code: StudyCode, commit: string): Promise<ReadonlySet<string>> =>
  (await inTime(code.listFiles(commit))) ?? new Set();
