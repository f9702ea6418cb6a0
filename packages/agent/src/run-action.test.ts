// Real actions in the real sandbox, from code to stored outputs. Here rather than beside runAction, because the execution
// package knows no sandbox. Long, because its tests share one store, repository and way to run an action.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { newIdentifier, type Limits, type Sandbox } from '@glovebox/record';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bubblewrapSandbox } from '@glovebox/sandbox';
import {
  defaultRuntimes,
  openOutputStore,
  reviewLimits,
  runAction,
  type ActionResult,
  type ActionToRun,
  type OutputStore,
  type RunSurroundings,
  type WorkspaceListing,
} from '@glovebox/execution';

let sandbox: Sandbox;
let root: string;
let store: OutputStore;
const limits: Limits = { memoryBytes: 2 ** 29, processes: 60, fileBytes: 2 ** 26, wallSeconds: 30 };

beforeAll(() => {
  sandbox = bubblewrapSandbox();
});
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'glovebox-execution-'));
  store = await openOutputStore(join(root, 'store'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Code = Readonly<Record<string, string>>;

function around(code: Code, more: Partial<RunSurroundings> = {}): RunSurroundings {
  return {
    store,
    sandbox,
    limits,
    reviewLimits,
    runtimes: defaultRuntimes,
    workFolder: join(root, 'work'),
    signal: new AbortController().signal,
    prepareCode: (folder) => {
      for (const [path, text] of Object.entries(code)) {
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      return Promise.resolve();
    },
    extract: () => Promise.reject(new Error('no extraction in this test')),
    ...more,
  };
}

const action = (more: Partial<ActionToRun> = {}): ActionToRun => ({
  job: newIdentifier(),
  request: newIdentifier(),
  workspace: 'winter',
  action: 'make',
  commit: '0'.repeat(40),
  image: 'python',
  tag: 'latest',
  args: ['run.py'],
  outputs: { highly_sensitive: { all: 'output/*.csv' } },
  inputs: {},
  ...more,
});

async function completed(result: Promise<ActionResult>) {
  const ended = await result;
  if (ended.ended !== 'completed') throw new Error(`it ended ${ended.ended}`);
  await store.accept(ended.manifest.job);
  return ended.manifest;
}

const python = (script: string, more: Partial<ActionToRun> = {}, code: Code = {}) =>
  completed(
    runAction(
      action(more),
      around({ 'run.py': `import os\nos.makedirs('output', exist_ok=True)\n${script}`, ...code }),
    ),
  );

const logOf = (job: string) => readFileSync(join(store.jobFolder(job), 'log.txt'), 'utf8');

test('outputs are kept by content under the job that made them', async () => {
  const manifest = await python("open('output/a.csv', 'w').write('x\\n1\\n')\nprint('hello')");
  expect(manifest.outcome).toEqual({ code: 'succeeded' });
  expect(manifest.outputs).toMatchObject([
    { path: 'output/a.csv', level: 'highly_sensitive', bytes: 4, excluded: null },
  ]);
  expect(readFileSync(store.objectPath(manifest.outputs[0]!.sha256), 'utf8')).toBe('x\n1\n');
  expect(manifest.patterns).toMatchObject([{ name: 'all', files: 1, bytes: 4 }]);
  expect(logOf(manifest.job)).toMatch(/^\d{4}-.*Z hello\n/);
  expect(logOf(manifest.job)).toContain('=============JOB SUMMARY=============');
  expect(readdirSync(join(root, 'work'))).toEqual([]);
});

test('an R script runs like a Python one, and its first word may be the interpreter', async () => {
  const code = { 'a.R': "dir.create('output'); write.csv(data.frame(a = 1), 'output/a.csv')" };
  for (const args of [['a.R'], ['Rscript', 'a.R']]) {
    const manifest = await completed(runAction(action({ image: 'r', args }), around(code)));
    expect(manifest).toMatchObject({ outcome: { code: 'succeeded' }, runtime: '/usr/bin/Rscript' });
  }
});

test('an input is there, can be changed without touching the store, and is no output', async () => {
  const first = await python("open('output/in.csv', 'w').write('given')");
  const manifest = await python(
    "p = 'output/in.csv'\nassert open(p).read() == 'given'\nos.chmod(p, 0o666)\nst = os.stat(p)\nf = open(p, 'r+'); f.write('TAKEN'); f.close()\nos.utime(p, ns=(st.st_atime_ns, st.st_mtime_ns))\nopen('output/out.csv', 'w').write('1')",
    { inputs: { make: first.job } },
    { 'output/in.csv': 'committed' },
  );
  expect(manifest.outcome).toEqual({ code: 'succeeded' });
  expect(manifest.outputs.map((o) => o.path)).toEqual(['output/out.csv']);
  expect(readFileSync(store.objectPath(first.outputs[0]!.sha256), 'utf8')).toBe('given');
});

test('a committed file that matches a pattern is no output, and the pattern is unmatched', async () => {
  const manifest = await python("open('output/b.cvs', 'w').write('1')", {}, { 'output/old.csv': 'stale' });
  expect(manifest).toMatchObject({
    outcome: { code: 'unmatched_patterns' },
    outputs: [],
    nearMisses: ['output/b.cvs'],
  });
  expect(logOf(manifest.job)).toContain('did one of these have the wrong name?\n  output/b.cvs');
});

test('a committed file that the action writes again is an output', async () => {
  const manifest = await python("open('output/old.csv', 'w').write('fresh')", {}, { 'output/old.csv': 'stale' });
  expect(manifest.outputs.map((o) => o.path)).toEqual(['output/old.csv']);
});

test('the most sensitive matching level wins', async () => {
  const outputs = { highly_sensitive: { all: 'output/*.csv' }, moderately_sensitive: { one: 'output/a.csv' } };
  const manifest = await python("open('output/a.csv', 'w').write('1')", { outputs });
  expect(manifest.outputs).toMatchObject([{ path: 'output/a.csv', level: 'highly_sensitive' }]);
  expect(manifest.outcome.code).toBe('succeeded');
});

test('a star matches within one folder, hidden files included', async () => {
  const manifest = await python(
    "os.makedirs('output/deep')\nfor p in ['output/.h.csv', 'output/deep/b.csv']: open(p, 'w').write('1')",
  );
  expect(manifest.outputs.map((o) => o.path)).toEqual(['output/.h.csv']);
});

test('links, pipes and names with control characters are refused as outputs', async () => {
  const manifest = await python(
    "os.symlink('/etc/passwd', 'output/link.csv')\nos.mkfifo('output/pipe.csv')\nos.symlink('/etc', 'output/folder')\nopen('output/a\\nb.csv', 'w').write('1')\nopen(b'output/\\xff.csv', 'w').write('1')\nopen('output/good.csv', 'w').write('1')",
  );
  expect(manifest.outputs.map((o) => o.path)).toEqual(['output/good.csv']);
  expect(manifest.refused).toHaveLength(4);
});

test('a failing action tells its exit code and does not replace the good output', async () => {
  const good = await python("open('output/a.csv', 'w').write('good')");
  const bad = await python("open('output/a.csv', 'w').write('bad')\nraise SystemExit(7)");
  expect(bad.outcome).toEqual({ code: 'nonzero_exit', exitCode: 7 });
  const view = await store.readView('winter');
  expect(view['output/a.csv']).toMatchObject({ job: good.job, sha256: good.outputs[0]!.sha256 });
});

test('a newer job of an action takes its outputs off the view that it no longer makes, and changes their level', async () => {
  await python("for n in 'ab': open('output/%s.csv' % n, 'w').write('1')", {
    outputs: { moderately_sensitive: { all: 'output/*.csv' } },
  });
  const later = await python("open('output/a.csv', 'w').write('2')");
  expect(await store.readView('winter')).toMatchObject({
    'output/a.csv': { job: later.job, level: 'highly_sensitive' },
  });
  expect(Object.keys(await store.readView('winter'))).toEqual(['output/a.csv']);
});

describe('an action that cannot run', () => {
  test.each<[string, Partial<ActionToRun>, string]>([
    ['has no script', { args: ['missing.py'] }, 'script_missing'],
    ['names a script outside', { args: ['/etc/passwd'] }, 'script_missing'],
    ['names an image that is not there', { image: 'julia' }, 'image_missing'],
    ['needs what is not offered here', { image: 'stata-mp' }, 'not_offered'],
    ['is a notebook', { image: 'jupyter' }, 'not_offered'],
    ['names an image like a property of every object', { image: 'constructor' }, 'image_missing'],
    [
      'sends the extraction to another file',
      { image: 'ehrql', args: ['generate-measures', '--output', '/etc/x.csv', 'run.py'] },
      'refused_by_policy',
    ],
    [
      'sends the extraction to another folder',
      { image: 'ehrql', args: ['generate-measures', '--output=../x.csv', 'run.py'] },
      'refused_by_policy',
    ],
    [
      'chooses its own database',
      { image: 'ehrql', args: ['generate-measures', '--dsn=other.duckdb', 'run.py'] },
      'refused_by_policy',
    ],
  ])('because it %s ends with a reason', async (_name, more, reason) => {
    expect(await python('', more)).toMatchObject({ outcome: { code: 'job_error', reason }, outputs: [] });
  });

  test('because an input is not there ends with that reason', async () => {
    const outcome = { code: 'job_error', reason: 'input_missing' };
    expect(await python('', { inputs: { other: newIdentifier() } })).toMatchObject({ outcome });
  });
});

test('limits become reasons', async () => {
  const tight = around({ 'run.py': "x = []\nwhile True: x.append(b'x' * 10**7)" });
  expect(await completed(runAction(action(), tight))).toMatchObject({
    outcome: { code: 'nonzero_exit', reason: 'out_of_memory' },
  });
  const slow = around({ 'run.py': 'import time\ntime.sleep(60)' }, { limits: { ...limits, wallSeconds: 0.3 } });
  expect(await completed(runAction(action(), slow))).toMatchObject({
    outcome: { code: 'nonzero_exit', reason: 'timed_out' },
  });
});

test('exit codes of the extraction become reasons', async () => {
  for (const [exitCode, reason] of [
    [2, 'arguments_wrong'],
    [3, 'database_busy'],
    [4, 'database_importing'],
    [5, 'database_problem'],
    [6, 'query_too_complex'],
    [10, 'definition_wrong'],
    [11, 'data_file_wrong'],
    [12, 'permission_missing'],
    [13, 'assurance_failed'],
    [14, 'query_too_slow'],
  ] as const) {
    const extract = () => Promise.resolve({ usage: { wallSeconds: 1 }, ended: 'exited', exitCode } as const);
    const manifest = await completed(
      runAction(
        action({ image: 'ehrql', args: ['generate-measures', 'run.py'] }),
        around({ 'run.py': '' }, { extract }),
      ),
    );
    expect(manifest.outcome).toEqual({ code: 'nonzero_exit', exitCode, reason });
  }
});

test('a cancelled action leaves nothing: no job, no log, no work folder', async () => {
  const stop = new AbortController();
  const cancelled = action();
  const surroundings = around(
    { 'run.py': "import time\nprint('ready', flush=True)\ntime.sleep(60)" },
    { signal: stop.signal, onPhase: (p) => p === 'executing' && stop.abort() },
  );
  expect(await runAction(cancelled, surroundings)).toEqual({ ended: 'cancelled' });
  expect(await store.readJob(cancelled.job)).toBeUndefined();
  expect(readdirSync(join(root, 'store/jobs'))).toEqual([]);
  expect(readdirSync(join(root, 'work'))).toEqual([]);
});

test('a full disk ends the job with that reason', async () => {
  const full = around(
    { 'run.py': '' },
    { prepareCode: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) },
  );
  expect(await completed(runAction(action(), full))).toMatchObject({
    outcome: { code: 'job_error', reason: 'disk_full' },
  });
});

test('an input never goes through a link that the study committed', async () => {
  const first = await python("open('output/in.csv', 'w').write('given')");
  const outside = join(root, 'outside');
  mkdirSync(outside);
  const surroundings = around(
    {},
    {
      prepareCode: (folder) => {
        writeFileSync(join(folder, 'run.py'), "open('x.csv', 'w').write(open('output/in.csv').read())");
        symlinkSync(outside, join(folder, 'output'));
        return Promise.resolve();
      },
    },
  );
  const manifest = await completed(
    runAction(action({ inputs: { make: first.job }, outputs: { highly_sensitive: { x: 'x.csv' } } }), surroundings),
  );
  expect(manifest.outcome.code).toBe('succeeded');
  expect(readdirSync(outside)).toEqual([]);
});

test('a complete job shows nothing until it is accepted, and is forgotten when it never is', async () => {
  const good = await python("open('output/a.csv', 'w').write('good')");
  const code = { 'run.py': "import os\nos.makedirs('output')\nopen('output/a.csv', 'w').write('late')" };
  const late = await runAction(action(), around(code));
  if (late.ended !== 'completed') throw new Error(`it ended ${late.ended}`);
  await store.removeLeftovers();
  expect((await store.readView('winter'))['output/a.csv']?.job).toBe(good.job);
  expect(await store.readJob(late.manifest.job)).toBeDefined();
  await store.removeUnaccepted(new Date(Date.now() + 1000).toISOString());
  expect(await store.readJob(late.manifest.job)).toBeUndefined();
  expect(await store.readJob(good.job)).toBeDefined();
});

test('an action that writes more files than it may ends with that reason, and none of them is kept', async () => {
  const code = {
    'run.py': "import os\nos.makedirs('output')\nfor n in range(4): open(f'output/{n}.csv', 'w').write(str(n))",
  };
  for (const outputLimits of [
    { files: 3, bytes: 100 },
    { files: 4, bytes: 3 },
  ]) {
    const manifest = await completed(runAction(action(), around(code, { outputLimits })));
    expect(manifest).toMatchObject({ outcome: { code: 'job_error', reason: 'outputs_too_large' }, outputs: [] });
    expect(logOf(manifest.job)).toContain('wrote more than');
  }
  const fits = await completed(runAction(action(), around(code, { outputLimits: { files: 4, bytes: 4 } })));
  expect(fits.outcome.code).toBe('succeeded');
});

test('the newer job is the one that was run later, also when the clock was set back', async () => {
  const at = (time: string, text: string) => {
    const code = { 'run.py': `import os\nos.makedirs('output')\nopen('output/a.csv', 'w').write('${text}')` };
    return completed(runAction(action(), around(code, { clock: () => new Date(time) })));
  };
  await at('2030-01-01T00:00:00Z', 'first');
  const later = await at('2020-01-01T00:00:00Z', 'second');
  expect((await store.readView('winter'))['output/a.csv']?.job).toBe(later.job);
  store = await openOutputStore(join(root, 'store'));
  await store.removeLeftovers();
  const last = await at('2010-01-01T00:00:00Z', 'third');
  expect((await store.readView('winter'))['output/a.csv']?.job).toBe(last.job);
});

describe('what people inside may look at', () => {
  const moderately = { moderately_sensitive: { all: 'output/*.csv', text: 'output/*.txt' } };
  const inside = (path = '') => join(store.reviewersFolder('winter'), path);
  const text = (path: string) => readFileSync(inside(path), 'utf8');
  const listing = () => (JSON.parse(text('metadata/manifest.json')) as WorkspaceListing).outputs;
  const files = () =>
    readdirSync(inside(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(inside().length + 1))
      .sort();

  test('is each moderately sensitive file, or a note that names file, rule and limit, and it goes once the file is accepted', async () => {
    const writes = "open('output/small.csv', 'w').write('a,b\\n1,2\\n')\n";
    const limits = { reviewLimits: { bytes: 1000, rows: 2 } };
    const run = (rows: number) => {
      const script = `import os\nos.makedirs('output')\n${writes}open('output/big.csv', 'w').write('a\\n' + '1\\n' * ${rows})`;
      return completed(
        runAction(
          action({ outputs: moderately, request: newIdentifier() }),
          around({ 'run.py': `${script}\nopen('output/x.txt', 'w').write('x')` }, limits),
        ),
      );
    };
    const first = await run(3);
    expect(first.outcome.code).toBe('succeeded');
    const logs = ['metadata/make.log', 'metadata/manifest.json'];
    expect(files()).toEqual([...logs, 'output/big.csv.txt', 'output/small.csv', 'output/x.txt']);
    expect(text('output/big.csv.txt')).toMatch(/^output\/big\.csv is not shown here: the file has 3 rows; at most 2 /);
    expect(text('metadata/make.log')).toBe(logOf(first.job));
    expect(listing()['output/big.csv']).toMatchObject({ excluded: true, message: expect.stringContaining('3 rows') });
    expect(listing()['output/small.csv']).toMatchObject({
      level: 'moderately_sensitive',
      job_id: first.job,
      job_request: first.request,
      action: 'make',
      commit: first.commit,
      size: 8,
      content_hash: createHash('sha256').update('a,b\n1,2\n').digest('hex'),
      excluded: false,
      row_count: 1,
      col_count: 2,
      out_of_date_action: false,
    });
    await run(2);
    expect(files()).toEqual([...logs, 'output/big.csv', 'output/small.csv', 'output/x.txt']);
  });

  test('loses what is relabelled or no longer made, and keeps what a failed job would have replaced', async () => {
    const write = (names: string) => `for n in '${names}': open('output/%s.csv' % n, 'w').write(n)`;
    await python(write('abc'), { outputs: { moderately_sensitive: { all: 'output/*.csv' } } });
    expect(files()).toContain('output/c.csv');
    await python(`${write('xyz')}\nraise SystemExit(1)`, {
      outputs: { moderately_sensitive: { all: 'output/*.csv' } },
    });
    expect(files().filter((path) => path.endsWith('.csv'))).toEqual(['output/a.csv', 'output/b.csv', 'output/c.csv']);
    const outputs = { moderately_sensitive: { a: 'output/a.csv' }, highly_sensitive: { b: 'output/b.csv' } };
    await python(write('ab'), { outputs });
    expect(files()).toEqual(['metadata/make.log', 'metadata/manifest.json', 'output/a.csv']);
    expect(Object.keys(listing()).sort()).toEqual(['output/a.csv', 'output/b.csv']);
    expect(listing()['output/b.csv']?.level).toBe('highly_sensitive');
  });

  test('is repaired at the next start, whatever was left half-way', async () => {
    await python("open('output/a.csv', 'w').write('right')", {
      outputs: { moderately_sensitive: { all: 'output/*.csv' } },
    });
    writeFileSync(inside('output/a.csv'), 'wrong');
    writeFileSync(inside('output/stranger.csv'), '1');
    mkdirSync(inside('deep/er'), { recursive: true });
    writeFileSync(inside('deep/er/x'), '1');
    await store.removeLeftovers();
    expect(files()).toEqual(['metadata/make.log', 'metadata/manifest.json', 'output/a.csv']);
    expect(text('output/a.csv')).toBe('right');
  });

  test('says of which outputs the study no longer has the action', async () => {
    const project = (...names: string[]) =>
      JSON.stringify({
        version: 4,
        actions: Object.fromEntries(
          names.map((name) => [
            name,
            { run: `python:v2 ${name}.py`, outputs: { moderately_sensitive: { x: `output/${name}.csv` } } },
          ]),
        ),
      });
    const make = (name: string, ...names: string[]) =>
      python(
        `open('output/${name}.csv', 'w').write('1')`,
        { action: name, outputs: { moderately_sensitive: { x: `output/${name}.csv` } } },
        { 'project.yaml': project(...names) },
      );
    await make('old', 'old', 'new');
    expect(listing()['output/old.csv']?.out_of_date_action).toBe(false);
    await make('new', 'new');
    expect(listing()['output/old.csv']?.out_of_date_action).toBe(true);
    expect(listing()['output/new.csv']?.out_of_date_action).toBe(false);
    await make('new', 'new', 'old');
    expect(listing()['output/old.csv']?.out_of_date_action).toBe(false);
  });
});

test('leftovers of a crash are removed, and a job that was accepted gets into the view', async () => {
  const manifest = await python("open('output/a.csv', 'w').write('1')");
  rmSync(join(root, 'store/workspaces'), { recursive: true });
  mkdirSync(store.jobFolder('unfinished'));
  writeFileSync(join(root, 'store/incoming/partial'), 'x');
  await store.removeLeftovers();
  expect(Object.keys(await store.readView('winter'))).toEqual(['output/a.csv']);
  expect(readdirSync(join(root, 'store/jobs'))).toEqual([manifest.job]);
  expect(readdirSync(join(root, 'store/incoming'))).toEqual([]);
});

test('an action that does nothing costs under half a second beyond its process', async () => {
  const around1 = around({ 'run.py': '' });
  const costs: number[] = [];
  for (let i = 0; i < 6; i++) {
    const before = performance.now();
    const result = await runAction(action({ args: ['-S', '-c', ''], outputs: {} }), around1);
    if (result.ended !== 'completed') throw new Error(`it ended ${result.ended}`);
    costs.push(performance.now() - before - result.manifest.usage!.wallMilliseconds);
  }
  console.log(`an idle action costs ${costs.map((cost) => cost.toFixed(0)).join(' ')} ms beyond its process`);
  // The least: whatever else the machine does comes on top.
  expect(Math.min(...costs)).toBeLessThan(500);
});
