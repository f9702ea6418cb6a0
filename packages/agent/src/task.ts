// One leased task, from its lease to the answered report.
//
// A heartbeat goes out whenever the phase changes and at least three times a lease. "Stop" as the answer means that the lease
// is lost or the job was cancelled: everything of it is killed and forgotten. When the site cannot be reached the action runs
// on: its result is kept, and a later lease of the same job (with a higher fence) takes over the running one.
import { join } from 'node:path';
import { retriedAfterSeconds, type Limits, type Sandbox } from '@glovebox/record';
import { memoryInSteps, type Heartbeat, type Lease, type ResourceRequest } from '@glovebox/wire';
import type { Identities } from './backend-report.js';
import { type Manifest, type Programs, reviewLimits, runAction } from '@glovebox/execution';
import { openMirror } from '@glovebox/repository';
import type { Configuration } from './configuration.js';
import { deliver, type Delivery } from './deliver.js';
import { extract } from './extraction.js';
import { endingOf, faultEnding } from './outcome.js';
import { holdToRepository } from './workspaces.js';

export interface TaskSurroundings extends Delivery {
  readonly agent: string;
  readonly configuration: Configuration;
  readonly programs: Programs;
  /** What stood for each image when the agent started; a job of a program of this machine tells its own. */
  readonly identities: Identities;
  readonly sandbox: Sandbox;
  /** Aborts when the agent is to end. */
  readonly stopping: AbortSignal;
}

export interface RunningTask {
  readonly job: string;
  readonly usesDatabase: boolean;
  /** Goes on under a newer lease of the same job. False when it is being stopped. */
  adopt(lease: Lease): boolean;
  /** Resolves when the report was answered, or nothing is left to report. Never rejects. */
  readonly done: Promise<void>;
}

/** What an action asks for, within what the backend gives. */
export function limitsFor({ memoryMegabytes, wallSeconds, processors }: ResourceRequest, own: Limits): Limits {
  const least = (wanted: number | undefined, most: number | undefined): number | undefined =>
    wanted === undefined ? most : Math.min(wanted, most ?? wanted);
  const memoryBytes = least(memoryMegabytes === undefined ? undefined : memoryMegabytes * 1e6, own.memoryBytes);
  const [wall, cores] = [least(wallSeconds, own.wallSeconds), least(processors, own.processors)];
  return {
    ...own,
    memoryBytes: memoryBytes ?? own.memoryBytes,
    ...(wall === undefined ? {} : { wallSeconds: wall }),
    ...(cores === undefined ? {} : { processors: cores }),
  };
}

/** What its action reads besides HOME, PATH and LANG. A licence is for the program that it belongs to alone. */
export const environmentFor = (
  image: string,
  { backend, stataLicence }: Pick<Configuration, 'backend' | 'stataLicence'>,
): Readonly<Record<string, string>> => ({
  OPENSAFELY_BACKEND: backend,
  ...(image === 'stata-mp' && stataLicence !== undefined ? { STATA_LICENSE: stataLicence } : {}),
});

const isWorthRepeating = ({ outcome }: Manifest): boolean =>
  'reason' in outcome && outcome.reason !== undefined && retriedAfterSeconds[outcome.reason] !== undefined;

