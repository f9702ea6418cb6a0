// Everything about a repository that a user can act on.
import { catalogue } from '@glovebox/record';

export const repositoryProblems = {
  'repository-not-allowed': (url: string) => ({
    message: `The repository ${url} is not on the list of repositories that this installation may read.`,
    hint: 'Use a repository of an allowed organisation, or ask an administrator to allow it.',
  }),
  'repository-address-wrong': (url: string) => ({
    message: `${url} is not an address of a repository: https://HOST/ORGANISATION/NAME would be accepted.`,
  }),
  'repository-unreachable': (url: string) => ({
    message: `The repository ${url} could not be read.`,
    hint: 'Check that it exists and is public, then try again.',
  }),
  'repository-slow': (url: string, seconds: number) => ({
    message: `The repository ${url} did not answer within ${seconds} seconds.`,
    hint: 'Try again later.',
  }),
  'commit-malformed': (commit: string) => ({
    message: `"${commit}" is not a commit: 40 hexadecimal digits would be accepted.`,
  }),
  'commit-missing': (commit: string, url: string) => ({
    message: `The commit ${commit} is not on any branch of ${url}.`,
    hint: 'Push the commit, then try again.',
  }),
  'branch-missing': (branch: string, url: string) => ({
    message: `The repository ${url} has no branch called "${branch}".`,
    hint: 'Push the branch, or name another one.',
  }),
  'file-too-large': (path: string, bytes: number, limit: number) => ({
    message: `${path} has ${bytes} bytes, and at most ${limit} can be read.`,
  }),
  'too-many-files': (commit: string, limit: number) => ({
    message: `The commit ${commit} has more files than the ${limit} that can be handled.`,
  }),
};

export const problem = catalogue(repositoryProblems);
