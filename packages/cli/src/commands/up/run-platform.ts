// Starts the platform's processes in order, keeps them alive, and stops them in the reverse order when asked.
//
// Order: the database (so that the agent has something to read), the site, the backend's record and token, the agent. A process
// that dies is started again; nothing that it was doing is lost, since all state is in the data folders.
import { fileURLToPath } from 'node:url';
import { ProblemError } from '@glovebox/record';
import type { Terminal } from '../../command-line.js';
import { openDataFolder, readIfThere, writeWhole, type DataFolder } from './data-folder.js';
import { settlePort } from './free-port.js';
import { problem } from './problems.js';
import { Supervised } from './supervisor.js';
import { ensureSyntheticBackend, type SyntheticBackend } from './synthetic-backend.js';

export interface PlatformOptions {
  readonly port: number;
  readonly data: string;
  readonly patients: number;
  /** How long an agent may be silent before its work goes to another. */
  readonly leaseSeconds: number;
}

const backend = { slug: 'tpp', name: 'TPP (synthetic)', isSynthetic: true };
const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const program = (name: 'site' | 'agent'): string => `${root}packages/${name}/dist/main.js`;
/** The least that Node and the programs it starts need; nothing else of the caller's environment goes on. */
const environment = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: process.env['HOME'] ?? '/', LANG: 'C.UTF-8' };

/** The site keeps its records on a server when the environment names one. */
function siteEnvironment(): Readonly<Record<string, string>> {
  const url = process.env['GLOVEBOX_DATABASE_URL'];
  return url === undefined || url === '' ? environment : { ...environment, GLOVEBOX_DATABASE_URL: url };
}

/** Runs until the process is asked to end. */
export async function runPlatform(options: PlatformOptions, terminal: Terminal): Promise<void> {
  const folder = await openDataFolder(options.data, backend.slug);
  await refuseSecondPlatform(folder);
  const database = await ensureSyntheticBackend(folder, options.patients, terminal);
  const stopAsked = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });

  const noteProcesses = stateNoter(folder);
  const site = supervised(
    'site',
    [
      program('site'),
      '--data',
      folder.site,
      '--port',
      String(await settlePort(options.port)),
      '--allow-repository',
      folder.repositories,
      '--lease-seconds',
      String(options.leaseSeconds),
    ],
    terminal,
    (pid) => noteProcesses({ site: pid }),
    siteEnvironment(),
  );
  const address = await startSite(site);
  try {
    await ensureBackend(folder, address);
    await writeWhole(folder.agentConfiguration, JSON.stringify(agentConfiguration(folder, address, database), null, 2));
    const agent = supervised('agent', [program('agent'), folder.agentConfiguration], terminal, (pid) =>
      noteProcesses({ agent: pid }),
    );
    try {
      await startAgent(agent);
      await noteProcesses({ address });
      terminal.out(`${JSON.stringify({ site: address })}\n`);
      terminal.error(`Glovebox is up: ${address}\nStop it with Ctrl-C.\n`);
      await stopAsked;
    } finally {
      await agent.stop();
    }
  } finally {
    await site.stop();
  }
}

interface State {
  readonly address?: string;
  readonly site?: number;
  readonly agent?: number;
}

/** Keeps the state file true, from when the platform is up: also when a process was started again. */
function stateNoter(folder: DataFolder): (change: State) => Promise<void> {
  let state: State = {};
  let writing: Promise<void> = Promise.resolve();
  return (change) => {
    state = { ...state, ...change };
    const { address, ...pids } = state;
    if (address === undefined) return writing;
    const text = JSON.stringify({ site: address, processes: { up: process.pid, ...pids } });
    writing = writing.then(() => writeWhole(folder.state, `${text}\n`));
    return writing;
  };
}

function supervised(
  name: string,
  args: readonly string[],
  terminal: Terminal,
  onStart: (pid: number) => Promise<void>,
  env = environment as Readonly<Record<string, string>>,
): Supervised {
  return new Supervised({
    name,
    argv: [process.execPath, ...args],
    env,
    onLine: (line) => terminal.error(`${name}: ${line}\n`),
    onRestart: (reason) => terminal.error(`${reason}; starting it again\n`),
    onStart: (pid) => {
      onStart(pid).catch((error: unknown) => terminal.error(`the state could not be written: ${String(error)}\n`));
    },
  });
}

async function refuseSecondPlatform(folder: DataFolder): Promise<void> {
  const text = await readIfThere(folder.state);
  if (text === undefined) return;
  const { site, processes } = JSON.parse(text) as { site: string; processes: { up: number } };
  if (isAlive(processes.up)) throw new ProblemError(problem('already-running', [folder.root, site]));
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function startSite(site: Supervised): Promise<string> {
  try {
    const { listening } = JSON.parse(await site.start()) as { listening: string };
    return listening;
  } catch (error) {
    throw new ProblemError(problem('site-did-not-start', [(error as Error).message]));
  }
}

async function startAgent(agent: Supervised): Promise<void> {
  try {
    await agent.start();
  } catch (error) {
    throw new ProblemError(problem('agent-did-not-start', [(error as Error).message]));
  }
}

/** Makes the backend's record once; the token that the site answers is kept where only the agent reads it. */
async function ensureBackend(folder: DataFolder, address: string): Promise<void> {
  if ((await readIfThere(folder.agentToken)) !== undefined) return;
  const adminToken = ((await readIfThere(folder.adminToken)) ?? '').trim();
  const ask = async (path: string, body?: object): Promise<string | undefined> => {
    const response = await fetch(`${address}/api/backends${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new ProblemError(problem('site-refused', ['add the backend', response.status]));
    return ((await response.json()) as { token?: string }).token;
  };
  // A token is shown once: when the record is there but the token was never written down, a new one is asked for.
  const token = (await ask('', backend)) ?? (await ask(`/${backend.slug}/token`));
  await writeWhole(folder.agentToken, `${token}\n`);
}

const agentConfiguration = (folder: DataFolder, address: string, database: SyntheticBackend) => ({
  site: address,
  backend: backend.slug,
  tokenFile: folder.agentToken,
  dataFolder: folder.agent,
  database: { path: database.path, release: database.release },
  glovebox: `${root}glovebox`,
  allowedRepositories: [folder.repositories],
});
