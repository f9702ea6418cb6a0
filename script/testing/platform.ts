// `glovebox up` as a process of the test, in a data folder of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Platform {
  readonly site: string;
  readonly adminToken: string;
  /** The process that runs at this moment, waiting for it to be started again where it is not there. */
  process(name: 'site' | 'agent'): Promise<number>;
  stop(): Promise<number | null>;
  /** Ends it by SIGKILL, and with it what it started. */
  kill(): Promise<void>;
}

const mostLines = 400;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function startPlatform(data: string, ...more: string[]): Promise<Platform> {
  const child = spawn(join(root, 'glovebox'), ['up', '--data', data, '--port', '0', ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > mostLines) said.shift();
  });
  const site = await siteOf(child, said);
  return {
    site,
    adminToken: readFileSync(join(data, 'public/admin-token'), 'utf8').trim(),
    process: (name) =>
      until(`the ${name} runs`, 30, () => {
        const state = JSON.parse(readFileSync(join(data, 'up.json'), 'utf8')) as { processes: Record<string, number> };
        const pid = state.processes[name];
        return pid !== undefined && isAlive(pid) ? pid : undefined;
      }),
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      return child.exitCode;
    },
  };
}

async function siteOf(child: ChildProcess, said: readonly string[]): Promise<string> {
  const ended = once(child, 'exit').then(() => undefined);
  const line = await Promise.race([once(createInterface({ input: child.stdout! }), 'line'), ended]);
  if (line === undefined) throw new Error(`the platform did not start:\n${said.join('\n')}`);
  return (JSON.parse(String(line[0])) as { site: string }).site;
}
