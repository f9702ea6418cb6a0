// What confines the actions of this agent, by its configuration.
import { join } from 'node:path';
import { bubblewrapSandbox, dockerSandbox, slurmSandbox } from '@glovebox/sandbox';
import type { Sandbox } from '@glovebox/record';
import type { Configuration } from './configuration.js';

/** `docker` runs actions in images, `bubblewrap` with the programs of this machine, `slurm` with those of a cluster's nodes. */
export type Executor =
  | { readonly kind: 'bubblewrap' }
  | { readonly kind: 'docker'; readonly socketPath: string; readonly processors: number }
  | {
      readonly kind: 'slurm';
      readonly configurationFile?: string;
      readonly partition?: string;
      readonly account?: string;
    };

/** Nobody else works in this agent's data folder, so its path tells its containers, or its jobs in a cluster, from those of others. */
export function openSandbox({
  executor,
  dataFolder,
  runtimes,
  limits,
}: Pick<Configuration, 'executor' | 'dataFolder' | 'runtimes' | 'limits'>): Sandbox {
  if (executor.kind === 'bubblewrap') return bubblewrapSandbox();
  if (executor.kind === 'slurm')
    return slurmSandbox({ ...executor, owner: dataFolder, folder: join(dataFolder, 'slurm'), largest: limits });
  const { socketPath, processors } = executor;
  const trialImages = Object.values(runtimes).flatMap((runtime) =>
    typeof runtime === 'string' ? [] : [runtime.image],
  );
  return dockerSandbox({ owner: dataFolder, socketPath, processors, trialImages });
}
