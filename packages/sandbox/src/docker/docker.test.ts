// What only containers have: images, an engine that may be missing or hold others' containers, and lives of their own. What
// every executor holds is in ../contract.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { CommandLost, type ConfinedCommand } from '@glovebox/record';
import { startTestEngine, type TestEngine } from '@glovebox/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { dockerSandbox } from '../index.js';
import { ownerLabel } from './container.js';

const started = await startTestEngine();
const skipped = typeof started === 'string' ? started : undefined;
const engine = started as TestEngine;
const root = mkdtempSync(join(tmpdir(), 'glovebox-sandbox-'));
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  if (skipped === undefined) await engine.stop();
});

const command = (script: string, more: Partial<ConfinedCommand> = {}): ConfinedCommand => ({
  argv: ['/bin/sh', '-c', script],
  image: engine.image,
  cwd: '/tmp',
  env: {},
  mounts: [],
  limits: { memoryBytes: 2 ** 28, processes: 30, fileBytes: 2 ** 20, wallSeconds: 60 },
  ...more,
});

const sandboxOf = (owner: string) => dockerSandbox({ owner, socketPath: engine.socketPath });
const containers = () => new Docker({ socketPath: engine.socketPath }).listContainers({ all: true });

test('where no engine answers, the probe says so and names the socket', async () => {
  const socketPath = join(root, 'none');
  const refused = await dockerSandbox({ owner: 'a', socketPath }).probe();
  expect(refused).toMatchObject({ code: 'engine-unreachable' });
  expect(refused?.message).toContain(socketPath);
});

