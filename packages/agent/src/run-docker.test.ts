// Real actions in containers of a real engine, from code to stored outputs. What containers hold back is tested beside the
// sandbox; here is what the agent makes of them.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOutputStore, reviewLimits, runAction, type ActionToRun, type Runtimes } from '@glovebox/execution';
import { startTestEngine, type TestEngine } from '@glovebox/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { openSandbox } from './executor.js';
import { action } from './testing/action-runner.js';

const started = await startTestEngine();
const skipped = typeof started === 'string' ? started : undefined;
if (skipped !== undefined) console.warn(`Actions in containers are not tested here: ${skipped}.`);
const engine = started as TestEngine;
const root = mkdtempSync(join(tmpdir(), 'glovebox-containers-'));
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  if (skipped === undefined) await engine.stop();
});

const contained = (more: Partial<ActionToRun>): ActionToRun =>
  action({
    tag: 'v2',
    args: ['analysis/run.py'],
    outputs: { moderately_sensitive: { all: 'output/*.csv' } },
    ...more,
  });

const limits = { memoryBytes: 2 ** 28, processes: 30, fileBytes: 2 ** 24, wallSeconds: 60 };

async function run(script: string, runtimes: Runtimes, more: Partial<ActionToRun> = {}) {
  const store = await openOutputStore(join(root, 'store'));
  const sandbox = openSandbox({
    executor: { kind: 'docker', socketPath: engine.socketPath, processors: 1 },
    dataFolder: root,
    runtimes,
    limits,
  });
  expect(await sandbox.probe()).toBeUndefined();
  const result = await runAction(contained(more), {
    store,
    sandbox,
    runtimes,
    reviewLimits,
    limits,
    workFolder: join(root, 'work'),
    env: { OPENSAFELY_BACKEND: 'tpp' },
    signal: new AbortController().signal,
    prepareCode: (folder) => {
      mkdirSync(join(folder, 'analysis'));
      writeFileSync(join(folder, 'analysis', 'run.py'), script);
      return Promise.resolve();
    },
    extract: () => Promise.reject(new Error('no extraction in this test')),
  });
  if (result.ended !== 'completed') throw new Error(`it ended ${result.ended}`);
  return { manifest: result.manifest, store };
}

describe.skipIf(skipped)(skipped === undefined ? 'in containers' : `in containers (skipped: ${skipped})`, () => {
  const python = () => ({ image: engine.image, program: '/usr/bin/python3' });

  test('an action runs in its image, keeps what it wrote, and the record names the image by digest', async () => {
    const { manifest, store } = await run(
      "import os\nos.makedirs('output')\nopen('output/a.csv', 'w').write('n\\n10\\n')\nprint(os.environ['OPENSAFELY_BACKEND'])",
      { python: python() },
    );
    expect(manifest).toMatchObject({ outcome: { code: 'succeeded' }, runtime: engine.image, image: 'python:v2' });
    expect(manifest.outputs).toMatchObject([{ path: 'output/a.csv', level: 'moderately_sensitive', excluded: null }]);
    expect(readFileSync(store.objectPath(manifest.outputs[0]!.sha256), 'utf8')).toBe('n\n10\n');
    expect(readFileSync(join(store.jobFolder(manifest.job), 'log.txt'), 'utf8')).toContain(' tpp\n');
    expect(readdirSync(join(root, 'work'))).toEqual([]);
    expect(existsSync(join(root, 'output'))).toBe(false);
  });

  test('an entry with the version goes before one without', async () => {
    const missing = { image: `study/python@sha256:${'0'.repeat(64)}`, program: '/usr/bin/python3' };
    const runtimes = { 'python:v1': missing, python: python() };
    const script = "import os\nos.makedirs('output')\nopen('output/a.csv', 'w').write('n\\n10\\n')";
    expect((await run(script, runtimes)).manifest.outcome).toEqual({ code: 'succeeded' });
  });

  test('an image that the engine does not have is told as that, and nothing is fetched', async () => {
    const missing = { image: `study/python@sha256:${'0'.repeat(64)}`, program: '/usr/bin/python3' };
    const { manifest } = await run('', { python: python(), 'python:v2': missing });
    expect(manifest.outcome).toEqual({ code: 'job_error', reason: 'image_missing' });
  });

  test('a lack of memory, an exit code and a missing interpreter are told apart', async () => {
    const greedy = await run('x = []\nwhile True: x.append(bytes(10**7))', { python: python() });
    expect(greedy.manifest.outcome).toEqual({ code: 'nonzero_exit', reason: 'out_of_memory' });
    const failing = await run('import sys; sys.exit(3)', { python: python() });
    expect(failing.manifest.outcome).toEqual({ code: 'nonzero_exit', exitCode: 3 });
    const absent = await run('', { python: { image: engine.image, program: '/opt/none' } });
    expect(absent.manifest.outcome).toEqual({ code: 'job_error', reason: 'could_not_start' });
  });
});
