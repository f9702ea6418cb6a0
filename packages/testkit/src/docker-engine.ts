// A Docker engine of a test's own: a real dockerd with its data, its socket and its containers in a folder that is removed at
// the end. It has no network and touches no rule of the host's.
//
// It ends with the process that started it, also when that is killed, and leaves nothing mounted.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { smallImage } from './docker-image.js';

export interface TestEngine {
  readonly socketPath: string;
  /** An image with sh, the core utilities and Python, as `name@sha256:...`. */
  readonly image: string;
  readonly folder: string;
  /** Rejects when something stayed mounted. */
  stop(): Promise<void>;
}

const startSeconds = 30;
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Starts one, with an image in it.
 *
 * @returns a sentence saying why that can't be done here, if it can't
 */
export async function startTestEngine(): Promise<TestEngine | string> {
  if (process.getuid?.() !== 0) return 'a Docker engine of its own needs root';
  if (!existsSync('/usr/sbin/dockerd')) return "there is no /usr/sbin/dockerd (Debian's package docker.io)";
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-docker-'));
  const logFile = join(folder, 'log');
  const child = spawnEngine(folder, logFile);
  const socketPath = join(folder, 'socket');
  if (!(await answers(child, socketPath))) {
    await end(child, folder);
    const lastWords = readFileSync(logFile, 'utf8').trim().split('\n').at(-1) ?? '';
    rmSync(folder, { recursive: true, force: true });
    return `dockerd does not run here: ${lastWords}`;
  }
  const name = 'glovebox-test/python';
  const made = await ask(socketPath, 'POST', `/images/create?fromSrc=-&repo=${name}`, smallImage());
  const digest = /sha256:[0-9a-f]{64}/.exec(made)?.[0];
  if (digest === undefined) throw new Error(`the image was not made: ${made}`);
  const refused = await tryContainer(socketPath, digest);
  if (refused !== undefined) {
    await end(child, folder);
    rmSync(folder, { recursive: true, force: true });
    return `dockerd runs no container here: ${refused}`;
  }
  return {
    socketPath,
    folder,
    image: `${name}@${digest}`,
    stop: async () => {
      await end(child, folder);
      const left = mountsBelow(folder);
      for (const mount of left) spawnSync('/usr/bin/umount', ['--lazy', mount]);
      rmSync(folder, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`left mounted: ${left.join(', ')}`);
    },
  };
}

function spawnEngine(folder: string, logFile: string): ChildProcess {
  mkdirSync(join(folder, 'home'));
  // The settings of an engine that the machine may have are not this one's.
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, '{}');
  const log = openSync(logFile, 'w');
  const words = [
    `--host=unix://${join(folder, 'socket')}`,
    `--pidfile=${join(folder, 'pid')}`,
    `--data-root=${join(folder, 'data')}`,
    `--exec-root=${join(folder, 'exec')}`,
    `--config-file=${settings}`,
    '--iptables=false',
    '--ip6tables=false',
    '--bridge=none',
  ];
  const child = spawn('/usr/bin/setpriv', ['--pdeathsig', 'TERM', '--', '/usr/sbin/dockerd', ...words], {
    env: { PATH: path, HOME: join(folder, 'home') },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.on('error', () => undefined);
  return child;
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function answers(child: ChildProcess, socketPath: string): Promise<boolean> {
  for (const until = Date.now() + startSeconds * 1000; Date.now() < until && !hasEnded(child); await pause(50)) {
    const answer = await ask(socketPath, 'GET', '/_ping').catch(() => undefined);
    if (answer === 'OK') return true;
  }
  return false;
}

/** An engine may start where no container can, for example without control groups. */
async function tryContainer(socketPath: string, image: string): Promise<string | undefined> {
  const HostConfig = { NetworkMode: 'none', Memory: 2 ** 26, PidsLimit: 10, NanoCpus: 1e9 };
  const settings = JSON.stringify({ Image: image, Cmd: ['/usr/bin/true'], HostConfig });
  const created = await ask(socketPath, 'POST', '/containers/create', Readable.from([settings]), 'application/json');
  const id = /"Id":"([0-9a-f]+)"/.exec(created)?.[1];
  if (id === undefined) return created.trim();
  const answer = await ask(socketPath, 'POST', `/containers/${id}/start`);
  await ask(socketPath, 'DELETE', `/containers/${id}?force=1`);
  return answer === '' ? undefined : answer.trim();
}

async function end(child: ChildProcess, folder: string): Promise<void> {
  if (!hasEnded(child)) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  // The engine's own helper ends a moment later and lets go of the folder then.
  for (let i = 0; i < 100 && mountsBelow(folder).length > 0; i++) await pause(50);
}

const mountsBelow = (folder: string): string[] =>
  readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((mount) => mount.startsWith(`${folder}/`))
    .toReversed();

function ask(
  socketPath: string,
  method: string,
  path: string,
  body?: Readable,
  type = 'application/x-tar',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const question = request({
      socketPath,
      method,
      path,
      headers: body ? { 'content-type': type } : {},
    });
    question.on('error', reject);
    question.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('error', reject).on('end', () => resolve(text));
    });
    if (body) body.on('error', reject).pipe(question);
    else question.end();
  });
}