describe.skipIf(skipped)(skipped === undefined ? 'docker' : `docker (skipped: ${skipped})`, () => {
  test('the probe tries the first image that is there, and refuses where none is', async () => {
    const { socketPath, image } = engine;
    const missing = `study/r@sha256:${'0'.repeat(64)}`;
    expect(await dockerSandbox({ owner: 'a', socketPath, trialImages: [missing, image] }).probe()).toBeUndefined();
    const refused = await dockerSandbox({ owner: 'a', socketPath, trialImages: [missing] }).probe();
    expect(refused).toMatchObject({ code: 'image-missing' });
    expect(refused?.message).toContain(missing);
  });

  test('an image is run by its digest alone', async () => {
    const sandbox = sandboxOf('images');
    const [name, digest] = engine.image.split('@') as [string, string];
    const other = `sha256:${'0'.repeat(64)}`;
    expect(await sandbox.run(command('true', { image: `renamed@${digest}` }))).toMatchObject({ exitCode: 0 });
    for (const [image, code] of [
      [`${name}@${other}`, 'image-missing'],
      [`${name}:latest`, 'image-reference-wrong'],
      [name, 'image-reference-wrong'],
      [`--privileged@${digest}`, 'image-reference-wrong'],
    ] as const) {
      await expect(sandbox.run(command('true', { image }))).rejects.toMatchObject({ problems: [{ code }] });
    }
    const { image: _image, ...without } = command('true');
    await expect(sandbox.run(without)).rejects.toMatchObject({ problems: [{ code: 'image-unnamed' }] });
  });

  test('a container, and what it printed, is gone from the engine when its result is given', async () => {
    let output = '';
    const take = (chunk: Buffer) => void (output += chunk.toString());
    await sandboxOf('gone').run(command('echo printed-$((6 * 7)) here', { onOutput: take }));
    await sandboxOf('gone')
      .run(command('x', { argv: ['/no/such/program'] }))
      .catch(() => undefined);
    expect(output).toBe('printed-42 here\n');
    expect((await containers()).filter(({ Labels }) => Labels[ownerLabel] === 'gone')).toEqual([]);
  });

  test('nothing is printed into the folder of the engine', async () => {
    const word = `printed-${Math.random()}`;
    const script = `found=$(printf %s ${word.slice(0, 9)}; printf %s ${word.slice(9)}); echo $found; sleep 60`;
    const stop = new AbortController();
    let found = '';
    const result = await sandboxOf('log').run(
      command(script, {
        signal: stop.signal,
        onOutput: (chunk) => {
          if (!chunk.toString().includes(word)) return;
          void filesWith(word).then((files) => {
            found = files;
            stop.abort();
          });
        },
      }),
    );
    expect({ ended: result.ended, found }).toEqual({ ended: 'cancelled', found: '' });
  });

  test('what an agent that died left running is ended at the next start, and only that', async () => {
    const docker = new Docker({ socketPath: engine.socketPath });
    const imageId = engine.image.slice(engine.image.indexOf('@') + 1);
    const make = async (owner: string) => {
      const container = await docker.createContainer({
        Image: imageId,
        Cmd: ['/usr/bin/sleep', '1000'],
        Labels: { [ownerLabel]: owner },
        HostConfig: { NetworkMode: 'none' },
      });
      await container.start();
      return container.id;
    };
    const [stopped, other] = [await make('dead'), await make('other')];
    await docker.getContainer(stopped).kill();
    let removed: Promise<number> | undefined;
    const onOutput = () => void (removed ??= sandboxOf('dead').removeLeftovers());
    await sandboxOf('dead')
      .run(command('echo; sleep 1000', { onOutput }))
      .catch(() => undefined);
    expect(await removed).toBe(2);
    expect(await sandboxOf('dead').removeLeftovers()).toBe(0);
    expect((await containers()).map(({ Id }) => Id)).toEqual([other]);
    expect(await sandboxOf('other').removeLeftovers()).toBe(1);
  });

  test('the job is written on its container', async () => {
    const stop = new AbortController();
    let labels: Readonly<Record<string, string>> | undefined;
    await sandboxOf('labels').run(
      command('echo; sleep 60', {
        job: 'job-1',
        signal: stop.signal,
        onOutput: () =>
          void containers().then((all) => {
            labels = all.find(({ Labels }) => Labels[ownerLabel] === 'labels')?.Labels;
            stop.abort();
          }),
      }),
    );
    expect(labels).toMatchObject({ [ownerLabel]: 'labels', 'glovebox.job': 'job-1' });
  });

  test('a folder that is to be written is given away to the user inside, without following links', async () => {
    const folder = join(root, 'workspace');
    const outside = join(root, 'outside');
    mkdirSync(join(folder, 'below'), { recursive: true, mode: 0o700 });
    writeFileSync(outside, '');
    symlinkSync(outside, join(folder, 'link'));
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x0a])]), 'odd');
    const owner = statSync(outside).uid;
    const mounts = [{ from: folder, to: '/workspace', access: 'write' }] as const;
    const result = await sandboxOf('owner').run(command('cd /workspace && id -u > below/who', { mounts }));
    expect(result).toMatchObject({ ended: 'exited', exitCode: 0 });
    expect(readFileSync(join(folder, 'below', 'who'), 'utf8')).not.toBe('0\n');
    expect(statSync(outside).uid).toBe(owner);
  });

  test('many at once do not get into one another', async () => {
    const sandbox = sandboxOf('many');
    const results = await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        let output = '';
        await sandbox.run(
          command(`echo ${i} > /tmp/x; sleep 0.2; cat /tmp/*`, { onOutput: (c) => (output += c.toString()) }),
        );
        return output;
      }),
    );
    expect(results).toEqual(['0\n', '1\n', '2\n', '3\n', '4\n', '5\n']);
  });

  test('an engine that ends under a running command is a fault, not an outcome', async () => {
    const own = await startTestEngine();
    if (typeof own === 'string') throw new Error(own);
    const sandbox = dockerSandbox({ owner: 'fault', socketPath: own.socketPath });
    const image = own.image;
    let stopped: Promise<void> | undefined;
    const run = sandbox.run(command('echo; sleep 60', { image, onOutput: () => void (stopped ??= own.stop()) }));
    const outcome = await run.then(
      (result) => result.ended,
      () => 'fault',
    );
    await stopped;
    // The engine may still tell that it ended the container.
    expect(['fault', 'killed']).toContain(outcome);
  });

  test('a command whose engine went away was lost; run again for the same job, nothing of the first is left', async () => {
    const door = await doorTo(engine.socketPath);
    const sandbox = dockerSandbox({ owner: 'lost', socketPath: door.socketPath });
    const first = sandbox.run(command('sleep 1000', { job: 'one', onMemory: () => door.shut() }));
    await expect(first).rejects.toThrow(CommandLost);
    await expect(sandbox.run(command('true'))).rejects.toThrow(CommandLost);
    const own = async () => (await containers()).filter(({ Labels }) => Labels[ownerLabel] === 'lost');
    expect(await own()).toMatchObject([{ State: 'running' }]);
    await door.open();
    expect(await sandbox.run(command('exit 3', { job: 'one' }))).toMatchObject({ ended: 'exited', exitCode: 3 });
    expect(await own()).toEqual([]);
    door.shut();
  });
});

/** A socket that leads to the engine while it is open. What goes through it breaks off when it is shut. */
async function doorTo(inner: string) {
  const socketPath = join(root, 'door');
  const connections = new Set<Socket>();
  const server = createServer((outer) => {
    const through = connect(inner);
    for (const socket of [outer, through]) connections.add(socket.on('error', () => undefined));
    outer.pipe(through).pipe(outer);
  });
  const open = async () => void (await once(server.listen(socketPath), 'listening'));
  await open();
  return {
    socketPath,
    open,
    shut(): void {
      server.close();
      for (const socket of connections) socket.destroy();
    },
  };
}

/** Files of the engine that hold this text. */
async function filesWith(text: string): Promise<string> {
  const child = spawn('grep', [
    '-rlF',
    '--',
    text,
    join(engine.folder, 'data', 'containers'),
    join(engine.folder, 'log'),
  ]);
  let found = '';
  child.stdout.on('data', (chunk: Buffer) => (found += chunk.toString()));
  await once(child, 'close');
  return found;
}
