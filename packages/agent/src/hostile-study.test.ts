// Studies that attack the machine around their actions: with words of the extraction, links, and what they leave behind.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bubblewrapSandbox } from '@glovebox/sandbox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  defaultRuntimes,
  openOutputStore,
  removeFolder,
  reviewLimits,
  runAction,
  type ActionToRun,
  type Extraction,
  type Manifest,
  type OutputStore,
  type RunSurroundings,
} from '@glovebox/execution';
import { action } from './testing/action-runner.js';

let root: string;
let store: OutputStore;
let extractions: Extraction[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'glovebox-hostile-'));
  store = await openOutputStore(join(root, 'store'));
  extractions = [];
});
afterEach(() => removeFolder(root));

type Prepare = (folder: string) => void;

async function run(changed: Partial<ActionToRun>, prepare: Prepare, more: Partial<RunSurroundings> = {}) {
  const result = await runAction(action(changed), {
    store,
    sandbox: bubblewrapSandbox(),
    limits: { memoryBytes: 2 ** 29, processes: 60, fileBytes: 2 ** 62, wallSeconds: 30 },
    reviewLimits,
    runtimes: defaultRuntimes,
    workFolder: join(root, 'work'),
    signal: new AbortController().signal,
    prepareCode: (folder) => Promise.resolve(prepare(folder)),
    extract: (extraction) => {
      extractions.push(extraction);
      return Promise.resolve({ ended: 'exited', exitCode: 0, usage: { wallSeconds: 0 } });
    },
    ...more,
  });
  if (result.ended !== 'completed') throw new Error('it was cancelled');
  return result.manifest;
}

