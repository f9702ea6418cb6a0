// The sandbox of a cluster: Slurm chooses the node and gives the allocation, bubblewrap confines the command on it. This is
// how an installation outgrows one machine; nothing here decides where something runs.
//
// Everything that a command mounts, and the folder given here, must be at the same path on every node; so must this package
// and the node program that runs it. A job outlives whoever submitted it, so what carries the owner's name at the next start
// is cancelled.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandLost, ProblemError, type Limits, type Problem, type Sandbox } from '@glovebox/record';
import { systemMounts } from '../bubblewrap/arguments.js';
import { assertMounts, exists } from '../mounts.js';
import { problem } from '../problems.js';
import { assertReachable, assertTaken, cancel, findJobs, namesOf, type ClusterOptions } from './cluster.js';
import { JobFailure, runJob, type Pace } from './run-job.js';

export interface SlurmOptions extends ClusterOptions {
  /**
   * Names whoever submits these jobs, the same after a restart and different from anybody else at the same cluster: what
   * carries this name at the next start was left behind.
   */
  readonly owner: string;
  /** A folder for this sandbox alone, on a file system that every node sees at this path. */
  readonly folder: string;
  readonly pace?: Partial<Pace>;
  /** The most that a command will be given. The probe asks whether a node could ever give that. */
  readonly largest?: Limits;
  /** How long the probe's own job may wait for a node. Default: 300 */
  readonly longestTrialWaitSeconds?: number;
}

const defaultPace: Pace = { lookMilliseconds: 500, askMilliseconds: 5000, settleMilliseconds: 15_000 };
const trialLimits = { memoryBytes: 2 ** 28, processes: 16, fileBytes: 2 ** 20, wallSeconds: 60, processors: 1 };
const endSeconds = 120;

/**
 * @example
 * const sandbox = slurmSandbox({ owner: '/shared/glovebox', folder: '/shared/glovebox/slurm' });
 * const refused = await sandbox.probe();
 * if (refused) throw new ProblemError(refused);
 * await sandbox.removeLeftovers();
 */
export function slurmSandbox(options: SlurmOptions): Sandbox & Required<Pick<Sandbox, 'removeLeftovers'>> {
  const { owner, folder } = options;
  const pace = { ...defaultPace, ...options.pace };
  const around = { cluster: options, owner, folder, pace };
  const prepare = () => mkdir(folder, { recursive: true, mode: 0o700 });

  const run: Sandbox['run'] = async ({ onOutput, onMemory, signal, ...command }) => {
    if (signal?.aborted) return { usage: { wallSeconds: 0 }, ended: 'cancelled' };
    await assertMounts(command.mounts);
    await prepare();
    return runJob(
      {
        order: { command },
        job: command.job ?? 'command',
        limits: command.limits,
        ...(onOutput ? { onOutput } : {}),
        ...(onMemory ? { onMemory } : {}),
        ...(signal ? { signal } : {}),
      },
      around,
    );
  };

  async function removeLeftovers(): Promise<number> {
    await assertReachable(options);
    const found = await findJobs(options, namesOf(owner));
    if (found.length > 0) await cancel(options, found);
    for (const until = Date.now() + endSeconds * 1000; Date.now() < until; await pause(pace.lookMilliseconds)) {
      if ((await findJobs(options, namesOf(owner))).length > 0) continue;
      await prepare();
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
      return found.length;
    }
    throw new Error('Slurm did not end the jobs that were left running');
  }

  async function tryOut(): Promise<Problem | undefined> {
    for (const name of ['sbatch', 'squeue', 'scancel']) {
      const program = join(options.programs ?? '/usr/bin', name);
      if (!(await exists(program))) return problem('slurm-missing', [program]);
    }
    try {
      await assertReachable(options);
      await prepare();
      const { largest, longestTrialWaitSeconds = 300 } = options;
      if (largest) await assertTaken(options, folder, largest);
      const trial = {
        order: { trial: true },
        job: 'trial',
        limits: trialLimits,
        longestWaitSeconds: longestTrialWaitSeconds,
      } as const;
      const { ended } = await runJob(trial, around);
      return ended === 'exited' ? undefined : problem('cluster-unfit', [folder, `it ended by ${ended}`]);
    } catch (error) {
      if (error instanceof ProblemError) return error.problems[0];
      if (error instanceof JobFailure || error instanceof CommandLost)
        return problem('cluster-unfit', [folder, error.message]);
      throw error;
    }
  }

  let probed: Promise<Problem | undefined> | undefined;
  return { name: 'slurm', probe: () => (probed ??= tryOut()), systemMounts, run, removeLeftovers };
}
