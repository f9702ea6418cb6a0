// Real actions in the real sandbox, from code to stored outputs.
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newIdentifier } from '@glovebox/record';
import { runAction, type ActionToRun, type Extraction } from '@glovebox/execution';
import { describe, expect, test } from 'vitest';
import { action, actionRunner, limits } from './testing/action-runner.js';

const on = actionRunner();

test('outputs are kept by content under the job that made them', async () => {
  const manifest = await on.python("open('output/a.csv', 'w').write('x\\n1\\n')\nprint('hello')");
  expect(manifest.outcome).toEqual({ code: 'succeeded' });
  expect(manifest.outputs).toMatchObject([
    { path: 'output/a.csv', level: 'highly_sensitive', bytes: 4, excluded: null },
  ]);
  expect(readFileSync(on.store.objectPath(manifest.outputs[0]!.sha256), 'utf8')).toBe('x\n1\n');
  expect(manifest.patterns).toMatchObject([{ name: 'all', files: 1, bytes: 4 }]);
  expect(on.logOf(manifest.job)).toMatch(/^\d{4}-.*Z hello\n/);
  expect(on.logOf(manifest.job)).toContain('=============JOB SUMMARY=============');
  expect(readdirSync(join(on.root, 'work'))).toEqual([]);
});

test('the summary in the log tells exit code, time, memory and outcome, and what to do where a limit was met', async () => {
  const good = await on.python("open('output/a.csv', 'w').write('1')");
  const lines = on.logOf(good.job).split('\n');
  for (const line of [`job: ${good.job}`, 'exit_code: 0', 'memory_limit_megabytes: 537']) expect(lines).toContain(line);
  expect(lines).toContain('status_message: Completed successfully.');
  const without = await on.python('');
  expect(on.logOf(without.job)).toContain('\nexit_code: 0\n');
  const failed = await on.python('raise SystemExit(7)');
  expect(on.logOf(failed.job)).toContain('\nexit_code: 7\n');
  const greedy = on.logOf((await on.python("x = []\nwhile True: x.append(b'x' * 10**7)")).job);
  expect(greedy).toContain('It used more memory than it may.\nhint: Read only the columns');
  expect(greedy).not.toContain('exit_code');
});

test('an R script runs like a Python one, and its first word may be the interpreter', async () => {
  const code = { 'a.R': "dir.create('output'); write.csv(data.frame(a = 1), 'output/a.csv')" };
  for (const args of [['a.R'], ['Rscript', 'a.R']]) {
    const manifest = await on.completed(runAction(action({ image: 'r', args }), on.around(code)));
    expect(manifest).toMatchObject({ outcome: { code: 'succeeded' }, runtime: '/usr/bin/Rscript' });
  }
});

test('an input is there, can be changed without touching the store, and is no output', async () => {
  const first = await on.python("open('output/in.csv', 'w').write('given')");
  const manifest = await on.python(
    "p = 'output/in.csv'\nassert open(p).read() == 'given'\nos.chmod(p, 0o666)\nst = os.stat(p)\nf = open(p, 'r+'); f.write('TAKEN'); f.close()\nos.utime(p, ns=(st.st_atime_ns, st.st_mtime_ns))\nopen('output/out.csv', 'w').write('1')",
    { inputs: { make: first.job } },
    { 'output/in.csv': 'committed' },
  );
  expect(manifest.outcome).toEqual({ code: 'succeeded' });
  expect(manifest.outputs.map((o) => o.path)).toEqual(['output/out.csv']);
  expect(readFileSync(on.store.objectPath(first.outputs[0]!.sha256), 'utf8')).toBe('given');
});

test('a committed file that matches a pattern is no output, and the pattern is unmatched', async () => {
  const manifest = await on.python("open('output/b.cvs', 'w').write('1')", {}, { 'output/old.csv': 'stale' });
  expect(manifest).toMatchObject({
    outcome: { code: 'unmatched_patterns' },
    outputs: [],
    nearMisses: ['output/b.cvs'],
  });
  expect(on.logOf(manifest.job)).toContain('did one of these have the wrong name?\n  output/b.cvs');
});

test('a committed file that the action writes again is an output', async () => {
  const manifest = await on.python("open('output/old.csv', 'w').write('fresh')", {}, { 'output/old.csv': 'stale' });
  expect(manifest.outputs.map((o) => o.path)).toEqual(['output/old.csv']);
});

test('the most sensitive matching level wins', async () => {
  const outputs = { highly_sensitive: { all: 'output/*.csv' }, moderately_sensitive: { one: 'output/a.csv' } };
  const manifest = await on.python("open('output/a.csv', 'w').write('1')", { outputs });
  expect(manifest.outputs).toMatchObject([{ path: 'output/a.csv', level: 'highly_sensitive' }]);
  expect(manifest.outcome.code).toBe('succeeded');
});

test('a star matches within one folder, hidden files included', async () => {
  const manifest = await on.python(
    "os.makedirs('output/deep')\nfor p in ['output/.h.csv', 'output/deep/b.csv']: open(p, 'w').write('1')",
  );
  expect(manifest.outputs.map((o) => o.path)).toEqual(['output/.h.csv']);
});

