// Kills processes of a running platform at random moments, by SIGKILL, so many of each kind in random order. Meanwhile each
// workspace has a request open.
//
// When an action's process was killed, its job's end is waited for before the next kill: killing the agent too would make it
// a job that is run again, and then nothing could be said about how it has to end.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Platform } from '../testing/platform.js';
import type { RequestMade, SiteApi } from '../testing/site-api.js';
import { until } from '../testing/until.js';
import { actionProcesses, isRunning } from './processes.js';
import type { Chance } from './random.js';

export interface Setting {
  readonly platform: Platform;
  readonly api: SiteApi;
  readonly workspaces: readonly string[];
  /** The agent's data folder. */
  readonly agentFolder: string;
  readonly commit: string;
}

export interface KilledAction {
  readonly job: string;
  readonly command: string;
}

export interface Havoc {
  readonly kills: { readonly site: number; readonly agent: number; readonly action: number };
  readonly killedActions: readonly KilledAction[];
  readonly requests: readonly (RequestMade & { readonly workspace: string })[];
}

/** A job that was lost this often in the agent is left in peace: the fifth time the controller gives it up. */
const mostLosses = 3;
const longestMomentMilliseconds = 900;

const times = <T>(value: T, count: number): T[] => Array.from({ length: Math.max(0, count) }, () => value);
const isOver = ({ state }: { readonly state: string }): boolean => state === 'succeeded' || state === 'failed';

type Kind = keyof Havoc['kills'];

/** @param wanted how many of each kind to kill */
export async function wreakHavoc(setting: Setting, random: Chance, wanted: Havoc['kills']): Promise<Havoc> {
  const { platform, api, workspaces, agentFolder, commit } = setting;
  const kills = { site: 0, agent: 0, action: 0 };
  const killedActions: KilledAction[] = [];
  const requests: (RequestMade & { workspace: string })[] = [];
  const open = new Map<string, RequestMade>();
  const losses = new Map<string, number>();

  async function keepBusy(workspace: string): Promise<void> {
    const current = open.get(workspace);
    if (current && !(await api.requestPage(current)).jobs.every(isOver)) return;
    const body = { backend: 'tpp', commit, actions: ['run_all'], force: true };
    const made = await api.request(workspace, body);
    open.set(workspace, made);
    requests.push({ ...made, workspace });
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
    if (running.some((job) => (losses.get(job) ?? 0) >= mostLosses)) return;
    for (const job of running) losses.set(job, (losses.get(job) ?? 0) + 1);
    process.kill(pid, 'SIGKILL');
    kills.agent += 1;
  }

  async function killAction(): Promise<void> {
    const agent = await platform.process('agent');
    const processes = await until('an action runs', 30, () => {
      const found = actionProcesses(agent);
      return found.length > 0 && found;
    });
    const { pid, job, command } = random.one(processes);
    if (!isRunning(pid)) return;
    process.kill(pid, 'SIGKILL');
    kills.action += 1;
    killedActions.push({ job, command });
    await until(`job ${job} has ended after ${command} was killed`, 40, async () => {
      const pages = await Promise.all([...open.values()].map((request) => api.requestPage(request)));
      return pages.flatMap(({ jobs }) => jobs).some((one) => one.identifier === job && isOver(one));
    });
  }

  const ways: Readonly<Record<Kind, () => Promise<void>>> = { site: killSite, agent: killAgent, action: killAction };
  const left = (): Kind[] => (Object.keys(ways) as Kind[]).flatMap((kind) => times(kind, wanted[kind] - kills[kind]));
  for (let kinds = left(); kinds.length > 0; kinds = left()) {
    for (const workspace of workspaces) await keepBusy(workspace);
    // The one wait for nothing in particular: this is what makes the moment random.
    await pause(random.number(longestMomentMilliseconds));
    await ways[random.one(kinds)]();
  }
  return { kills, killedActions, requests };
}

function jobsAtWork(agentFolder: string): string[] {
  try {
    return readdirSync(join(agentFolder, 'work'));
  } catch {
    return [];
  }
}
