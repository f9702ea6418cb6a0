// Nothing that study code can write reaches the public side: a real platform runs a study whose actions put an identifier
// into everything that they can name, print, write or fail with. The identifier is worked out at run time, so the study's
// public code does not hold it; afterwards it must be in the logs of the secure side and nowhere on the public one.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore, type Database } from '../packages/store/src/index.js';
// @ts-expect-error -- a plain script without types
import { Api } from './demo-api.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'glovebox-planted-'));

/** As it is written: a number of ten digits, and a word. */
const number = 9_434_765_919;
const marks = [String(number), number.toLocaleString('en-GB'), number.toString(16), 'quxmortimer'];
const computed = `${number - 1} + 1`;
const secret = `planted = str(${computed}) + 'reMItroMXuq'.lower()[::-1]`;
const inR = `planted <- paste0(format(${number - 1} + 1, scientific = FALSE), 'quxmort', 'imer')`;

const dataset = [
  'from ehrql import create_dataset',
  'from ehrql.tables.core import patients',
  secret,
  'dataset = create_dataset()',
  "dataset.define_population(patients.date_of_birth > '1900-01-01')",
  'dataset.sex = patients.sex',
].join('\n');

const files: Readonly<Record<string, string>> = {
  'everything.py': [
    'import os, sys, warnings',
    secret,
    "os.makedirs('output/' + planted)",
    'print(planted, flush=True)',
    'sys.stderr.write(planted)',
    'warnings.warn(planted)',
    "for path in ['output/%s.csv', 'output/%s/x.csv', 'output/near-%s.txt', '%s']:",
    '    if not os.path.isdir(path % planted): open(path % planted, "w").write("patient_id\\n%s\\n" % planted)',
    "open('output/summary.txt', 'w').write(planted)",
    "open('output/size.csv', 'w').truncate(int(planted[:8]))",
  ].join('\n'),
  'traceback.py': `${secret}\nraise ValueError(planted)`,
  'exit.py': `import sys\n${secret}\nsys.exit(planted)`,
  'exit_number.py': `import sys\nprint(str(${computed}) + 'XUQMORTIMER'.lower())\nsys.exit(${computed})`,
  'near.py': `import os\n${secret}\nprint(planted)\nopen('out-' + planted + '.csv', 'w').write('1')`,
  'warn.R': `${inR}\nwarning(planted)\nmessage(planted)\nstop(planted)`,
  'raises.py': `${dataset}\nprint(planted)\nraise RuntimeError(planted)`,
  'names.py': `${dataset}\nprint(planted)\ndataset.add_column('c_' + planted, patients.sex)`,
  'reads.py': [
    dataset,
    'import importlib',
    'print(planted)',
    "for name in ['m_' + planted, 'plain']:",
    '    try: importlib.import_module(name)',
    '    except ImportError: pass',
    "for path in ['output/' + planted, planted + '.csv', planted + '.py']:",
    '    try: open(path).close()',
    '    except OSError: pass',
  ].join('\n'),
  'unknown.py': `${dataset}\ngetattr(patients, 'c_' + planted)`,
  'plain.py': dataset,
  'assurance.py': [
    'from plain import dataset, planted',
    'print(planted)',
    "test_data = {1: {'patients': {'date_of_birth': '1980-01-01', 'sex': 'female'},",
    "  'expected_in_population': True, 'expected_columns': {'sex': planted}}}",
  ].join('\n'),
};

const highly = (path: string) => ({ highly_sensitive: { all: path } });
const extract = (words: string) => `ehrql:v1 generate-dataset --output output/d.csv ${words}`;
const actions = {
  everything: {
    run: 'python:v2 python everything.py',
    outputs: { ...highly('output/*.csv'), moderately_sensitive: { summary: 'output/*.txt' } },
  },
  traceback: { run: 'python:v2 python traceback.py', outputs: highly('traceback/*.csv') },
  exit: { run: 'python:v2 python exit.py', outputs: highly('exit/*.csv') },
  exit_number: { run: 'python:v2 python exit_number.py', outputs: highly('exit-number/*.csv') },
  near: { run: 'python:v2 python near.py', outputs: highly('near/*.csv') },
  warn: { run: 'r:v2 warn.R', outputs: highly('warn/*.csv') },
  raises: { run: extract('raises.py'), outputs: highly('output/d.csv') },
  names: { run: extract('names.py').replace('d.csv', 'n.csv'), outputs: highly('output/n.csv') },
  unknown: { run: extract('unknown.py').replace('d.csv', 'u.csv'), outputs: highly('output/u.csv') },
  reads: { run: extract('reads.py').replace('d.csv', 'r.csv'), outputs: highly('output/r.csv') },
  assurance: {
    run: extract('plain.py --test-data-file assurance.py').replace('d.csv', 'a.csv'),
    outputs: highly('output/a.csv'),
  },
};
const expected = {
  everything: 'succeeded',
  names: 'succeeded',
  reads: 'succeeded',
  near: 'unmatched_patterns',
  traceback: 'nonzero_exit',
  exit: 'nonzero_exit',
  exit_number: 'nonzero_exit',
  warn: 'nonzero_exit',
  raises: 'nonzero_exit',
  unknown: 'nonzero_exit',
  assurance: 'nonzero_exit',
};

let up: ChildProcess;
let site = '';
let printed = '';
let codes: Record<string, string>;

