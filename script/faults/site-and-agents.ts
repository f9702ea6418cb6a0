// A site and agents as processes of a test, each with a clock that the test sets, and agents that reach the site through
// whatever address the test gives them. No database: the actions of these tests query none.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { root } from '../testing/platform.js';
import { until } from '../testing/until.js';

const clock = fileURLToPath(new URL('movable-clock.mjs', import.meta.url));

export interface Process {
  readonly child: ChildProcess;
  /** What it printed, as it came. */
  readonly said: () => string;
  /** Puts its clock so many seconds off. */
  setClock(seconds: number): void;
  /** Asks it to end, and waits. */
  stop(): Promise<void>;
}

function start(name: string, folder: string, args: readonly string[]): Process {
  const clockFile = join(folder, `${name}-clock`);
  writeFileSync(clockFile, '0');
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8', GLOVEBOX_CLOCK_FILE: clockFile };
  const child = spawn(process.execPath, ['--import', clock, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return {
    child,
    said: () => said,
    setClock: (seconds) => writeFileSync(clockFile, String(seconds)),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

export interface SiteProcess extends Process {
  readonly address: string;
  readonly adminToken: string;
}

/** @param more of the site's options */
export async function startSite(
  folder: string,
  leaseSeconds: number,
  more: readonly string[] = [],
): Promise<SiteProcess> {
  const data = join(folder, 'public');
  const repositories = join(folder, 'repositories');
  const options = ['--data', data, '--port', '0', '--allow-repository', repositories];
  const program = join(root, 'packages/site/dist/main.js');
  const site = start('site', folder, [program, ...options, '--lease-seconds', String(leaseSeconds), ...more]);
  const [line] = (await once(createInterface({ input: site.child.stdout! }), 'line')) as [string];
  const address = (JSON.parse(line) as { listening: string }).listening;
  return { ...site, address, adminToken: readFileSync(join(data, 'admin-token'), 'utf8').trim() };
}

export interface AgentPlace {
  readonly name: string;
  /** Of the site, or of what stands in front of it. */
  readonly site: string;
  readonly token: string;
  readonly dataFolder: string;
}

/** @param folder where its configuration and token are; its data folder may be elsewhere */
export async function startAgent(folder: string, { name, site, token, dataFolder }: AgentPlace): Promise<Process> {
  mkdirSync(join(folder, 'repositories'), { recursive: true });
  const tokenFile = join(folder, `${name}-token`);
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const configuration = {
    site,
    backend: 'tpp',
    tokenFile,
    dataFolder,
    glovebox: join(root, 'glovebox'),
    allowedRepositories: [join(folder, 'repositories'), join(folder, 'organisation')],
    limits: { memoryBytes: 200_000_000, processes: 60, fileBytes: 2 ** 30, wallSeconds: 120 },
    runtimes: { python: '/usr/bin/python3' },
  };
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(configuration));
  const agent = start(name, folder, [join(root, 'packages/agent/dist/main.js'), path]);
  await until(`the agent ${name} has started`, 60, () => agent.said().includes('"msg":"started"'));
  return agent;
}
