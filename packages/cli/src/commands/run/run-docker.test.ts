// Studies run in containers of a real engine, under the names that they give their images.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { IncomingMessage } from 'node:http';
import { startTestEngine, type TestEngine } from '@glovebox/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readPipeline } from '@glovebox/pipeline';
import { session } from '../../testing.js';
import { imageProblems, licenceFor } from './refuse-images.js';

vi.setConfig({ testTimeout: 60_000 });
const started = await startTestEngine();
const skipped = typeof started === 'string' ? started : undefined;
if (skipped !== undefined) console.warn(`Studies in containers are not tested here: ${skipped}.`);
const engine = started as TestEngine;
const glovebox = fileURLToPath(new URL('../../../../../glovebox', import.meta.url));
beforeAll(() => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../../../script/build.mjs', import.meta.url))]);
}, 120_000);
afterAll(async () => {
  if (skipped === undefined) await engine.stop();
});
beforeEach(() => void vi.stubEnv('DOCKER_HOST', `unix://${engine.socketPath}`));
afterEach(() => vi.unstubAllEnvs());

async function tag(repository: string, version: string): Promise<void> {
  const path = `/images/${engine.image.split('@')[1]}/tag?repo=${repository}&tag=${version}`;
  const asked = request({ socketPath: engine.socketPath, method: 'POST', path }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(201);
  answer.resume();
}

/** How many there are, running or not. */
async function containers(): Promise<number> {
  const asked = request({ socketPath: engine.socketPath, path: '/containers/json?all=1' }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return ((await json(answer)) as unknown[]).length;
}

const study = (image: string, more = '') => ({
  'project.yaml': `version: "5.0"\nactions:\n  count:\n    run: ${image} count.py\n    outputs: {moderately_sensitive: {n: output/n.txt}}\n${more}`,
  'count.py':
    'import os\nos.makedirs("output", exist_ok=True)\nopen("output/n.txt", "w").write(f"{os.getcwd()} {os.path.exists(\'/.dockerenv\')} {os.environ[\'OPENSAFELY_BACKEND\']}")\n',
});
const words = ['--project-dir', 'FOLDER/', '--executor', 'docker'];

describe.skipIf(skipped)(skipped === undefined ? 'docker' : `docker (skipped: ${skipped})`, () => {
  it('runs an action in the image that it names, and again only when another image has the name', async () => {
    await tag('ghcr.io/opensafely-core/python', 'v2');
    const s = session(study('python:v2'));
    const { exitCode, out, error } = await s.run('run', 'count', ...words);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: '' });
    expect(out).toContain('=> count\n   Completed successfully\n');
    expect(readFileSync(join(s.folder, 'output/n.txt'), 'utf8')).toBe('/workspace True expectations');
    expect(readFileSync(join(s.folder, 'metadata/count.log'), 'utf8')).toContain(
      'runtime: ghcr.io/opensafely-core/python@sha256:',
    );
    expect((await s.run('plan', ...words)).out).toContain('\nNothing to do.');
    expect((await s.run('info')).out).toMatch(/ docker +works: .*python:v2/);
    const elsewhere = await s.run('plan', '--project-dir', 'FOLDER/', '--executor', 'bubblewrap');
    expect(elsewhere.out).toContain('count  the image `python:v2` was updated\n');
  });

  it('takes a local image of the plain name, and images of another prefix', async () => {
    await tag('python', 'v7');
    await tag('registry.example.org/study/python', 'v8');
    expect((await session(study('python:v7')).run('run', 'count', ...words)).exitCode).toBe(0);
    vi.stubEnv('GLOVEBOX_IMAGES', 'registry.example.org/study/');
    expect((await session(study('python:v8')).run('run', 'count', ...words)).exitCode).toBe(0);
  });

  it('leaves no container when it is killed and cleaned up after', async () => {
    await tag('python', 'v3');
    const s = session({ ...study('python:v3'), 'count.py': 'import time\ntime.sleep(600)\n' });
    const words = ['run', 'count', '--project-dir', s.folder, '--executor', 'docker'];
    const child = spawn(glovebox, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.on('data', (text: Buffer) => void (out += text.toString()));
    const ended = once(child, 'exit');
    await expect.poll(() => out, { timeout: 40_000 }).toContain('count: Running\n');
    await expect.poll(() => containers(), { timeout: 20_000 }).toBe(1);
    child.kill('SIGKILL');
    await ended;
    expect((await s.run('clean', '--project-dir', 'FOLDER/')).out).toContain(
      'Ended 1 container that a killed run had left.\n',
    );
    expect(await containers()).toBe(0);
  });

  it('says before anything runs which images are missing and how to have them, and what is not offered', async () => {
    const more =
      '  old:\n    run: sqlrunner:v1 x.sql\n    outputs: {highly_sensitive: {n: output/o.csv}}\n  s:\n    run: stata-mp:v1 x.do\n    outputs: {highly_sensitive: {n: output/s.csv}}\n';
    const s = session(study('python:v9', more));
    const { exitCode, out, error } = await s.run('run', 'run_all', ...words);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(error).toContain('The action `count` runs in python:v9, and the Docker engine has neither');
    expect(error).toContain(
      'next: glovebox pull python:v9 (the same as docker pull ghcr.io/opensafely-core/python:v9)',
    );
    expect(error).toContain(
      'The action `old` runs in sqlrunner:v1, which is not offered here. Write the extraction as',
    );
    expect(error).toContain('docker pull ghcr.io/opensafely-core/stata-mp:v1');
    expect(existsSync(join(s.folder, 'output'))).toBe(false);
  });
});

it('names the engine that does not answer', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nonexistent/socket');
  const { exitCode, error } = await session(study('python:v2')).run('run', 'count', ...words);
  expect(exitCode).toBe(1);
  expect(error).toContain('No Docker engine answers at /nonexistent/socket');
});

it('asks for the licence of Stata, which goes to no other action', () => {
  const { pipeline } = readPipeline(study('stata-mp:v1')['project.yaml'], 'project.yaml');
  const jobs = (pipeline?.actions ?? []).map((action) => ({ action }));
  const standIns = new Map([['stata-mp:v1', { runtime: '/usr/local/stata/stata-mp', identity: null }]]);
  vi.stubEnv('STATA_LICENSE', '');
  expect(imageProblems(jobs, standIns, 'docker')[0]?.message).toContain('STATA_LICENSE is empty');
  vi.stubEnv('STATA_LICENSE', 'text');
  expect(imageProblems(jobs, standIns, 'docker')).toEqual([]);
  expect([licenceFor('stata-mp'), licenceFor('r')]).toEqual([{ STATA_LICENSE: 'text' }, {}]);
});
