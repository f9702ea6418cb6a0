// Kills processes of a running platform at random moments, by SIGKILL, so many of each kind in random order. Meanwhile each
// workspace has a request open, and now and then one is cancelled.
//
// While a job of which a process was killed has not ended, the agent is left alone: killing it too would make it a job that is
// run again, and then nothing could be said about how it has to end.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Platform } from '../testing/platform.js';
import type { RequestMade, SiteApi } from '../testing/site-api.js';
import { until } from '../testing/until.js';
import { actionProcesses, isRunning, processesBelow } from './processes.js';
import type { Chance } from './random.js';

export interface Setting {
  readonly platform: Platform;
  readonly api: SiteApi;
  readonly workspaces: readonly string[];
  /** The agent's data folder. */
  readonly agentFolder: string;
  readonly commit: string;
  /** The first process of the database's server; undefined where the site's process holds the database. */
  readonly databaseServer?: number;
}

export interface KilledAction {
  readonly job: string;
  readonly command: string;
}

export interface Kills {
  readonly site: number;
  readonly agent: number;
  readonly action: number;
  readonly database: number;
}

export interface OpenedRequest extends RequestMade {
  readonly workspace: string;
}

export interface Havoc {
  readonly kills: Kills;
  readonly killedActions: readonly KilledAction[];
  readonly requests: readonly OpenedRequest[];
  /** Those that were cancelled, by path. */
  readonly cancelled: ReadonlySet<string>;
}

/** A job that was lost this often in the agent is left in peace: the fifth time the controller gives it up. */
const mostLosses = 3;
const longestMomentMilliseconds = 900;
/** One request in so many is cancelled. */
const cancelOneIn = 8;

const times = <T>(value: T, count: number): T[] => Array.from({ length: Math.max(0, count) }, () => value);
const isOver = ({ state }: { readonly state: string }): boolean => state === 'succeeded' || state === 'failed';

type Kind = keyof Kills;

/** @param wanted how many of each kind to kill */
export async function wreakHavoc(setting: Setting, random: Chance, wanted: Kills): Promise<Havoc> {
  const { platform, api, workspaces, agentFolder, commit, databaseServer } = setting;
  const kills = { site: 0, agent: 0, action: 0, database: 0 };
  const killedActions: KilledAction[] = [];
  const requests: OpenedRequest[] = [];
  const cancelled = new Set<string>();
  const open = new Map<string, RequestMade>();
  const losses = new Map<string, number>();
  /** Jobs of which a process was killed, as long as they have not ended. */
  const hit = new Set<string>();

  async function keepBusy(workspace: string): Promise<void> {
    const current = open.get(workspace);
    const jobs = current ? (await api.requestPage(current)).jobs : [];
    for (const job of jobs) if (isOver(job)) hit.delete(job.identifier);
    if (!jobs.every(isOver)) return;
    const body = { backend: 'tpp', commit, actions: ['run_all'], force: true };
    const made = await api.request(workspace, body);
    open.set(workspace, made);
    requests.push({ ...made, workspace });
  }

  /** Cancels what is open, when chance wants it: a job may be about to end just then. */
  async function cancelSome(): Promise<void> {
    if (random.number(cancelOneIn) !== 0) return;
    const request = requests.at(-1);
    if (!request || cancelled.has(request.path)) return;
    cancelled.add(request.path);
    await api.cancel(request);
  }

  async function killSite(): Promise<void> {
    process.kill(await platform.process('site'), 'SIGKILL');
    kills.site += 1;
    // Now and then both at once.
    if (kills.agent < wanted.agent && random.number(4) === 0) await killAgent();
  }

  async function killAgent(): Promise<void> {
    const pid = await platform.process('agent');
    const running = jobsAtWork(agentFolder);
    const mayNot = (job: string) => hit.has(job) || (losses.get(job) ?? 0) >= mostLosses;
    if (running.some(mayNot)) return;
    for (const job of running) losses.set(job, (losses.get(job) ?? 0) + 1);
    process.kill(pid, 'SIGKILL');
    kills.agent += 1;
  }

  async function killAction(): Promise<void> {
    const found = actionProcesses(await platform.process('agent')).filter(({ job }) => !hit.has(job));
    if (found.length === 0) return;
    const { pid, job, command } = random.one(found);
    if (!isRunning(pid)) return;
    process.kill(pid, 'SIGKILL');
    kills.action += 1;
    killedActions.push({ job, command });
    hit.add(job);
  }

  /** One of the server's processes, after which it ends all connections and recovers; it can be recovering still. */
  async function killDatabase(): Promise<void> {
    const children = processesBelow(databaseServer ?? 0);
    if (children.length === 0) return;
    process.kill(random.one(children), 'SIGKILL');
    kills.database += 1;
  }

  const ways: Readonly<Record<Kind, () => Promise<void>>> = {
    site: killSite,
    agent: killAgent,
    action: killAction,
    database: killDatabase,
  };
  const left = (): Kind[] => (Object.keys(ways) as Kind[]).flatMap((kind) => times(kind, wanted[kind] - kills[kind]));
  let said = 0;
  for (let kinds = left(); kinds.length > 0; kinds = left()) {
    for (const workspace of workspaces) await keepBusy(workspace);
    // The one wait for nothing in particular: this is what makes the moment random.
    await pause(random.number(longestMomentMilliseconds));
    await ways[random.one(kinds)]();
    await cancelSome();
    const done = Object.values(kills).reduce((sum, count) => sum + count, 0);
    if (done >= said + 25) {
      said = done;
      console.log(`${done} kills: ${JSON.stringify(kills)}, ${requests.length} requests`);
    }
  }
  await until('the jobs have ended of which a process was killed', 120, async () => {
    // Of earlier requests too: a cancelled job is over at once, and a process of it can be hit while the agent still ends it.
    for (const request of requests.toReversed()) {
      if (hit.size === 0) break;
      for (const job of (await api.requestPage(request)).jobs) if (isOver(job)) hit.delete(job.identifier);
    }
    return hit.size === 0;
  });
  return { kills, killedActions, requests, cancelled };
}

function jobsAtWork(agentFolder: string): string[] {
  try {
    return readdirSync(join(agentFolder, 'work'));
  } catch {
    return [];
  }
}
