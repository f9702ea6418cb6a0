// The studies whose code the site reads, each through a mirror that is opened once and kept.
import { isUtf8 } from 'node:buffer';
import { ProblemError } from '@glovebox/record';
import { type AllowedRepositories, type Mirror, openMirror } from '@glovebox/repository';
import { problem } from './api/problems.js';

export interface Studies {
  /** The repository's mirror. Throws ProblemError when the repository is not allowed here. */
  open(repository: string): Promise<Mirror>;
  /**
   * The commit (the branch's newest when absent) and the text of its project.yaml.
   * Throws ProblemError when the repository, branch, commit or file can't be had.
   */
  readPipelineText(
    repository: string,
    branch: string,
    commit: string | undefined,
  ): Promise<{ readonly commit: string; readonly text: string }>;
}

export interface StudiesOptions {
  /** Where the mirrors are kept. */
  readonly folder: string;
  readonly allowed: AllowedRepositories;
}

/** More than any real pipeline has. Reading blocks the process, about a second for one of this size. */
const mostPipelineBytes = 512 * 1024;

export function createStudies({ folder, allowed }: StudiesOptions): Studies {
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
    async readPipelineText(repository, branch, wanted) {
      const mirror = await open(repository);
      const commit = wanted ?? (await mirror.resolveBranch(branch));
      await mirror.fetchCommit(commit);
      const bytes = await mirror.readFile(commit, 'project.yaml', mostPipelineBytes);
      if (!bytes) throw new ProblemError(problem('pipeline-missing', [commit]));
      if (!isUtf8(bytes)) throw new ProblemError(problem('pipeline-not-text', [], { path: 'project.yaml' }));
      return { commit, text: new TextDecoder().decode(bytes) };
    },
  };
}
