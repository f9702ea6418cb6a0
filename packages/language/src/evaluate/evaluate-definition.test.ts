import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderProblem } from '@glovebox/record';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultCacheFolder, pythonSnapshot } from './snapshot.js';
import type { DatasetDefinition } from '../model/nodes.js';
import { placeOf } from '../model/places.js';
import { evaluateDefinition, type Evaluation, type EvaluationRequest } from './evaluate-definition.js';

let root = '';
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'glovebox-evaluate-'));
  writeFileSync(join(root, 'secret.txt'), 'a secret of this machine');
  process.env['GLOVEBOX_TEST_SECRET'] = 'a secret of this machine';
  // Once for all tests: on a busy machine it takes longer than any of them may.
  await pythonSnapshot(defaultCacheFolder());
}, 180_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  delete process.env['GLOVEBOX_TEST_SECRET'];
});

const minimal = `
from ehrql import create_dataset
from ehrql.tables.core import patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
`;

/** Evaluates a definition in a study of its own. */
async function evaluate(
  source: string,
  files: Readonly<Record<string, string>> = {},
  more: Partial<EvaluationRequest> = {},
): Promise<Evaluation & { readonly study: string }> {
  const study = mkdtempSync(join(root, 'study-'));
  for (const [name, text] of Object.entries({ 'definition.py': source, ...files })) {
    mkdirSync(join(study, name, '..'), { recursive: true });
    writeFileSync(join(study, name), text);
  }
  const evaluation = await evaluateDefinition({ file: 'definition.py', directory: study, kind: 'dataset', ...more });
  return { ...evaluation, study };
}

/** The process that evaluates a study below `folder`; throws when there is none. */
function evaluatorBelow(folder: string): number {
  const found = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name) || name === String(process.pid)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error('nothing is evaluated');
  return Number(found);
}

/** What an attempt printed, or the name of the error that it met. */
async function attempt(body: string, more: Partial<EvaluationRequest> = {}): Promise<string> {
  const indented = body
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  const source = `${minimal}\ntry:\n${indented}\nexcept BaseException as error:\n    print("refused", type(error).__name__)\n`;
  const evaluation = await evaluate(source, {}, more);
  return evaluation.printed;
}

