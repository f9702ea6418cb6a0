// The studies whose code the site reads, each through a mirror that is opened once and kept.
import { allowedImages } from '@glovebox/pipeline';
import { type AllowedRepositories, type Mirror, openMirror, openReleases } from '@glovebox/repository';
import { readStudy, type StudyRead } from './read-study.js';

export interface StudyWanted {
  readonly repository: string;
  readonly branch: string;
  readonly commit: string | undefined;
  /** Reusable actions are resolved for these and what they need. */
  readonly actions: readonly string[];
}

export interface Studies {
  /** The repository's mirror. Throws ProblemError when the repository is not allowed here. */
  open(repository: string): Promise<Mirror>;
  /**
   * What a request needs to know of the study at a commit, the branch's newest when absent.
   * Throws ProblemError when the repository, branch or commit can't be had, or with everything that is wrong in its files.
   */
  read(wanted: StudyWanted): Promise<StudyRead>;
}

export interface StudiesOptions {
  /** Where the mirrors are kept. */
  readonly folder: string;
  readonly allowed: AllowedRepositories;
  /** Images that actions may name; the usual ones when absent. */
  readonly images?: readonly string[];
  /** As for `openReleases`. */
  readonly reusableActions?: string | null;
}

export function createStudies(options: StudiesOptions): Studies {
  const { folder, allowed, images = allowedImages, reusableActions: base = null } = options;
  const policy = { images, reusable: base === null ? null : openReleases({ folder, base }) };
  const mirrors = new Map<string, Promise<Mirror>>();

  const open = (repository: string): Promise<Mirror> => {
    const known = mirrors.get(repository);
    if (known) return known;
    const opening = openMirror({ folder, url: repository, allowed });
    mirrors.set(repository, opening);
    // A failure is not kept: what was wrong may have been put right.
    opening.catch(() => mirrors.delete(repository));
    return opening;
  };

  return {
    open,
    async read({ repository, branch, commit: wanted, actions }) {
      const mirror = await open(repository);
      const commit = wanted ?? (await mirror.resolveBranch(branch));
      await mirror.fetchCommit(commit);
      return readStudy(mirror, commit, actions, policy);
    },
  };
}
