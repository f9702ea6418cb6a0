// The sandbox made of containers of a Docker engine on this machine, for sites that keep their runtimes as images.
//
// The engine is trusted: whoever may use its socket is as good as root. So the socket is never given to a command, and every
// setting of a container is spelt out (container.ts) instead of left to the engine's defaults.
import type Docker from 'dockerode';
import {
  CommandLost,
  ProblemError,
  type ConfinedCommand,
  type ConfinedResult,
  type Problem,
  type Sandbox,
} from '@glovebox/record';
import { findLeak, lookAround } from '../confinement.js';
import { assertMounts } from '../mounts.js';
import { problem } from '../problems.js';
import { containerOptions, jobLabel, ownerLabel } from './container.js';
import { connect, examine, isGone, unreachable, type EngineFitness } from './engine.js';
import { findImage } from './image.js';
import { giveFolders, insideUser } from './ownership.js';
import { remove, runContainer } from './run-container.js';

export interface DockerOptions {
  /**
   * Names whoever starts these containers, the same after a restart and different from anybody else at the same engine:
   * what carries this name at the next start was left behind.
   */
  readonly owner: string;
  /** Default: /var/run/docker.sock */
  readonly socketPath?: string;
  /** How many processors' worth of time a command may use. Default: 2, or what the machine has if that is less. */
  readonly processors?: number;
  /**
   * Images (`name@sha256:...`) with /bin/cat: in the first that the engine has, the probe looks at what a container sees.
   * It refuses when the engine has none of them.
   */
  readonly trialImages?: readonly string[];
}

const defaultSocket = '/var/run/docker.sock';
const defaultProcessors = 2;

/**
 * @example
 * const sandbox = dockerSandbox({ owner: '/srv/glovebox', trialImages: ['study/python@sha256:...'] });
 * const refused = await sandbox.probe();
 * if (refused) throw new ProblemError(refused);
 * await sandbox.removeLeftovers();
 */
export function dockerSandbox(options: DockerOptions): Sandbox & Required<Pick<Sandbox, 'removeLeftovers'>> {
  const socketPath = options.socketPath ?? defaultSocket;
  let connection: Promise<Docker> | undefined;
  const connected = () => (connection ??= connect(socketPath));
  let examined: Promise<EngineFitness> | undefined;
  async function fitness(): Promise<EngineFitness> {
    const engine = await connected();
    examined ??= examine(engine, socketPath);
    // An engine that did not answer is asked again.
    examined.catch(() => (examined = undefined));
    return examined;
  }

  async function run(command: ConfinedCommand): Promise<ConfinedResult> {
    if (command.signal?.aborted) return { usage: { wallSeconds: 0 }, ended: 'cancelled' };
    const { processors, refused } = await fitness();
    if (refused) throw new ProblemError(refused);
    await assertMounts(command.mounts);
    try {
      return await runOn(await connected(), processors, command);
    } catch (error) {
      if (isGone(error)) throw new CommandLost('the engine of containers went away', { cause: error });
      throw error;
    }
  }

  async function runOn(engine: Docker, processors: number, command: ConfinedCommand): Promise<ConfinedResult> {
    // What an engine that went away under this job kept of it.
    if (command.job !== undefined) await removeLabelled(engine, [`${jobLabel}=${command.job}`]);
    const image = await findImage(engine, command.image);
    await giveFolders(command.mounts);
    const settings = containerOptions(command, {
      owner: options.owner,
      imageId: image.id,
      volumes: image.volumes,
      user: insideUser(),
      processors: Math.min(processors, options.processors ?? defaultProcessors, command.limits.processors ?? Infinity),
    });
    return runContainer(engine, command, settings);
  }

  async function removeLeftovers(): Promise<number> {
    try {
      return await removeLabelled(await connected(), []);
    } catch (error) {
      throw unreachable(socketPath, error);
    }
  }

  /** Of this owner only. @returns how many containers there were */
  async function removeLabelled(engine: Docker, labels: readonly string[]): Promise<number> {
    const label = [`${ownerLabel}=${options.owner}`, ...labels];
    const found = await engine.listContainers({ all: true, filters: { label } });
    for (const { Id } of found) await remove(engine.getContainer(Id));
    return found.length;
  }

  async function tryOut(): Promise<Problem | undefined> {
    try {
      const { refused } = await fitness();
      if (refused) return refused;
      let missing: Problem | undefined;
      for (const image of options.trialImages ?? []) {
        try {
          return await lookInside(run, image);
        } catch (error) {
          if (!(error instanceof ProblemError) || error.problems[0]?.code !== 'image-missing') throw error;
          missing ??= error.problems[0];
        }
      }
      return missing;
    } catch (error) {
      if (error instanceof ProblemError) return error.problems[0];
      throw error;
    }
  }

  let probed: Promise<Problem | undefined> | undefined;
  return { name: 'docker', probe: () => (probed ??= tryOut()), systemMounts: () => [], run, removeLeftovers };
}

/** Runs a trial command and looks at what it sees, rather than trusting that an option worked. */
async function lookInside(run: Sandbox['run'], image: string): Promise<Problem | undefined> {
  let seen = '';
  const result = await run({
    argv: lookAround,
    image,
    cwd: '/tmp',
    env: {},
    mounts: [],
    limits: { memoryBytes: 2 ** 28, processes: 16, fileBytes: 2 ** 20, wallSeconds: 60 },
    onOutput: (chunk) => (seen += chunk.toString('latin1')),
  });
  if (result.ended !== 'exited' || result.exitCode !== 0) return problem('confinement-broken', ['it did not run']);
  const leak = findLeak(seen);
  return leak === undefined ? undefined : problem('confinement-broken', [leak]);
}