test('links, pipes and names with control characters are refused as outputs', async () => {
  const manifest = await on.python(
    "os.symlink('/etc/passwd', 'output/link.csv')\nos.mkfifo('output/pipe.csv')\nos.symlink('/etc', 'output/folder')\nopen('output/a\\nb.csv', 'w').write('1')\nopen(b'output/\\xff.csv', 'w').write('1')\nopen('output/good.csv', 'w').write('1')",
  );
  expect(manifest.outputs.map((o) => o.path)).toEqual(['output/good.csv']);
  expect(manifest.refused).toHaveLength(4);
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
    expect(await on.python('', more)).toMatchObject({ outcome: { code: 'job_error', reason }, outputs: [] });
  });

  test('because an input is not there ends with that reason', async () => {
    const outcome = { code: 'job_error', reason: 'input_missing' };
    expect(await on.python('', { inputs: { other: newIdentifier() } })).toMatchObject({ outcome });
  });
});

test('limits become reasons', async () => {
  const tight = on.around({ 'run.py': "x = []\nwhile True: x.append(b'x' * 10**7)" });
  expect(await on.completed(runAction(action(), tight))).toMatchObject({
    outcome: { code: 'nonzero_exit', reason: 'out_of_memory' },
  });
  const slow = on.around({ 'run.py': 'import time\ntime.sleep(60)' }, { limits: { ...limits, wallSeconds: 0.3 } });
  expect(await on.completed(runAction(action(), slow))).toMatchObject({
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
    const ending = async (isEvaluated: boolean) => {
      const extract = ({ filesRead }: Extraction) => {
        if (isEvaluated) writeFileSync(filesRead, '');
        return Promise.resolve({ usage: { wallSeconds: 1 }, ended: 'exited', exitCode } as const);
      };
      const run = action({ image: 'ehrql', args: ['generate-measures', 'run.py'] });
      return (await on.completed(runAction(run, on.around({ 'run.py': '' }, { extract })))).outcome;
    };
    expect(await ending(true)).toEqual({ code: 'nonzero_exit', exitCode, reason });
    // Before there is a query nothing is known of the database: the definition ended itself so.
    const isOfQueries = /^(database_(busy|importing)|query_.*)$/.test(reason);
    expect(await ending(false)).toEqual({ code: 'nonzero_exit', exitCode, ...(isOfQueries ? {} : { reason }) });
  }
});

test('a cancelled action leaves nothing: no job, no log, no work folder', async () => {
  const stop = new AbortController();
  const cancelled = action();
  const surroundings = on.around(
    { 'run.py': "import time\nprint('ready', flush=True)\ntime.sleep(60)" },
    { signal: stop.signal, onPhase: (p) => p === 'executing' && stop.abort() },
  );
  expect(await runAction(cancelled, surroundings)).toEqual({ ended: 'cancelled' });
  expect(await on.store.readJob(cancelled.job)).toBeUndefined();
  expect(readdirSync(join(on.root, 'store/jobs'))).toEqual([]);
  expect(readdirSync(join(on.root, 'work'))).toEqual([]);
});

test('a full disk ends the job with that reason', async () => {
  const full = on.around(
    { 'run.py': '' },
    { prepareCode: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) },
  );
  expect(await on.completed(runAction(action(), full))).toMatchObject({
    outcome: { code: 'job_error', reason: 'disk_full' },
  });
});

test('an input never goes through a link that the study committed', async () => {
  const first = await on.python("open('output/in.csv', 'w').write('given')");
  const outside = join(on.root, 'outside');
  mkdirSync(outside);
  const surroundings = on.around(
    {},
    {
      prepareCode: (folder) => {
        writeFileSync(join(folder, 'run.py'), "open('x.csv', 'w').write(open('output/in.csv').read())");
        symlinkSync(outside, join(folder, 'output'));
        return Promise.resolve();
      },
    },
  );
  const manifest = await on.completed(
    runAction(action({ inputs: { make: first.job }, outputs: { highly_sensitive: { x: 'x.csv' } } }), surroundings),
  );
  expect(manifest.outcome.code).toBe('succeeded');
  expect(readdirSync(outside)).toEqual([]);
});

test('an action that writes more files than it may ends with that reason, and none of them is kept', async () => {
  const code = {
    'run.py': "import os\nos.makedirs('output')\nfor n in range(4): open(f'output/{n}.csv', 'w').write(str(n))",
  };
  for (const outputLimits of [
    { files: 3, bytes: 100 },
    { files: 4, bytes: 3 },
  ]) {
    const manifest = await on.completed(runAction(action(), on.around(code, { outputLimits })));
    expect(manifest).toMatchObject({ outcome: { code: 'job_error', reason: 'outputs_too_large' }, outputs: [] });
    expect(on.logOf(manifest.job)).toContain('wrote more than');
  }
  const fits = await on.completed(runAction(action(), on.around(code, { outputLimits: { files: 4, bytes: 4 } })));
  expect(fits.outcome.code).toBe('succeeded');
});

test('an action that does nothing costs under half a second beyond its process', async () => {
  const around1 = on.around({ 'run.py': '' });
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
