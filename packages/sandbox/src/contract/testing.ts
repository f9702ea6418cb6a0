// The executors that the contract is tried on, each as it is used: the real program or a real engine.
import { join } from 'node:path';
import type { Sandbox } from '@glovebox/record';
import { startTestCluster, startTestEngine } from '@glovebox/testkit';
import { openCeiling } from '../bubblewrap/ceiling.js';
import { bubblewrapSandbox, dockerSandbox, slurmSandbox } from '../index.js';

export interface Executor {
  readonly name: string;
  readonly sandbox: Sandbox;
  readonly image?: string;
  /** What every command's environment holds besides what it was given. */
  readonly addedToEnvironment: readonly string[];
  /** What its commands must not reach, besides what none may. */
  readonly sockets: readonly string[];
  /** Whether its commands see nothing but their mounts, not even an image. */
  readonly isBare: boolean;
  /** Whether the kernel counts the memory of a command, with its own part of it. */
  readonly holdsMemory: boolean;
  /** Milliseconds that an action that does nothing may take. */
  readonly idleMilliseconds: number;
  /** Whether attempts may be made side by side, because each spends its time waiting for a node. */
  readonly isQueued: boolean;
  /** Why it can't be tried here. */
  readonly skipped?: string;
  stop(): Promise<void>;
}

const ceiling = openCeiling({ memoryBytes: 2 ** 28, processes: 1, fileBytes: 1 });
const holdsMemory = ceiling.holdsMemory();
await ceiling.remove();

const bubblewrap: Executor = {
  name: 'bubblewrap',
  sandbox: bubblewrapSandbox(),
  addedToEnvironment: ['PWD'],
  sockets: [],
  isBare: true,
  holdsMemory,
  idleMilliseconds: 250,
  isQueued: false,
  stop: () => Promise.resolve(),
};

const owner = `contract-${process.pid}`;

async function docker(): Promise<Executor> {
  const engine = await startTestEngine();
  const common = {
    name: 'docker',
    addedToEnvironment: ['PWD', 'PATH', 'HOSTNAME', 'HOME'],
    isBare: false,
    holdsMemory: true,
    // Where this machine can be slow: several engines may be starting at once.
    idleMilliseconds: 1500,
    isQueued: false,
  };
  if (typeof engine === 'string') {
    console.warn(`The Docker executor is not tested here: ${engine}.`);
    return {
      ...common,
      sandbox: dockerSandbox({ owner }),
      sockets: [],
      skipped: engine,
      stop: () => Promise.resolve(),
    };
  }
  return {
    ...common,
    sandbox: dockerSandbox({ owner, socketPath: engine.socketPath, trialImages: [engine.image] }),
    image: engine.image,
    sockets: [engine.socketPath],
    stop: () => engine.stop(),
  };
}

/** Looked at often, since the tests wait for it; the folder is the cluster's own, which is removed with it. */
async function slurm(): Promise<Executor> {
  const cluster = await startTestCluster();
  const common = {
    name: 'slurm',
    addedToEnvironment: ['PWD'],
    isBare: true,
    holdsMemory,
    // Most of it is the wait for the next round of a scheduler.
    idleMilliseconds: 6000,
    isQueued: true,
  };
  if (typeof cluster === 'string') {
    console.warn(`The Slurm executor is not tested here: ${cluster}.`);
    const sandbox = slurmSandbox({ owner, folder: '/nonexistent' });
    return { ...common, sandbox, sockets: [], skipped: cluster, stop: () => Promise.resolve() };
  }
  const { configurationFile, socketPath } = cluster;
  const pace = { lookMilliseconds: 50, askMilliseconds: 1000, settleMilliseconds: 0 };
  return {
    ...common,
    sandbox: slurmSandbox({ owner, folder: join(cluster.folder, 'exchange'), configurationFile, pace }),
    sockets: [socketPath],
    stop: () => cluster.stop(),
  };
}

export const executors: readonly Executor[] = [bubblewrap, await docker(), await slurm()];

/** For the name of a suite, so that a report says why something was skipped. */
export const titleOf = ({ name, skipped }: Executor): string =>
  skipped === undefined ? name : `${name} (skipped: ${skipped})`;