export function startTask(first: Lease, around: TaskSurroundings): RunningTask {
  const { agent, client, log, stopping } = around;
  const { run } = first;
  let lease = first;
  let phase: Heartbeat['phase'] = 'preparing';
  let executingSince: number | undefined;
  let memoryBytes: number | undefined;
  let isEnded = false;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, stopping]);
  const fields = () => ({ job: run.job, task: lease.task, fence: lease.fence });

  const progress = (): Pick<Heartbeat, 'elapsedSeconds' | 'memoryMegabytes'> =>
    executingSince === undefined
      ? {}
      : {
          elapsedSeconds: Math.floor((performance.now() - executingSince) / 1000),
          ...(memoryBytes === undefined ? {} : { memoryMegabytes: memoryInSteps(memoryBytes) }),
        };

  let isBeating = false;
  let isBeatWanted = false;
  async function beat(): Promise<void> {
    isBeatWanted = true;
    if (isBeating) return;
    isBeating = true;
    while (isBeatWanted && !signal.aborted) {
      isBeatWanted = false;
      const sent = lease;
      try {
        const { verdict } = await client.heartbeat(sent.task, { agent, fence: sent.fence, phase, ...progress() });
        if (verdict === 'stop' && sent === lease && !isEnded) {
          log.info('told to stop', fields());
          stop.abort();
        }
      } catch (error) {
        log.warn('heartbeat failed', fields(), error);
      }
    }
    isBeating = false;
  }
  const timer = setInterval(() => void beat(), (lease.leaseSeconds * 1000) / 3);

  /**
   * From here on only the answer to the report decides. A heartbeat that was under way when the site took the report is
   * answered with "stop", which then means nothing.
   */
  async function report(): Promise<void> {
    const ending = await runToEnd();
    if (!ending) return;
    isEnded = true;
    for (;;) {
      const sent = lease;
      const result = { agent, fence: sent.fence, ...ending };
      const verdict = await deliver({ job: run.job, task: sent.task, result }, around, stopping);
      // The answer to a report under an older lease says nothing about the newer one.
      if (verdict === 'accepted' || sent === lease) return;
    }
  }

  async function runToEnd() {
    const { configuration, identities, store, sandbox } = around;
    const known = await store.readJob(run.job);
    if (known && !isWorthRepeating(known.manifest)) {
      log.info('was complete already', fields());
      return endingOf(known.manifest, known.digest, run, identities);
    }
    // The site gave it out again because what made it fail passes; what it left is in the way of another try.
    if (known) await store.forget(run.job);
    void beat();
    try {
      const result = await runAction(run, {
        store,
        sandbox,
        signal,
        reviewLimits,
        outputLimits: configuration.outputLimits,
        runtimes: configuration.runtimes,
        limits: limitsFor(run.requests, configuration.limits),
        workFolder: join(configuration.dataFolder, 'work'),
        env: environmentFor(run.image, configuration),
        identify: (program) => around.programs.identify(program),
        ...(run.usesDatabase && configuration.database ? { dataRelease: configuration.database.release } : {}),
        onPhase: (next) => {
          phase = next;
          if (next === 'executing') executingSince = performance.now();
          // What happens after it is not the action's time.
          if (next === 'executed') executingSince = undefined;
          void beat();
        },
        onMemory: (bytes) => (memoryBytes = bytes),
        prepareCode: async (folder) => {
          await holdToRepository(join(configuration.dataFolder, 'workspaces'), configuration.workspaces, run);
          // A reusable action runs on its own code; the study's is not there.
          const code = run.code ?? run;
          const mirror = await openMirror({
            folder: join(configuration.dataFolder, 'repositories'),
            url: code.repository,
            allowed: { addresses: configuration.allowedAddresses, localFolders: configuration.allowedFolders },
          });
          await mirror.fetchCommit(code.commit);
          await mirror.checkOut(code.commit, folder);
        },
        extract: (extraction) => extract(extraction, configuration, run.usesDatabase, run.permissions),
      });
      if (result.ended !== 'completed') return undefined;
      // Told with the next heartbeat, if the report does not get through before.
      phase = 'finalized';
      return endingOf(result.manifest, result.digest, run, identities);
    } catch (error) {
      if (signal.aborted) return undefined;
      log.warn('job failed here', fields(), error);
      return faultEnding(error);
    }
  }

  /** Says that nothing of it runs here any more, when it did not come to its end. */
  async function handBack(): Promise<void> {
    clearInterval(timer);
    if (!signal.aborted) return;
    try {
      const { verdict } = await client.release(lease.task, { agent, fence: lease.fence });
      log.info(`release ${verdict}`, fields());
    } catch (error) {
      log.warn('release failed', fields(), error);
    }
  }

  const done = report()
    .catch((error: unknown) => {
      if (!signal.aborted) log.warn('task failed here', fields(), error);
    })
    .then(handBack);
  return {
    job: run.job,
    usesDatabase: run.usesDatabase,
    adopt: (newer) => {
      if (signal.aborted) return false;
      if (newer.fence > lease.fence || newer.task !== lease.task) lease = newer;
      return true;
    },
    done,
  };
}