describe('a definition', () => {
  it('is evaluated, and what it printed and read is told', async () => {
    const source = `from helper import codes\n${minimal}\nimport sys\nprint(sys.argv, codes)\n`;
    const helper = `codes = open("codelists/a.csv").read().split()`;
    const files = { 'helper.py': helper, 'codelists/a.csv': 'x y' };
    const evaluation = await evaluate(source, files, { args: ['--day', '2022-01-01'] });
    expect(evaluation).toMatchObject({ ok: true, definition: { kind: 'dataset' } });
    expect(evaluation.printed).toContain("['definition.py', '--day', '2022-01-01'] ['x', 'y']");
    expect(evaluation.files).toContainEqual({ path: 'codelists/a.csv', isThere: true });
  });

  it('that raises is a problem in its own file and line', async () => {
    const evaluation = await evaluate(`${minimal}\ndataset.x = patients.sexx\n`);
    if (evaluation.ok) throw new Error('expected a problem');
    expect(evaluation.exitCode).toBe(10);
    expect(evaluation.problems[0]!.place).toMatchObject({ path: 'definition.py', line: 7 });
  });

  it('finds where each condition was written, when asked to', async () => {
    const text = `${minimal}\ndataset.is_old = (\n    patients.date_of_birth\n    .is_before("1960-01-01")\n)\n`;
    for (const withPlaces of [true, false]) {
      const evaluation = await evaluate(text, {}, { withPlaces });
      const { definition } = evaluation as { definition: DatasetDefinition };
      const place = placeOf(definition.columns.at(-1)!.series);
      const line = text.split('\n').indexOf('    patients.date_of_birth') + 1;
      expect(place).toEqual(
        withPlaces
          ? { path: 'definition.py', line, text: 'patients.date_of_birth.is_before("1960-01-01")' }
          : undefined,
      );
    }
  });

  it('is told by every file that its result hangs on, with digests when asked', async () => {
    const source = `from analysis_helper import codes\n${minimal}\nimport os\nif os.path.exists("later.json"): pass\n`;
    const files = {
      'analysis/definition.py': source,
      'analysis_helper.py': 'codes = open("a.csv").read()',
      'a.csv': 'x',
    };
    const evaluation = await evaluate('', files, { file: 'analysis/definition.py', withDigests: true });
    expect(evaluation).toMatchObject({ ok: true, listsFolders: false });
    expect(evaluation.files.map((f) => `${f.path} ${f.isThere ? f.digest?.slice(0, 8) : 'absent'}`)).toEqual([
      'a.csv 2d711642',
      expect.stringMatching(/^analysis\/definition\.py [0-9a-f]{8}$/),
      expect.stringMatching(/^analysis_helper\.py [0-9a-f]{8}$/),
      'analysis/analysis_helper.py absent',
      'analysis/analysis_helper/__init__.py absent',
      'later.json absent',
    ]);
    const listing = await evaluate(`${minimal}\nimport os\nos.listdir("codelists")\n`, { 'codelists/a.csv': '' });
    expect(listing).toMatchObject({ ok: true, listsFolders: true });
  });

  it('that fails in a module of its own shows the way there through its own files', async () => {
    const source = `import queries\n${minimal}\ndataset.age = queries.age("2022-13-01")\n`;
    const helper = 'from ehrql.tables.core import patients\ndef age(day):\n    return patients.age_on(day)\n';
    const evaluation = await evaluate(source, { 'queries.py': helper });
    if (evaluation.ok) throw new Error('expected a problem');
    expect(evaluation.traceback).toBe(
      [
        'Traceback (most recent call last):',
        '  File "definition.py", line 8, in <module>',
        '    dataset.age = queries.age("2022-13-01")',
        '  File "queries.py", line 3, in age',
      ].join('\n'),
    );
    expect(evaluation.problems.map(renderProblem)).toEqual([
      [
        "queries.py:3:28: There is no such date as '2022-13-01'.",
        '  3 |     return patients.age_on(day)',
        '    |                            ^^^',
      ].join('\n'),
    ]);
  });

  it('that ran to its end without defining anything, or ended itself, has no traceback', async () => {
    for (const source of ['x = 1', 'import sys; sys.exit(3)']) {
      expect(await evaluate(source)).not.toHaveProperty('traceback');
    }
  });

  it('that is no Python has the broken file as its traceback', async () => {
    expect(await evaluate('import broken', { 'broken.py': 'x = = 1\n' })).toMatchObject({
      traceback: [
        'Traceback (most recent call last):',
        '  File "definition.py", line 1, in <module>',
        '    import broken',
        '  File "broken.py", line 1, in <module>',
      ].join('\n'),
    });
  });

  it('may chain thousands of series, drop them, and fail afterwards', async () => {
    const chain = (name: string): string =>
      `from functools import reduce\nfrom operator import or_\nages = patients.age_on("2022-01-01")\n` +
      `${name} = reduce(or_, [ages == n for n in range(8000)])\n`;
    expect(await evaluate(`${minimal}\n${chain('dataset.x')}`)).toMatchObject({ ok: true });
    expect(await evaluate(`${minimal}\n${chain('x')}x = None\n`)).toMatchObject({ ok: true });
    const failed = await evaluate(`${minimal}\n${chain('x')}raise ValueError("the end")\n`);
    expect(failed).toMatchObject({ ok: false, problems: [{ message: 'ValueError: the end' }] });
  });

  it('that is not there, or no Python, is a problem before anything starts', async () => {
    const missing = await evaluateDefinition({ file: 'none.py', directory: root, kind: 'dataset' });
    const text = await evaluateDefinition({ file: 'secret.txt', directory: root, kind: 'dataset' });
    expect([missing, text].map((e) => (e.ok ? 'ok' : e.problems[0]!.code))).toEqual([
      'definition-file-missing',
      'definition-file-kind',
    ]);
  });

  it('may stand outside the working folder', async () => {
    const elsewhere = mkdtempSync(join(root, 'elsewhere-'));
    writeFileSync(join(elsewhere, 'd.py'), minimal);
    expect(await evaluateDefinition({ file: join(elsewhere, 'd.py'), directory: root, kind: 'dataset' })).toMatchObject(
      {
        ok: true,
      },
    );
  });
});

