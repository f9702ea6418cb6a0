// What an action tries in vain stands in its job's log, and the job next to it is unharmed. That the attempts are in vain in
// every executor is tested beside the sandbox; here is what is left of them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOutputStore, reviewLimits, runAction, type ActionToRun, type OutputStore } from '@glovebox/execution';
import { bubblewrapSandbox } from '@glovebox/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentFor } from './task.js';
import { action } from './testing/action-runner.js';

const root = mkdtempSync(join(tmpdir(), 'glovebox-attempts-'));
let store: OutputStore;
beforeAll(async () => {
  store = await openOutputStore(join(root, 'store'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function run(script: string, more: Partial<ActionToRun> = {}, env: Readonly<Record<string, string>> = {}) {
  const attempt = action({ tag: 'v2', outputs: { highly_sensitive: { all: '*.csv' } }, ...more });
  const result = await runAction(attempt, {
    store,
    sandbox: bubblewrapSandbox(),
    runtimes: { python: '/usr/bin/python3', 'stata-mp': '/usr/bin/python3' },
    reviewLimits,
    limits: { memoryBytes: 2 ** 28, processes: 30, fileBytes: 2 ** 24, wallSeconds: 60, processors: 1 },
    workFolder: join(root, 'work'),
    env,
    signal: new AbortController().signal,
    prepareCode: (folder) => Promise.resolve(writeFileSync(join(folder, attempt.args[0] ?? ''), script)),
    extract: () => Promise.reject(new Error('no extraction in this test')),
  });
  if (result.ended !== 'completed') throw new Error(`it ended ${result.ended}`);
  return { manifest: result.manifest, log: readFileSync(join(store.jobFolder(attempt.job), 'log.txt'), 'utf8') };
}

test('each refusal is in the log of the job that tried, its outcome is kept, and its neighbour goes on', async () => {
  const neighbour = run("import time\nopen('a.csv', 'w').write('mine')\ntime.sleep(2)\nprint(open('a.csv').read())");
  const { manifest, log } = await run(
    `
import os, signal, socket
def tries(what, act):
    try: act()
    except BaseException as e: print('refused', what, type(e).__name__, flush=True)
    else: print('ESCAPED', what, flush=True)
tries('network', lambda: socket.create_connection(('127.0.0.1', 22), 1))
tries('store', lambda: os.listdir(${JSON.stringify(root)}))
tries('agent', lambda: os.kill(${process.pid}, signal.SIGKILL))
tries('system', lambda: open('/usr/bin/python3', 'ab'))
tries('processors', lambda: os.sched_setaffinity(0, range(os.cpu_count())))
os.symlink(${JSON.stringify(join(root, 'store'))}, 'link.csv')
os.mkfifo('pipe.csv')
socket.socket(socket.AF_UNIX).bind('socket.csv')
raise SystemExit(7)`,
    { action: 'hostile' },
  );
  expect(log).not.toContain('ESCAPED');
  for (const what of ['network', 'store', 'agent', 'system', 'processors']) expect(log).toContain(`refused ${what} `);
  expect(manifest).toMatchObject({ outcome: { code: 'nonzero_exit', exitCode: 7 }, outputs: [] });
  expect(manifest.refused.toSorted()).toEqual(['link.csv', 'pipe.csv', 'socket.csv']);
  const beside = await neighbour;
  expect(beside.manifest.outcome).toEqual({ code: 'succeeded' });
  expect(beside.manifest.outputs).toMatchObject([{ path: 'a.csv', bytes: 4 }]);
  expect(beside.log).toContain(' mine\n');
});

test("a program that stands for Stata is given the study's script and the licence", async () => {
  const env = environmentFor('stata-mp', { backend: 'tpp', stataLicence: 'the licence' });
  const script = "import os\nprint(os.environ['STATA_LICENSE'], os.environ['OPENSAFELY_BACKEND'], os.environ['HOME'])";
  const { log } = await run(script, { image: 'stata-mp', tag: 'v1', args: ['analysis.do'], outputs: {} }, env);
  expect(log).toContain(' the licence tpp /tmp\n');
});
