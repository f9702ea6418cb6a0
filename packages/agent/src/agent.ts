// The agent: leases tasks from the site and runs several at once. It only ever calls out; nothing calls in.
//
// What it holds in memory can be lost at any moment: a job is complete when its manifest is on disk, and a complete job that
// is leased again is reported, not run. What it starts dies with it, or (a container) is ended at the next start before
// anything else, so there is never anything to wait for.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { newIdentifier, ProblemError } from '@glovebox/record';
import type { Lease } from '@glovebox/wire';
import { openOutputStore, openPrograms, removeFolder } from '@glovebox/execution';
import { takeLock } from '@glovebox/repository';
import { backOff } from './backoff.js';
import { identifyRuntimes, keepReporting } from './backend-report.js';
import type { Configuration } from './configuration.js';
import { deliverKept } from './deliver.js';
import type { Log } from './log.js';
import { openSandbox } from './executor.js';
import { problem } from './problems.js';
import { openReports } from './reports.js';
import { siteClient, SiteRefusal } from './site-client.js';
import { startTask, type RunningTask, type TaskSurroundings } from './task.js';

const waitSeconds = 20;
const shortWaitSeconds = 1;
/** So long is kept what a job made whose report the site did not take: it may lease the job again, which then need not run. */
const unacceptedDays = 7;

/**
 * Runs until `stopping` aborts and every task has ended.
 *
 * @throws ProblemError when confinement is not to be had here, or the data folder is in use
 */
export async function runAgent(configuration: Configuration, log: Log, stopping: AbortSignal): Promise<void> {
  const { dataFolder } = configuration;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const lock = await takeLock(join(dataFolder, 'agent.lock'), false);
  if (!lock) throw new ProblemError(problem('folder-in-use', [dataFolder]));
  try {
    const sandbox = openSandbox(configuration);
    const refused = await sandbox.probe();
    if (refused) throw new ProblemError(refused);
    const left = (await sandbox.removeLeftovers?.()) ?? 0;
    if (left > 0) log.info('ended what was left running', { leftovers: left });
    const store = await openOutputStore(join(dataFolder, 'outputs'));
    await store.removeLeftovers();
    await store.removeUnaccepted(new Date(Date.now() - unacceptedDays * 86_400_000).toISOString());
    await removeFolder(join(dataFolder, 'work'));
    const agent = newIdentifier();
    const client = siteClient(configuration.site, configuration.token);
    const programs = openPrograms(join(dataFolder, 'runtimes'));
    const identities = await identifyRuntimes(configuration, programs);
    log.info('started', { agent, ...configuration.places });
    const reports = openReports(join(dataFolder, 'reports'));
    const around = { agent, configuration, programs, identities, store, reports, sandbox, client, log, stopping };
    await Promise.all([deliverKept(around, stopping), leaseAndRun(around), keepReporting(around)]);
    log.info('stopped', { agent });
  } finally {
    await lock.release();
  }
}

async function leaseAndRun(around: TaskSurroundings): Promise<void> {
  const { agent, configuration, client, log, stopping } = around;
  const running = new Map<string, RunningTask>();

  function accept(lease: Lease): void {
    const { job } = lease.run;
    const known = running.get(job);
    if (known?.adopt(lease)) return;
    if (known) {
      // It is being killed; the same job starts anew once nothing of it is left.
      void known.done.then(() => stopping.aborted || accept(lease));
      return;
    }
    log.info('leased', { job, task: lease.task, fence: lease.fence });
    const task = startTask(lease, around);
    running.set(job, task);
    void task.done.then(() => {
      running.delete(job);
      log.info('ended', { job });
    });
  }

  // What is handed out beyond the places is let go: its lease runs out.
  function hasPlace({ run }: Lease): boolean {
    if (running.has(run.job)) return true;
    const used = [...running.values()].filter((task) => task.usesDatabase === run.usesDatabase).length;
    return used < (run.usesDatabase ? configuration.places.database : configuration.places.other);
  }

  for (let failures = 0; !stopping.aborted;) {
    const database = [...running.values()].filter((task) => task.usesDatabase).length;
    const freeDatabase = Math.max(0, configuration.places.database - database);
    const freeOther = Math.max(0, configuration.places.other - (running.size - database));
    if (freeDatabase + freeOther === 0) {
      await Promise.race([...running.values()].map((task) => task.done));
      continue;
    }
    // While one kind of place is full the question is kept short, so that a place that becomes free is offered soon. It is
    // never broken off instead: the site may just have handed out a lease in its answer.
    const wait = freeDatabase > 0 && freeOther > 0 ? waitSeconds : shortWaitSeconds;
    try {
      const { leases } = await client.leases({ agent, freeDatabase, freeOther, waitSeconds: wait }, stopping);
      failures = 0;
      for (const lease of leases) if (hasPlace(lease)) accept(lease);
    } catch (error) {
      if (stopping.aborted) break;
      failures += 1;
      const status = error instanceof SiteRefusal ? { status: error.status } : {};
      log.warn('could not ask for work', { attempt: failures, ...status }, error);
      await backOff(failures, stopping).catch(() => undefined);
    }
  }
  await Promise.all([...running.values()].map((task) => task.done));
}
