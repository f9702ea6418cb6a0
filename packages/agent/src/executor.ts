// What confines the actions of this agent, by its configuration.
import { bubblewrapSandbox, dockerSandbox } from '@glovebox/sandbox';
import type { Sandbox } from '@glovebox/record';
import type { Configuration } from './configuration.js';

/** `docker` runs actions in images, `bubblewrap` with the programs of this machine. */
export type Executor =
  | { readonly kind: 'bubblewrap' }
  | { readonly kind: 'docker'; readonly socketPath: string; readonly processors: number };

/** Nobody else works in this agent's data folder, so its path tells its containers from those of others. */
export function openSandbox({
  executor,
  dataFolder,
  runtimes,
}: Pick<Configuration, 'executor' | 'dataFolder' | 'runtimes'>): Sandbox {
  if (executor.kind === 'bubblewrap') return bubblewrapSandbox();
  const { socketPath, processors } = executor;
  const trialImages = Object.values(runtimes).flatMap((runtime) =>
    typeof runtime === 'string' ? [] : [runtime.image],
  );
  return dockerSandbox({ owner: dataFolder, socketPath, processors, trialImages });
}