function makeStudy(): string {
  const study = join(folder, 'repositories', 'planted');
  const pipeline = { version: '4.0', actions };
  for (const [path, text] of Object.entries({ ...files, 'project.yaml': JSON.stringify(pipeline) })) {
    mkdirSync(dirname(join(study, path)), { recursive: true });
    writeFileSync(join(study, path), `${text}\n`);
  }
  const git = (...words: string[]): void =>
    void execFileSync('git', ['-C', study, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...words]);
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'a study that tells what it sees');
  return study;
}

async function runStudy(): Promise<void> {
  const repository = makeStudy();
  const administrator = new Api(site, readFileSync(join(folder, 'public/admin-token'), 'utf8').trim());
  await administrator.post('/api/organisations', { slug: 'org', name: 'Organisation' });
  await administrator.post('/api/projects', { slug: 'project', name: 'Project', organisation: 'org' });
  const person = { username: 'ada', name: 'Ada', roles: ['researcher'], projects: ['project'], backends: ['tpp'] };
  const { token } = (await administrator.post('/api/people', person)) as { token: string };
  await administrator.post('/api/workspaces', { name: 'planted', project: 'project', repository, branch: 'main' });
  const researcher = new Api(site, token);
  const order = { backend: 'tpp', actions: ['run_all'] };
  const { url } = (await researcher.post('/api/workspaces/planted/job-requests', order)) as { url: string };
  for (;;) {
    const view = (await researcher.page(new URL(url).pathname)) as {
      completedAt: string | null;
      jobs: { action: string; code: string }[];
    };
    codes = Object.fromEntries(view.jobs.map(({ action, code }) => [action, code]));
    if (view.completedAt !== null) return;
    await pause(300);
  }
}

beforeAll(async () => {
  up = spawn(join(root, 'glovebox'), ['up', '--data', folder, '--port', '0', '--patients', '300'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  up.stderr?.on('data', (chunk: Buffer) => void (printed += chunk.toString()));
  site = await new Promise<string>((resolve, reject) => {
    up.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /^\{"site":"([^"]+)"\}$/m.exec(printed)?.[1];
      if (found) resolve(found);
    });
    up.once('close', () => reject(new Error(`the platform did not start:\n${printed}`)));
  });
  await runStudy();
}, 120_000);

async function stop(): Promise<void> {
  if (up.exitCode !== null || up.signalCode !== null) return;
  const ended = new Promise((resolve) => up.once('close', resolve));
  up.kill('SIGTERM');
  await ended;
}

afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const markIn = (text: string): string | undefined => marks.find((mark) => text.toLowerCase().includes(mark));

/** Every file below, with the places where the identifier is. */
const placesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const whole = join(entry.parentPath, entry.name);
    if (markIn(entry.name)) return [whole];
    return entry.isFile() && markIn(readFileSync(whole, 'latin1')) ? [whole] : [];
  });

/** Every address that is linked to from the front page on, as HTML and as JSON. */
async function readAllPages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  const waiting = ['/', '/event-log.atom', '/organisations', '/projects'];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (pages.has(path)) continue;
    const text = await (await fetch(new URL(path, site))).text();
    pages.set(path, text);
    if (!text.startsWith('<!doctype')) continue;
    pages.set(
      `${path} as JSON`,
      await (await fetch(new URL(path, site), { headers: { accept: 'application/json' } })).text(),
    );
    for (const [, href = ''] of text.matchAll(/href="([^"#]+)/g)) {
      const target = new URL(href.replaceAll('&amp;', '&'), new URL(path, site));
      if (target.origin === site) waiting.push(target.pathname + target.search);
    }
  }
  return pages;
}

it('runs every way of telling, and each told it on the secure side', () => {
  expect(codes).toEqual(expected);
  const jobs = join(folder, 'secure/tpp/outputs/jobs');
  const told = readdirSync(jobs)
    .filter((job) => markIn(readFileSync(join(jobs, job, 'log.txt'), 'latin1')))
    .map((job) => (JSON.parse(readFileSync(join(jobs, job, 'manifest.json'), 'utf8')) as { action: string }).action);
  expect(told.sort()).toEqual(Object.keys(actions).sort());
});

it('shows it on no page, in no JSON and in no feed', async () => {
  const pages = await readAllPages();
  expect([...pages.keys()].filter((path) => /\/[a-z2-7]{16}$/.test(path))).toHaveLength(Object.keys(actions).length);
  expect([...pages].filter(([, text]) => markIn(text)).map(([path]) => path)).toEqual([]);
}, 60_000);

it('prints it in no log of the platform, and keeps it in no file of the public side', async () => {
  await stop();
  expect(printed).toContain('"msg":"ended"');
  expect(markIn(printed)).toBeUndefined();
  expect(placesIn(join(folder, 'public'))).toEqual([]);
  expect(placesIn(join(folder, 'repositories'))).toEqual([]);
  const store = await openStore({ dataFolder: join(folder, 'public') });
  try {
    const tables = (await store.db.introspection.getTables()).map(({ name }) => name as keyof Database);
    expect(tables).toContain('job_outputs');
    for (const name of tables) {
      const rows = await store.db.selectFrom(name).selectAll().execute();
      expect(rows.filter((row) => markIn(JSON.stringify(row))).map(() => name)).toEqual([]);
    }
  } finally {
    await store.close();
  }
}, 60_000);
