// Which outputs a workspace shows, and to whom: its view, and the folder for people inside.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newIdentifier } from '@glovebox/record';
import { runAction, type WorkspaceListing } from '@glovebox/execution';
import { describe, expect, test } from 'vitest';
import { action, actionRunner } from './testing/action-runner.js';

const on = actionRunner();

test('a failing action tells its exit code and does not replace the good output', async () => {
  const good = await on.python("open('output/a.csv', 'w').write('good')");
  const bad = await on.python("open('output/a.csv', 'w').write('bad')\nraise SystemExit(7)");
  expect(bad.outcome).toEqual({ code: 'nonzero_exit', exitCode: 7 });
  const view = await on.store.readView('winter');
  expect(view['output/a.csv']).toMatchObject({ job: good.job, sha256: good.outputs[0]!.sha256 });
});

test('a newer job of an action takes its outputs off the view that it no longer makes, and changes their level', async () => {
  await on.python("for n in 'ab': open('output/%s.csv' % n, 'w').write('1')", {
    outputs: { moderately_sensitive: { all: 'output/*.csv' } },
  });
  const later = await on.python("open('output/a.csv', 'w').write('2')");
  expect(await on.store.readView('winter')).toMatchObject({
    'output/a.csv': { job: later.job, level: 'highly_sensitive' },
  });
  expect(Object.keys(await on.store.readView('winter'))).toEqual(['output/a.csv']);
});

test('a complete job shows nothing until it is accepted, and is forgotten when it never is', async () => {
  const good = await on.python("open('output/a.csv', 'w').write('good')");
  const code = { 'run.py': "import os\nos.makedirs('output')\nopen('output/a.csv', 'w').write('late')" };
  const late = await runAction(action(), on.around(code));
  if (late.ended !== 'completed') throw new Error(`it ended ${late.ended}`);
  await on.store.removeLeftovers();
  expect((await on.store.readView('winter'))['output/a.csv']?.job).toBe(good.job);
  expect(await on.store.readJob(late.manifest.job)).toBeDefined();
  await on.store.removeUnaccepted(new Date(Date.now() + 1000).toISOString());
  expect(await on.store.readJob(late.manifest.job)).toBeUndefined();
  expect(await on.store.readJob(good.job)).toBeDefined();
});

test('the newer job is the one that was run later, also when the clock was set back', async () => {
  const at = (time: string, text: string) => {
    const code = { 'run.py': `import os\nos.makedirs('output')\nopen('output/a.csv', 'w').write('${text}')` };
    return on.completed(runAction(action(), on.around(code, { clock: () => new Date(time) })));
  };
  await at('2030-01-01T00:00:00Z', 'first');
  const later = await at('2020-01-01T00:00:00Z', 'second');
  expect((await on.store.readView('winter'))['output/a.csv']?.job).toBe(later.job);
  await on.reopen();
  await on.store.removeLeftovers();
  const last = await at('2010-01-01T00:00:00Z', 'third');
  expect((await on.store.readView('winter'))['output/a.csv']?.job).toBe(last.job);
});

test('an older job that stands for its action again shows what it made, also after a start, until a newer one is accepted', async () => {
  const outputs = { moderately_sensitive: { all: 'output/*.csv' } };
  const make = (text: string, names = 'a') =>
    on.python(`for n in '${names}': open('output/%s.csv' % n, 'w').write('${text}')`, { outputs });
  const shown = async () =>
    Object.fromEntries(Object.entries(await on.store.readView('winter')).map(([path, { job }]) => [path, job]));
  const older = await make('older');
  const newer = await make('newer', 'ab');
  expect(await on.store.stand('winter', { make: older.job })).toBe(true);
  expect(await shown()).toEqual({ 'output/a.csv': older.job });
  const folder = on.store.reviewersFolder('winter');
  expect(readFileSync(join(folder, 'output/a.csv'), 'utf8')).toBe('older');
  expect(readFileSync(join(folder, 'metadata/make.log'), 'utf8')).toContain(older.job);
  expect(existsSync(join(folder, 'output/b.csv'))).toBe(false);
  await on.reopen();
  await on.store.removeLeftovers();
  await on.store.accept(newer.job);
  expect(await shown()).toEqual({ 'output/a.csv': older.job });
  const newest = await make('newest');
  expect(await shown()).toEqual({ 'output/a.csv': newest.job });
});

