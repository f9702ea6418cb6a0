// Finds releases of shared code in one organisation's repositories: NAME at RELEASE is a tag or branch of the repository that
// stands at the base followed by the name.
import { isAbsolute, join } from 'node:path';
import { ProblemError } from '@glovebox/record';
import { openMirror, type Mirror } from './mirror.js';

export interface ReleasesOptions {
  /** Where the mirrors are kept. */
  readonly folder: string;
  /** `https://HOST/ORGANISATION/`, or a folder of this machine that holds repositories. */
  readonly base: string;
}

export type Release =
  | {
      readonly found: 'release';
      readonly repository: string;
      readonly commit: string;
      readonly actionYaml: string | null;
    }
  | { readonly found: 'no-repository' | 'no-release' | 'not-merged'; readonly repository: string };

/** Problems that mean that there is no such repository, as far as can be told from outside. */
const meansMissing = new Set(['repository-unreachable', 'repository-not-allowed', 'repository-address-wrong']);

/**
 * @example
 * const releases = openReleases({ folder, base: 'https://github.com/opensafely-actions/' });
 * await releases.find('cox-ipw', 'v0.0.31');
 */
export function openReleases({ folder, base }: ReleasesOptions): {
  /** @throws ProblemError when the repository is there and can't be read in time */
  find(name: string, release: string): Promise<Release>;
} {
  const isLocal = isAbsolute(base);
  const start = isLocal || base.endsWith('/') ? base : `${base}/`;
  const allowed = { addresses: isLocal ? [] : [start], localFolders: isLocal ? [start] : [] };

  async function open(repository: string, release: string) {
    const mirror: Mirror = await openMirror({ folder, url: repository, allowed });
    return { mirror, resolved: await mirror.resolveRelease(release) };
  }

  return {
    async find(name, release) {
      const repository = isLocal ? join(start, name) : `${start}${name}`;
      let opened: Awaited<ReturnType<typeof open>>;
      try {
        opened = await open(repository, release);
      } catch (error) {
        const isMissing = error instanceof ProblemError && error.problems.every(({ code }) => meansMissing.has(code));
        if (isMissing) return { found: 'no-repository', repository };
        throw error;
      }
      const { mirror, resolved } = opened;
      if (!resolved) return { found: 'no-release', repository };
      if (!resolved.isMerged) return { found: 'not-merged', repository };
      const text = await mirror.readFile(resolved.commit, 'action.yaml', 64 * 1024);
      return { found: 'release', repository, commit: resolved.commit, actionYaml: text?.toString('utf8') ?? null };
    },
  };
}
