// Tries every attempt of attempts.ts in every executor. Each must end without the word ESCAPED, and leave a neighbour (a job
// next to it, a secret file, this process) unharmed.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kernelAttempts, unchargedAttempts } from './attempts-kernel.js';
import { attempts, stricterAttempts } from './attempts.js';
import { executors, titleOf } from './testing.js';

/** In the environment of this process, and nowhere in a program's own words. */
const planted = ['planted', Math.random().toString(36).slice(2)];

const settings = ['passwd', 'group', 'hosts', 'resolv.conf', 'hostname', 'machine-id', 'fstab', 'environment'];

/** What the host's files hold, by digest, so that a program can tell them without being told what is in them. */
function digestsOfHost(): Record<string, string> {
  const found = settings.flatMap((name) => {
    try {
      return [
        [
          `/etc/${name}`,
          createHash('sha256')
            .update(readFileSync(`/etc/${name}`))
            .digest('hex'),
        ] as const,
      ];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(found);
}

describe.each(executors)('$name', (executor) => {
  const { sandbox, image } = executor;
  const root = mkdtempSync(join(tmpdir(), 'glovebox-escape-'));
  const secretFile = join(root, 'other-job', 'patients.csv');
  const workspace = join(root, 'job');
  let server: Server;
  let port: number;
  let neighbour: ChildProcess;
  let connections = 0;
  const abstractName = `glovebox-${process.pid}-${executor.name}`;
  const abstract = createServer((socket) => {
    connections++;
    socket.destroy();
  });

  beforeAll(async () => {
    process.env.GLOVEBOX_TEST_SECRET = planted.join('-');
    mkdirSync(join(root, 'other-job'));
    mkdirSync(workspace);
    writeFileSync(secretFile, 'patient_id\n12345\n');
    symlinkSync(secretFile, join(workspace, 'planted-link'));
    server = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((done) => server.listen(0, '0.0.0.0', done));
    port = (server.address() as { port: number }).port;
    abstract.listen(`\0${abstractName}`);
    neighbour = spawn('sleep', ['1000'], { stdio: 'ignore' });
  });
  afterAll(async () => {
    delete process.env.GLOVEBOX_TEST_SECRET;
    neighbour.kill('SIGKILL');
    server.close();
    abstract.close();
    rmSync(root, { recursive: true, force: true });
    await executor.stop();
  });

  async function attempt(program: string): Promise<string> {
    let output = '';
    const preamble = `
import os, sys, socket, ctypes, subprocess, signal, time
libc = ctypes.CDLL(None, use_errno=True)
SECRET, HOST_PID, PORT, WORKSPACE = ${JSON.stringify(secretFile)}, ${process.pid}, ${port}, '/'.join(${JSON.stringify(workspace.split('/'))})
HOST_NAME, SOCKETS, HOST_FILES = ${JSON.stringify(hostname())}, ${JSON.stringify(executor.sockets)}, ${JSON.stringify(digestsOfHost())}
ABSTRACT = '\\0${abstractName}'
ENVIRONMENT = '-'.join(${JSON.stringify(planted)})
def attempt(f, *a):
    try:
        r = f(*a)
    except BaseException as e:
        print('refused:', type(e).__name__, e); return None
    return r
def escaped_if(x):
    if x: print('ESCAPED', x)
def is_of_host(path):
    import hashlib
    if not os.path.exists(path): return False
    return path in HOST_FILES and hashlib.sha256(open(path, 'rb').read()).hexdigest() == HOST_FILES[path]
print('begun', flush=True)
`;
    await sandbox.run({
      argv: ['/usr/bin/python3', '-c', preamble + program],
      ...(image === undefined ? {} : { image }),
      cwd: '/workspace',
      env: { HOME: '/tmp', PATH: '/usr/bin:/bin' },
      mounts: [...sandbox.systemMounts(), { from: workspace, to: '/workspace', access: 'write' }],
      limits: { memoryBytes: 2 ** 28, processes: 40, fileBytes: 2 ** 22, wallSeconds: 5, processors: 1 },
      onOutput: (chunk) => {
        if (output.length < 100_000) output += chunk.toString();
      },
    });
    return output;
  }

  describe.skipIf(executor.skipped)(titleOf(executor), () => {
    const all = Object.entries({
      ...attempts,
      ...kernelAttempts,
      ...(executor.holdsMemory ? unchargedAttempts : {}),
      ...(executor.isBare ? prefixed(stricterAttempts) : {}),
    });
    const tryEach = executor.isQueued ? test.concurrent : test;
    tryEach.each(all)('an action that %s gets nothing', async (_name, program) => {
      const output = await attempt(program);
      // A program that did not even begin would prove nothing.
      expect(output).toContain('begun');
      expect(output).not.toContain('SyntaxError');
      expect(output).not.toContain('ESCAPED');
    });

    test('none of the attempts reached the host', async () => {
      expect(connections).toBe(0);
      expect(neighbour.exitCode).toBeNull();
      expect(neighbour.signalCode).toBeNull();
      expect(readFileSync(secretFile, 'utf8')).toBe('patient_id\n12345\n');
      expect(readdirSync(join(root, 'other-job'))).toEqual(['patients.csv']);
      expect(readdirSync(workspace)).not.toContain('outlived');
      expect(readdirSync(workspace)).not.toContain('core');
    });
  });
});

const prefixed = (some: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(some).map(([name, program]) => [`${name} (where nothing is)`, program]));