test('only a job that counts, succeeded and is of that action and workspace can stand for it', async () => {
  const good = await on.python("open('output/a.csv', 'w').write('1')");
  const failed = await on.python('raise SystemExit(1)');
  const code = { 'run.py': "import os\nos.makedirs('output')\nopen('output/a.csv', 'w').write('2')" };
  const waiting = await runAction(action(), on.around(code));
  if (waiting.ended !== 'completed') throw new Error(waiting.ended);
  for (const [workspace, name, job] of [
    ['winter', 'make', failed.job],
    ['winter', 'make', waiting.manifest.job],
    ['winter', 'make', newIdentifier()],
    ['winter', 'other', good.job],
    ['summer', 'make', good.job],
  ] as const) {
    expect(await on.store.stand(workspace, { [name]: job })).toBe(false);
  }
  expect((await on.store.readView('winter'))['output/a.csv']?.job).toBe(good.job);
  expect(await on.store.readView('summer')).toEqual({});
});

test('leftovers of a crash are removed, and a job that was accepted gets into the view', async () => {
  const manifest = await on.python("open('output/a.csv', 'w').write('1')");
  rmSync(join(on.root, 'store/workspaces'), { recursive: true });
  mkdirSync(on.store.jobFolder('unfinished'));
  writeFileSync(join(on.root, 'store/incoming/partial'), 'x');
  await on.store.removeLeftovers();
  expect(Object.keys(await on.store.readView('winter'))).toEqual(['output/a.csv']);
  expect(readdirSync(join(on.root, 'store/jobs'))).toEqual([manifest.job]);
  expect(readdirSync(join(on.root, 'store/incoming'))).toEqual([]);
});

describe('what people inside may look at', () => {
  const moderately = { moderately_sensitive: { all: 'output/*.csv', text: 'output/*.txt' } };
  const inside = (path = '') => join(on.store.reviewersFolder('winter'), path);
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
      return on.completed(
        runAction(
          action({ outputs: moderately, request: newIdentifier(), user: 'Ann Example' }),
          on.around({ 'run.py': `${script}\nopen('output/x.txt', 'w').write('x')` }, limits),
        ),
      );
    };
    const first = await run(3);
    expect(first.outcome.code).toBe('succeeded');
    const logs = ['metadata/make.log', 'metadata/manifest.json'];
    expect(files()).toEqual([...logs, 'output/big.csv.txt', 'output/small.csv', 'output/x.txt']);
    expect(text('output/big.csv.txt')).toMatch(/^output\/big\.csv is not shown here: the file has 3 rows; at most 2 /);
    expect(text('metadata/make.log')).toBe(on.logOf(first.job));
    expect(listing()['output/big.csv']).toMatchObject({ excluded: true, message: expect.stringContaining('3 rows') });
    expect(listing()['output/small.csv']).toMatchObject({
      level: 'moderately_sensitive',
      job_id: first.job,
      job_request: first.request,
      action: 'make',
      user: 'Ann Example',
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
    await on.python(write('abc'), { outputs: { moderately_sensitive: { all: 'output/*.csv' } } });
    expect(files()).toContain('output/c.csv');
    await on.python(`${write('xyz')}\nraise SystemExit(1)`, {
      outputs: { moderately_sensitive: { all: 'output/*.csv' } },
    });
    expect(files().filter((path) => path.endsWith('.csv'))).toEqual(['output/a.csv', 'output/b.csv', 'output/c.csv']);
    const outputs = { moderately_sensitive: { a: 'output/a.csv' }, highly_sensitive: { b: 'output/b.csv' } };
    await on.python(write('ab'), { outputs });
    expect(files()).toEqual(['metadata/make.log', 'metadata/manifest.json', 'output/a.csv']);
    expect(Object.keys(listing()).sort()).toEqual(['output/a.csv', 'output/b.csv']);
    expect(listing()['output/b.csv']?.level).toBe('highly_sensitive');
  });

  test('is repaired at the next start, whatever was left half-way', async () => {
    await on.python("open('output/a.csv', 'w').write('right')", {
      outputs: { moderately_sensitive: { all: 'output/*.csv' } },
    });
    writeFileSync(inside('output/a.csv'), 'wrong');
    writeFileSync(inside('output/stranger.csv'), '1');
    mkdirSync(inside('deep/er'), { recursive: true });
    writeFileSync(inside('deep/er/x'), '1');
    await on.store.removeLeftovers();
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
      on.python(
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
