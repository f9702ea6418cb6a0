// The sandbox made of bubblewrap: no network, no capabilities, namespaces of its own for everything, a filter on system
// calls, and a file system that holds what was mounted and nothing else.
//
// Memory of all processes together is watched (tree.ts) and not only limited per process, because a limit on one process
// says nothing about forty.
import { ProblemError, type ConfinedCommand, type Mount, type Problem, type Sandbox } from '@glovebox/record';
import { findLeak, lookAround } from '../confinement.js';
import { assertMounts, exists } from '../mounts.js';
import { problem } from '../problems.js';
import { confinedArguments, systemMounts } from './arguments.js';
import { affinityProgram } from './processors.js';
import { seccompFilter } from './seccomp.js';
import { supervise } from './supervise.js';

const needed = ['/usr/bin/bwrap', '/usr/bin/prlimit', '/usr/bin/setpriv', affinityProgram];

const holdsLimiter = (mounts: readonly Mount[]) =>
  mounts.some(({ from, to }) => from === to && '/usr/bin/prlimit'.startsWith(`${to}/`));

async function run(command: ConfinedCommand) {
  const filter = seccompFilter(process.arch, command.limits.processors !== undefined);
  if (!filter) throw new ProblemError(problem('processor-unknown', [process.arch]));
  await assertMounts(command.mounts);
  return supervise(command, {
    launcher: ['/usr/bin/bwrap', '--args', '3', '--seccomp', '5', '--json-status-fd', '4', '--'],
    env: {},
    cwd: '/',
    arguments: confinedArguments(command),
    filter,
    scratch: ['/tmp', '/dev/shm'],
    hasLimiter: holdsLimiter(command.mounts),
  });
}

/** Runs a trial command and looks at what it sees, rather than trusting that an option worked. */
async function tryOut(): Promise<Problem | undefined> {
  for (const program of needed) {
    if (!(await exists(program))) return problem('program-missing', [program]);
  }
  if (!seccompFilter(process.arch)) return problem('processor-unknown', [process.arch]);
  let seen = '';
  let result;
  try {
    result = await run({
      argv: lookAround,
      cwd: '/tmp',
      env: {},
      mounts: systemMounts(),
      limits: { memoryBytes: 2 ** 28, processes: 16, fileBytes: 2 ** 20, wallSeconds: 20 },
      onOutput: (chunk) => (seen += chunk.toString('utf8')),
    });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const detail = error.cause instanceof Error ? error.cause.message.split('\n')[0]! : error.message;
    return problem('namespaces-refused', [detail.replace(/^bwrap: /, '')]);
  }
  if (result.ended !== 'exited' || result.exitCode !== 0) return problem('confinement-broken', ['it did not run']);
  const leak = findLeak(seen);
  return leak === undefined ? undefined : problem('confinement-broken', [leak]);
}

/**
 * @example
 * const sandbox = bubblewrapSandbox();
 * const refused = await sandbox.probe();
 * if (refused) throw new ProblemError(refused);
 */
export function bubblewrapSandbox(): Sandbox {
  let probed: Promise<Problem | undefined> | undefined;
  return { name: 'bubblewrap', probe: () => (probed ??= tryOut()), systemMounts, run };
}
