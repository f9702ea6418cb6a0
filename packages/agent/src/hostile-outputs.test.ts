// Outputs that are in the way of one another, or of the folder that people look at: whatever a study calls its files and
// actions, its jobs come to their end and the other outputs are as they were.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runAction, type WorkspaceListing } from '@glovebox/execution';
import { expect, test } from 'vitest';
import { action, actionRunner } from './testing/action-runner.js';

const on = actionRunner();
const moderately = { moderately_sensitive: { all: 'output/*.csv' } };
const inside = (path = '') => join(on.store.reviewersFolder('winter'), path);
const files = () =>
  readdirSync(inside(), { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(inside(path)).isFile() && path !== 'metadata/manifest.json')
    .sort();
const listed = () =>
  Object.keys((JSON.parse(readFileSync(inside('metadata/manifest.json'), 'utf8')) as WorkspaceListing).outputs).sort();
const write = (path: string, text = 'a\\n1\\n') =>
  `os.makedirs(os.path.dirname('${path}'), exist_ok=True)\nopen('${path}', 'w').write('${text}')\n`;

test('a file name that leaves no room for the name of its note gets a shorter one', async () => {
  const name = `${'x'.repeat(251)}.csv`;
  await on.python(write(`output/${name}`, 'patient_id\\n1\\n'), { outputs: moderately });
  const [note] = files().filter((path) => path.startsWith('output/'));
  expect(note).toMatch(/^output\/x{200,}-[0-9a-f]{8}\.txt$/);
  expect(readFileSync(inside(note), 'utf8')).toMatch(new RegExp(`^output/${name} is not shown here`));
  await on.store.removeLeftovers();
  expect(files()).toContain(note);
});

test.each(['n'.repeat(1000), '../../up', 'a\0b', 'a\nb', 'ä'.repeat(200), '.', '..', '', 'a/b', 'manifest.json'])(
  'the log of an action called %j has a name that a file can have',
  async (name) => {
    await on.python(write('output/a.csv'), { action: name, outputs: moderately });
    expect(listed()).toEqual(['output/a.csv']);
    const logs = files().filter((path) => path.startsWith('metadata/'));
    expect(logs).toHaveLength(1);
    expect(readFileSync(inside(logs[0]), 'utf8')).toContain('JOB SUMMARY');
  },
);

test('actions whose names differ have logs of their own', async () => {
  for (const name of ['a/b', 'a_b', 'a b']) await on.python(write('output/a.csv'), { action: name });
  expect(files().filter((path) => path.startsWith('metadata/'))).toHaveLength(3);
});

test('a file of one action where another has a folder gives way to the newer, both ways, and in the notes', async () => {
  const make = (name: string, path: string, text?: string) =>
    on.python(write(path, text), { action: name, outputs: { moderately_sensitive: { x: path } } });
  await make('file', 'output/x.csv');
  await make('other', 'output/y.csv');
  await make('folder', 'output/x.csv/z.csv');
  expect(listed()).toEqual(['output/x.csv/z.csv', 'output/y.csv']);
  await make('file', 'output/x.csv');
  expect(listed()).toEqual(['output/x.csv', 'output/y.csv']);
  expect(files().filter((path) => path.startsWith('output/'))).toEqual(['output/x.csv', 'output/y.csv']);
  // The note of the one would be the folder of the other.
  await make('refused', 'output/n.csv', 'patient_id\\n');
  await make('deep', 'output/n.csv.txt/z.csv');
  expect(files().filter((path) => path.startsWith('output/n'))).toEqual([
    'output/n.csv.txt.txt',
    'output/n.csv.txt/z.csv',
  ]);
  await on.store.removeLeftovers();
  expect(listed()).toEqual(['output/n.csv', 'output/n.csv.txt/z.csv', 'output/x.csv', 'output/y.csv']);
});

test('names of any bytes: those that a person can read as they are become outputs, all others are refused', async () => {
  const manifest = await on.python(`
for n in range(1, 256):
    if n not in (0x2f,): open(b'output/b' + bytes([n]) + b'.csv', 'w').write('1')
for n in ['\\u202e', '\\u2066', '\\u200f', '\\u2028', '\\u0085', 'ä', '\\U0001f600', "'", '"', '$(x)', ';', '-rf', ' ', '__proto__', 'constructor', '%s', '..']:
    open('output/u' + n + '.csv', 'w').write('1')`);
  expect(manifest.outcome.code).toBe('succeeded');
  const paths = manifest.outputs.map(({ path }) => path);
  // From the space to the tilde, but for the slash.
  expect(paths.filter((path) => path.startsWith('output/b'))).toHaveLength(94);
  expect(paths.filter((path) => path.startsWith('output/u')).sort()).toEqual(
    ['ä', '\u{1f600}', "'", '"', '$(x)', ';', '-rf', ' ', '__proto__', 'constructor', '%s', '..']
      .map((name) => `output/u${name}.csv`)
      .sort(),
  );
  expect(manifest.refused).toHaveLength(100);
  expect(listed()).toEqual([...paths].sort());
});

test('as many files as an action may leave are taken in, beside as many empty folders, and one file more is refused', async () => {
  const most = 200;
  const run = (count: number) => {
    const script = `import os\nos.mkdir('output')\nfor i in range(${count}):\n  open(f'output/{i}.csv', 'w').write(str(i)); os.makedirs(f'empty/{i}')`;
    const surroundings = on.around({ 'run.py': script }, { outputLimits: { files: most, bytes: 2 ** 20 } });
    return on.completed(runAction(action({ outputs: moderately }), surroundings));
  };
  expect((await run(most)).outputs).toHaveLength(most);
  expect(files()).toHaveLength(most + 1);
  expect(await run(most + 1)).toMatchObject({ outcome: { reason: 'outputs_too_large' }, outputs: [] });
  expect(files()).toHaveLength(most + 1);
});

test('what goes on writing when the action has ended is ended first, so that a file is taken in whole', async () => {
  const manifest = await on.python(`
if os.fork() == 0:
    os.setsid()
    f = open('output/a.csv', 'ab', 0)
    while True: f.write(b'x' * 1000)
import time
while not os.path.exists('output/a.csv') or os.path.getsize('output/a.csv') < 100_000: time.sleep(0.01)`);
  const [output] = manifest.outputs;
  expect(output?.path).toBe('output/a.csv');
  expect(statSync(on.store.objectPath(output!.sha256)).size).toBe(output!.bytes);
  expect(output!.bytes).toBeGreaterThanOrEqual(100_000);
});

test('a file that is swapped for a link until the action has ended is taken in as a file, or refused, and never as what the link names', async () => {
  const manifest = await on.python(`
import time
os.symlink('/etc/passwd', 'link')
if os.fork() == 0:
    os.setsid()
    while True:
        open('file', 'w').write('mine'); os.replace('file', 'output/a.csv')
        os.symlink('/etc/passwd', 'other'); os.replace('other', 'output/a.csv')
while not os.path.lexists('output/a.csv'): time.sleep(0.01)`);
  expect([...manifest.outputs.map(({ path }) => path), ...manifest.refused]).toContain('output/a.csv');
  for (const { sha256 } of manifest.outputs)
    expect(readFileSync(on.store.objectPath(sha256), 'utf8')).toMatch(/^(mine)?$/);
});

test('files of two actions with one name: the newer job has it, and the other keeps its own', async () => {
  const first = await on.python(write('output/a.csv', 'first'), { action: 'first' });
  const second = await on.python(write('output/a.csv', 'second'), { action: 'second' });
  expect((await on.store.readView('winter'))['output/a.csv']).toMatchObject({ job: second.job, action: 'second' });
  const reads = { outputs: {}, args: ['-c', "print('read', open('output/a.csv').read())"] };
  for (const [inputs, text] of [
    [{ first: first.job }, 'read first'],
    [{ second: second.job }, 'read second'],
  ] as const) {
    const reader = await on.completed(runAction(action({ ...reads, inputs, action: 'reader' }), on.around({})));
    expect(on.logOf(reader.job)).toContain(text);
  }
});