const files =
  (code: Readonly<Record<string, string>>): Prepare =>
  (folder) => {
    for (const [path, text] of Object.entries(code)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };

const python = (script: string, action: Partial<ActionToRun> = {}): Promise<Manifest> =>
  run(action, files({ 'run.py': `import os\nos.makedirs('output', exist_ok=True)\n${script}` }));

const extraction = (args: readonly string[], prepare: Prepare = () => undefined, more: Partial<ActionToRun> = {}) =>
  run({ image: 'ehrql', tag: 'v1', args, outputs: {}, ...more }, prepare);

test.each([
  [['serialize-definition', 'd.py', '-o/tmp/taken'], 'arguments_wrong'],
  [['serialize-definition', 'd.py', '-o../../taken'], 'arguments_wrong'],
  [['serialize-definition', 'd.py', '-o', 'x.json'], 'arguments_wrong'],
  [['generate-dataset', 'd.py', '--output', '/tmp/x.csv'], 'refused_by_policy'],
  [['generate-dataset', 'd.py', '--output=../x.csv'], 'refused_by_policy'],
  [['generate-dataset', 'd.py', '--out=/tmp/x.csv'], 'refused_by_policy'],
  [['generate-dataset', 'd.py', '--output', 'a=/../../x.csv'], 'refused_by_policy'],
  [['generate-dataset', '../other/d.py'], 'refused_by_policy'],
  [['generate-dataset', 'd.py', '--dsn', 'own.duckdb'], 'refused_by_policy'],
  [['generate-dataset', 'd.py', '--ds=own.duckdb'], 'refused_by_policy'],
  [['generate-dataset', 'd.py', '--ds='], 'refused_by_policy'],
  [['generate-dataset', 'd.py', '--d', 'own'], 'refused_by_policy'],
  [['generate-dataset', 'd.py', '--back', 'tpp'], 'refused_by_policy'],
  [['generate-dataset', 'd.py', '--dummy-tables', '/etc'], 'refused_by_policy'],
  [['generate-dataset', 'd.py', '--dummy-t=file:///etc'], 'refused_by_policy'],
  [['test-connection', '-u/etc/passwd'], 'arguments_wrong'],
  [['engine', '--stdio'], 'arguments_wrong'],
  [['--help'], 'arguments_wrong'],
  [[], 'arguments_wrong'],
])('the extraction is not started with the words %j', async (args, reason) => {
  expect((await extraction(args)).outcome).toEqual({ code: 'job_error', reason });
  expect(extractions).toEqual([]);
});

test('the extraction is started with the words of a real study, and words for the definition may be any', async () => {
  const args = [
    'generate-dataset',
    'a/d.py',
    '--output',
    'output/x.csv.gz',
    '--dummy-tables=dummy',
    '--test-data=t.py',
  ];
  await extraction([...args, '--', '--start', '/2020', '--dsn=..']);
  await extraction(['generate-measures', 'a/m.py', '--out', 'output/m.csv']);
  expect(extractions.map((e) => e.readsPatients)).toEqual([true, true]);
  expect(extractions[0]!.args).toEqual([...args, '--', '--start', '/2020', '--dsn=..']);
});

test('before an extraction a link that leads out is taken away, also one that an input turned outwards', async () => {
  const input = await python("os.makedirs('turn')\nopen('turn/x.csv', 'w').write('1')", {
    outputs: { highly_sensitive: { turn: 'turn/*.csv' } },
  });
  const seen: string[][] = [];
  await run(
    {
      image: 'ehrql',
      args: ['generate-dataset', 'd.py', '--output', 'out/x.csv'],
      outputs: {},
      inputs: { make: input.job },
    },
    (folder) => {
      mkdirSync(join(folder, 'deep/inner'), { recursive: true });
      symlinkSync('deep/inner', join(folder, 'turn'));
      // Inside while `turn` is a link: the input makes it a folder.
      symlinkSync('turn/../..', join(folder, 'out'));
      symlinkSync('out/elsewhere', join(folder, 'through'));
      symlinkSync('deep', join(folder, 'kept'));
      symlinkSync(root, join(folder, 'plain'));
    },
    {
      extract: (e) => {
        seen.push(readdirSync(e.folder).sort());
        return Promise.resolve({ ended: 'exited', exitCode: 0, usage: { wallSeconds: 0 } });
      },
    },
  );
  expect(seen).toEqual([['deep', 'kept', 'turn']]);
});

test('the outputs of another workspace, or of another action, are no inputs', async () => {
  const secret = await python("open('output/a.csv', 'w').write('theirs')");
  const reads = { args: ['-c', "print(open('output/a.csv').read())"], outputs: {} };
  const read = (more: Partial<ActionToRun>) => run({ ...reads, ...more }, () => undefined);
  const own = await read({ action: 'read', inputs: { make: secret.job } });
  expect(own.outcome.code).toBe('succeeded');
  const stolen = await read({ action: 'read', workspace: 'summer', inputs: { make: secret.job } });
  expect(stolen.outcome).toEqual({ code: 'job_error', reason: 'input_missing' });
  const renamed = await read({ action: 'read', inputs: { extract: secret.job } });
  expect(renamed.outcome).toEqual({ code: 'job_error', reason: 'input_missing' });
  expect(readFileSync(join(store.jobFolder(stolen.job), 'log.txt'), 'utf8')).not.toContain('theirs');
});

test('folders without permissions or deeper than any path are neither outputs nor in the way of the next job', async () => {
  const manifest = await python(
    [
      "open('output/a.csv', 'w').write('1')",
      "open('output/shut.csv', 'w').write('1')",
      "os.chmod('output/shut.csv', 0)",
      "os.makedirs('shut/inner')",
      "os.chmod('shut', 0)",
      'for i in range(30):',
      "    os.mkdir('d' * 200)",
      "    os.chdir('d' * 200)",
      "open('bottom', 'w').write('1')",
    ].join('\n'),
  );
  expect(manifest.outcome).toEqual({ code: 'succeeded' });
  expect(manifest.outputs.map((o) => o.path)).toEqual(['output/a.csv']);
  expect(manifest.refused).toEqual(['output/shut.csv']);
  expect(readdirSync(join(root, 'work'))).toEqual([]);
});

test('a file of holes that is longer than an output may be ends the job, and leaves nothing', async () => {
  const manifest = await python("open('output/a.csv', 'w').truncate(2 ** 42)");
  expect(manifest.outcome).toEqual({ code: 'job_error', reason: 'outputs_too_large' });
  expect(readdirSync(join(root, 'store/objects'))).toEqual([]);
  expect(readdirSync(join(root, 'store/incoming'))).toEqual([]);
});

test('contents that no job names are removed at the next start', async () => {
  const kept = await python("open('output/a.csv', 'w').write('1')");
  writeFileSync(join(root, 'store/objects', 'f'.repeat(64)), 'of a job that was cancelled');
  await store.removeLeftovers();
  expect(readdirSync(join(root, 'store/objects'))).toEqual([kept.outputs[0]!.sha256]);
});

test('the same job twice has manifests of different digests, so that a digest confirms no guess', async () => {
  const salts = [await python(''), await python('')].map((manifest) => manifest.salt);
  expect(salts[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(salts[0]).not.toBe(salts[1]);
});
