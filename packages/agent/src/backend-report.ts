// Tells the site what this backend can run and with what: at start, when it changes, and every few minutes in case a report
// was lost. All of it is the operator's own: nothing here comes from an action or from the data.
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImageIdentity } from '@glovebox/record';
import type { BackendReport, BackendReportResponse, diskRooms } from '@glovebox/wire';
import type { Configuration } from './configuration.js';
import type { Log } from './log.js';
import type { OutputStore, Programs } from '@glovebox/execution';
import type { SiteClient } from './site-client.js';

const lookSeconds = 15;
/** A report is repeated after so many looks, although nothing changed. */
const looksBetweenReports = 12;

/** By image, with or without its version, as studies name it. */
export type Identities = Readonly<Record<string, ImageIdentity>>;

export async function identifyRuntimes(
  { runtimes }: Pick<Configuration, 'runtimes'>,
  programs: Programs,
): Promise<Identities> {
  const entries = Object.entries(runtimes).map(async ([name, runtime]) => {
    if (typeof runtime === 'string') return [name, await programs.identify(runtime)] as const;
    const digest = /sha256:[0-9a-f]{64}$/.exec(runtime.image)?.[0];
    return [name, digest === undefined ? {} : { digest }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function roomFor(bytes: number): (typeof diskRooms)[number] {
  if (bytes < 1e9) return 'under-1-gb';
  if (bytes < 1e10) return 'under-10-gb';
  return bytes < 1e11 ? 'under-100-gb' : 'over-100-gb';
}

export const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

/** Everything but who sends it and the how manieth it is. */
export async function describeBackend(
  { database, dataFolder, executor, limits, places }: Configuration,
  images: Identities,
): Promise<Omit<BackendReport, 'agent' | 'sequence'>> {
  const { bavail, bsize } = await statfs(dataFolder);
  const most = executor.kind === 'docker' ? executor.processors : (limits.processors ?? availableParallelism());
  const processors = Math.min(most, limits.processors ?? most);
  const { wallSeconds } = limits;
  const isMaintained = database?.maintenanceFile !== undefined && existsSync(database.maintenanceFile);
  return {
    executor: executor.kind,
    images,
    ...(database ? { dataRelease: database.release } : {}),
    places,
    limits: {
      memoryMegabytes: megabytes(limits.memoryBytes),
      ...(wallSeconds === undefined ? {} : { wallSeconds }),
      processors,
    },
    maintenance: isMaintained ? 'on' : 'off',
    diskFree: roomFor(bavail * bsize),
  };
}

type Standing = NonNullable<BackendReportResponse['standing']>;

/**
 * Where the last request of a workspace took over earlier jobs, their outputs are what the workspace shows, as if they had been
 * made again. Once for each such answer: what is accepted later goes before it.
 */
function followStanding({ store, log }: Pick<Reporting, 'store' | 'log'>) {
  const followed = new Map<string, string>();
  return async (standing: Standing): Promise<void> => {
    for (const { workspace, jobs } of standing) {
      const text = JSON.stringify(jobs);
      if (followed.get(workspace) === text) continue;
      if (await store.stand(workspace, jobs)) followed.set(workspace, text);
      else log.warn('not all jobs are here that stand for actions');
    }
    for (const workspace of followed.keys()) {
      if (!standing.some((one) => one.workspace === workspace)) followed.delete(workspace);
    }
  };
}

interface Reporting {
  readonly agent: string;
  readonly configuration: Configuration;
  readonly programs: Programs;
  readonly client: SiteClient;
  readonly store: OutputStore;
  readonly log: Log;
  readonly stopping: AbortSignal;
}

/** Reports until `stopping` aborts. What can't be sent is sent at the next look; nothing else waits for it. Never rejects. */
export async function keepReporting(around: Reporting): Promise<void> {
  const { agent, configuration, programs, client, log, stopping } = around;
  const follow = followStanding(around);
  let sequence = 0;
  let said = '';
  for (let looks = 0; !stopping.aborted; looks += 1) {
    try {
      const report = await describeBackend(configuration, await identifyRuntimes(configuration, programs));
      const text = JSON.stringify(report);
      if (text !== said || looks % looksBetweenReports === 0) {
        sequence += 1;
        const { standing = [] } = await client.backend({ agent, sequence, ...report }, stopping);
        said = text;
        await follow(standing);
      }
    } catch (error) {
      said = '';
      if (!stopping.aborted) log.warn('could not report the backend', {}, error);
    }
    await sleep(lookSeconds * 1000, undefined, { signal: stopping }).catch(() => undefined);
  }
}
