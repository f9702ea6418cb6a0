// Looks whether what a command is to see is there, before anything is started: no executor may make a missing folder up.
import { access } from 'node:fs/promises';
import { ProblemError, type Mount } from '@glovebox/record';
import { problem } from './problems.js';

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** @throws ProblemError naming the first that is missing */
export async function assertMounts(mounts: readonly Mount[]): Promise<void> {
  for (const { from } of mounts) {
    if (!(await exists(from))) throw new ProblemError(problem('mount-missing', [from]));
  }
}