describe('a hostile definition', () => {
  it('can not write, delete or rename in the study', async () => {
    const before = { 'kept.txt': 'kept' };
    const body = `
def refused(action):
    try: action()
    except OSError as error: print("refused", error.errno)
    else: print("done")
import os, shutil
refused(lambda: open("new.txt", "w"))
refused(lambda: open("kept.txt", "a"))
refused(lambda: open("kept.txt", "r+"))
refused(lambda: os.remove("kept.txt"))
refused(lambda: os.rename("kept.txt", "other.txt"))
refused(lambda: os.mkdir("folder"))
refused(lambda: os.chmod("kept.txt", 0))
refused(lambda: os.symlink("/etc/passwd", "link"))
refused(lambda: os.truncate("kept.txt", 0))`;
    const evaluation = await evaluate(`${minimal}${body}`, before);
    expect(evaluation.printed.match(/refused/g)).toHaveLength(9);
    expect(evaluation.printed).not.toContain('done');
    expect(existsSync(join(evaluation.study, 'new.txt'))).toBe(false);
    expect(existsSync(join(evaluation.study, 'kept.txt'))).toBe(true);
  });

  it('can not read files outside the study, directly or by a link', async () => {
    const study = mkdtempSync(join(root, 'study-'));
    symlinkSync(join(root, 'secret.txt'), join(study, 'link.txt'));
    symlinkSync(root, join(study, 'folder'));
    const paths = [join(root, 'secret.txt'), '../secret.txt', 'link.txt', 'folder/secret.txt', '/etc/hostname'];
    const body = paths
      .map((path) => `try: print(open(${JSON.stringify(path)}).read())\nexcept OSError: print("refused")`)
      .join('\n');
    writeFileSync(join(study, 'definition.py'), `${minimal}\n${body}\n`);
    const { printed } = await evaluateDefinition({ file: 'definition.py', directory: study, kind: 'dataset' });
    expect(printed).not.toContain('a secret of this machine');
    expect(printed.match(/refused/g)).toHaveLength(paths.length);
  });

  it('sees nothing of the environment', async () => {
    const printed = await attempt('import os\nprint(dict(os.environ))');
    expect(printed).toContain('PYTHONHASHSEED');
    expect(printed).not.toContain('secret');
    expect(printed).not.toContain(process.cwd());
  });

  it('can not open a socket', async () => {
    const server = createServer();
    let connections = 0;
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const printed = await attempt(`
import socket
s = socket.create_connection(("127.0.0.1", ${port}), timeout=2)
s.sendall(b"hello")
print("connected")`);
    await new Promise((resolve) => server.close(resolve));
    expect(printed).toContain('refused');
    expect(connections).toBe(0);
  });

  it.each([
    ['start a process', 'import subprocess\nprint("done", subprocess.run(["/bin/true"]))'],
    ['fork', 'import os\nprint("done", os.fork())'],
    ['use JavaScript by name', 'import js\nprint("done", js.process)'],
    ['run JavaScript text', 'from pyodide.code import run_js\nprint("done", run_js("1"))'],
    ['reach the machine by its interface', 'import pyodide_js\nprint("done", pyodide_js.FS)'],
    [
      'build a function from text',
      'from pyodide.ffi import to_js\nprint("done", to_js([1]).constructor.constructor("return process")())',
    ],
  ])('can not %s', async (_what, body) => {
    const printed = await attempt(body);
    expect(printed).toContain('refused');
    expect(printed).not.toContain('done');
  });

  it('that digs out an object of JavaScript still reads nothing of the machine', async () => {
    const printed = await attempt(`
import gc, os
from pyodide.ffi import JsProxy
found = [o for o in gc.get_objects() if isinstance(o, JsProxy)]
found += [v for o in gc.get_objects() if isinstance(o, dict) for v in list(o.values()) if isinstance(v, JsProxy)]
for o in found:
    try:
        o.mountNodeFS("/host", ${JSON.stringify(root)})
        print("read", os.listdir("/host"), open("/host/secret.txt").read())
    except BaseException as error:
        print("refused", type(error).__name__)
print("refused", len(found), "objects")`);
    expect(printed).toContain('refused');
    expect(printed).not.toContain('a secret of this machine');
    expect(printed).not.toContain('secret.txt');
  });

  it('that never ends is stopped and told so', async () => {
    const evaluation = await evaluate('while True: pass', {}, { limits: { seconds: 3 } });
    expect(evaluation).toMatchObject({ ok: false, problems: [{ code: 'definition-too-slow' }] });
  });

  it.each([
    ['prints', 'print("x" * 1000)'],
    ['writes to its streams itself', 'os.write(1, b"x" * 500); os.write(2, b"x" * 500)'],
    ['writes past what catches its prints', 'sys.__stdout__.write("x" * 1000)'],
  ])('that %s without measure keeps the beginning of it', async (_what, line) => {
    const { ok, printed } = await evaluate(`${minimal}\nimport os, sys\nfor _ in range(3000): ${line}\n`);
    expect(ok).toBe(true);
    expect(printed.length).toBeLessThan(1_000_100);
    expect(printed.endsWith('\n(output cut here)\n')).toBe(true);
  });

  it.each([
    ['never ends', 'while True: pass', 'definition-too-slow'],
    ['breaks its Python', 'x = []\nfor _ in range(10**6): x = [x]\nrepr(x)', 'definition-crashed'],
  ])('that %s has printed what it printed before, and nothing of ours', async (_what, end, code) => {
    const evaluation = await evaluate(`print("before", end="")\n${end}`, {}, { limits: { seconds: 8 } });
    expect(evaluation).toMatchObject({ ok: false, problems: [{ code }] });
    expect(evaluation.printed).toMatch(/^before/);
    expect(evaluation.printed).not.toContain('/glovebox/');
  });

  it('whose process is killed from outside is not to blame', async () => {
    const evaluating = evaluate('while True: pass');
    await vi.waitFor(() => process.kill(evaluatorBelow(root), 'SIGKILL'), { timeout: 10_000 });
    expect(await evaluating).toMatchObject({ ok: false, exitCode: 137, problems: [{ code: 'definition-killed' }] });
  });

  it('that eats memory is stopped and told so', async () => {
    const evaluation = await evaluate(
      'x = []\nwhile True: x.append(bytearray(10_000_000))',
      {},
      {
        limits: { memoryBytes: 256 * 2 ** 20 },
      },
    );
    expect(evaluation).toMatchObject({ ok: false, problems: [{ code: 'definition-too-big' }] });
  });

  it('that recurses for ever is a problem', async () => {
    const evaluation = await evaluate('def f(): return f()\nf()');
    expect(evaluation.ok).toBe(false);
  });

  it('can not pass for an answer by printing one', async () => {
    const evaluation = await evaluate(`${minimal}\nimport os\nos.write(1, b'{"answer": "x"}')\n`);
    expect(evaluation.ok).toBe(true);
  });

  it('can end itself with a code of its own', async () => {
    expect(await evaluate('import sys\nsys.exit(7)')).toMatchObject({ ok: false, exitCode: 7 });
  });
});
