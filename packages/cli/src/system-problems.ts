// Faults of the machine that a user can mend, as problems: a folder that may not be written to, a full disk. What is none of these
// is a mistake of Glovebox and keeps its stack.
import { catalogue, type Problem } from '@glovebox/record';

const elsewhere = 'Work in a copy of the folder where this user may write, or change its owner or mode.';
const reasons: Readonly<Record<string, readonly [reason: string, next: string]>> = {
  EROFS: ['it is on a file system that is read-only', elsewhere],
  EACCES: ['this user may not', elsewhere],
  EPERM: ['this user may not', elsewhere],
  ENOTDIR: ['a part of its path is not a folder', 'Check the path.'],
  ENAMETOOLONG: ['the name is longer than a file may have', 'Choose a shorter name.'],
  ENOSPC: ['the disk is full', 'Free some space; in a study, `glovebox clean` removes what runs left.'],
  EDQUOT: ['the share of the disk that this user has is used up', 'Free some space, then run the command again.'],
  EMFILE: ['this user has too many files open', 'Raise the limit (ulimit -n), then run the command again.'],
  ENFILE: ['the machine has too many files open', 'Close other programs, then run the command again.'],
};

export const systemProblems = {
  'system-refused': (path: string, reason: string, next: string) => ({
    message: `${path} can't be read or written: ${reason}.`,
    hint: next,
  }),
} as const;

const problem = catalogue(systemProblems);

/** @returns undefined for any other error */
export function systemProblem(error: unknown): Problem | undefined {
  const { code = '', path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  const words = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return words && problem('system-refused', [dest ?? path ?? 'A file', ...words]);
}
