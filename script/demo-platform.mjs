// Starts `glovebox up` as a child of the demo, or finds the one that already runs from the same data folder.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const usualPatients = '100000';

async function readIfThere(path) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The platform could not be started; the message holds what it said. */
export class PlatformFailure extends Error {}

/** A database is made once for each data folder; says so when another size was asked for. */
export async function noteKeptDatabase({ data, patients }) {
  const release = (await readIfThere(join(data, 'secure', 'tpp', 'database', 'tpp-release')))?.trim();
  if (patients === undefined || release === undefined || release.endsWith(`-${patients}`)) return;
  process.stderr.write(
    `The database ${release} of ${data} is kept; name another folder with --data for another size.\n`,
  );
}

/** A platform that already runs from this data folder. */
async function findRunning(data) {
  const text = await readIfThere(join(data, 'up.json'));
  if (text === undefined) return undefined;
  const { site, processes } = JSON.parse(text);
  if (!isAlive(processes.up)) return undefined;
  const healthy = await fetch(new URL('/healthz', site)).then(
    (response) => response.ok,
    () => false,
  );
  return healthy ? site : undefined;
}

/**
 * @param {{data: string, port: string, patients: string | undefined}} options
 * @returns resolves when the site answers; rejects with what the platform said when it ended before that
 */
export async function startPlatform({ data, port, patients = usualPatients }) {
  const adminToken = async () => (await readFile(join(data, 'public', 'admin-token'), 'utf8')).trim();
  const running = await findRunning(data);
  if (running !== undefined) {
    const nothing = async () => {};
    return {
      site: running,
      wasRunning: true,
      isInterrupted: () => false,
      adminToken,
      stop: nothing,
      untilStopped: nothing,
    };
  }
  await mkdir(data, { recursive: true });
  const child = spawn(join(root, 'glovebox'), ['up', '--data', data, '--port', port, '--patients', patients], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  const site = await siteOf(child, ended, createWriteStream(join(data, 'up.log')));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  let isInterrupted = false;
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.once(signal, () => {
      isInterrupted = true;
      process.exitCode = exitCode;
      void stop().finally(() => process.exit());
    });
  }
  return { site, wasRunning: false, isInterrupted: () => isInterrupted, adminToken, stop, untilStopped: () => ended };
}

/** The address that the platform prints first. Until then its messages are shown; all of them go to the log. */
async function siteOf(child, ended, log) {
  let isReady = false;
  const said = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.write(`${line}\n`);
    said.push(line);
    if (said.length > 40) said.shift();
    if (!isReady && !line.startsWith('{') && !/^\w+: \{/.test(line)) process.stderr.write(`${line}\n`);
  });
  const first = new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const line = await Promise.race([first, ended.then(() => undefined)]);
  isReady = true;
  if (line === undefined) throw new PlatformFailure(`The platform did not start:\n${said.join('\n')}`);
  return JSON.parse(line).site;
}
