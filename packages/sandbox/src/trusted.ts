// Runs a command of Glovebox's own: not confined, but tied to the life of this process. It gets a process tree of its own
// (a pid namespace), so that all of it ends together: at a limit, when the caller asks, or when this process dies.
//
// Two launchers, because what runs here makes sandboxes itself. For root it is unshare: bwrap would cover parts of /proc, and
// the kernel then refuses to mount another one inside. For anybody else it is bwrap: entering a user namespace makes the
// kernel forget that a process is to die with its parent, and only bwrap asks for that again.
import type { ConfinedCommand, ConfinedResult } from '@glovebox/record';
import { supervise } from './bubblewrap/supervise.js';

export type TrustedCommand = Omit<ConfinedCommand, 'mounts'>;

const launchers = {
  root: ['/usr/bin/unshare', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--'],
  other:
    '/usr/bin/bwrap --dev-bind / / --unshare-pid --proc /proc --die-with-parent --new-session --json-status-fd 4 --'.split(
      ' ',
    ),
};

/**
 * @returns how it ended, with the same meaning as for a confined command
 * @throws ProblemError when it can't be started
 */
export async function runTrusted(command: TrustedCommand): Promise<ConfinedResult> {
  return supervise(
    { ...command, mounts: [] },
    {
      launcher: process.getuid?.() === 0 ? launchers.root : launchers.other,
      env: command.env,
      cwd: command.cwd,
      arguments: [],
      filter: Buffer.alloc(0),
      scratch: [],
      hasLimiter: false,
    },
  );
}
