// Runs steps at the same time as far as their needs and a limit allow. It knows nothing of studies.

export interface Step {
  readonly name: string;
  /** Names of other steps; names that are no step of this run are there already. */
  readonly needs: readonly string[];
}

/** How a started step ended: `stopped` when its signal was aborted. */
export type StepEnd = 'succeeded' | 'failed' | 'stopped';

export interface ScheduleOptions {
  readonly concurrency: number;
  /** Otherwise the first failure stops the steps that are running and starts no others. */
  readonly continueOnError: boolean;
  readonly signal: AbortSignal;
}

/**
 * @param start begins a step; a rejection is a fault, which stops everything and is passed on
 * @returns how each step ended; `not-started` for those that never began
 */
export async function runSteps<S extends Step>(
  steps: readonly S[],
  { concurrency, continueOnError, signal }: ScheduleOptions,
  start: (step: S, signal: AbortSignal) => Promise<StepEnd>,
): Promise<ReadonlyMap<string, StepEnd | 'not-started'>> {
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const names = new Set(steps.map(({ name }) => name));
  const ends = new Map<string, StepEnd | 'not-started'>();
  const running = new Map<string, Promise<void>>();
  const faults: unknown[] = [];

  async function follow(step: S): Promise<void> {
    try {
      const end = await start(step, stopped);
      ends.set(step.name, end);
      if (end === 'failed' && !continueOnError) stop.abort();
    } catch (error) {
      faults.push(error);
      ends.set(step.name, 'stopped');
      stop.abort();
    }
    running.delete(step.name);
  }

  const isReady = ({ name, needs }: S): boolean =>
    !ends.has(name) && !running.has(name) && needs.every((need) => !names.has(need) || ends.get(need) === 'succeeded');

  for (;;) {
    for (const step of steps) {
      if (stopped.aborted || running.size >= concurrency) break;
      if (isReady(step)) running.set(step.name, follow(step));
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (faults.length > 0) throw faults[0];
  for (const { name } of steps) if (!ends.has(name)) ends.set(name, 'not-started');
  return ends;
}
