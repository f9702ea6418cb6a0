// Runs a command of Glovebox's own: not confined, but tied to the life of this process. It gets a process tree of its own
// (a pid namespace), so that all of it ends together: at a limit, when the caller asks, or when this process dies.
//
// unshare rather than bwrap, because bwrap covers parts of /proc for root, and the kernel then refuses to let a sandbox be
// made inside: what runs here makes sandboxes itself.
import type { ConfinedCommand, ConfinedResult } from '@glovebox/record';
import { supervise } from './bubblewrap/supervise.js';

export type TrustedCommand = Omit<ConfinedCommand, 'mounts'>;

/**
 * @returns how it ended, with the same meaning as for a confined command
 * @throws ProblemError when it can't be started
 */
export async function runTrusted(command: TrustedCommand): Promise<ConfinedResult> {
  const own = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user'];
  return supervise(
    { ...command, mounts: [] },
    {
      launcher: ['/usr/bin/unshare', ...own, '--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--'],
      env: command.env,
      cwd: command.cwd,
      arguments: [],
      filter: Buffer.alloc(0),
      scratch: [],
      hasLimiter: false,
    },
  );
}
