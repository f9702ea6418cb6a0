// The agent as a process of its own, against a scripted site over real HTTP, with real repositories and the real sandbox.
// Long, because every test shares the one site, repositories and agents that are set up here.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newIdentifier } from '@glovebox/record';
import type { RunDefinition } from '@glovebox/wire';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { FakeSite } from './fake-site.js';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const main = join(projectRoot, 'packages/agent/dist/main.js');

let root: string;
let study: string;
let site: FakeSite;
let agents: ChildProcess[];
let output: string;

beforeAll(() => {
  execFileSync(process.execPath, [join(projectRoot, 'script/build.mjs')], { stdio: 'ignore' });
});

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'glovebox-agent-'));
  study = join(root, 'study');
  mkdirSync(study);
  execFileSync('git', ['init', '-q', '-b', 'main', study]);
  site = new FakeSite();
  agents = [];
  output = '';
  const configuration = {
    site: await site.start(),
    tokenFile: join(root, 'token'),
    dataFolder: join(root, 'data'),
    database: { path: join(root, 'database.duckdb'), release: 'synthetic-1' },
    glovebox: join(root, 'glovebox'),
    allowedRepositories: [study],
    limits: { memoryBytes: 2 ** 29, processes: 60, fileBytes: 2 ** 26, wallSeconds: 60 },
  };
  writeFileSync(join(root, 'token'), `${site.token}\n`);
  writeFileSync(join(root, 'agent.json'), JSON.stringify(configuration));
});

afterEach(async () => {
  for (const agent of agents) await kill(agent);
  site.stop();
  rmSync(root, { recursive: true, force: true });
});

function startAgent(): ChildProcess {
  const agent = spawn(process.execPath, [main, join(root, 'agent.json')], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [agent.stdout, agent.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      site.change();
    });
  }
  agents.push(agent);
  return agent;
}

async function kill(agent: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return;
  agent.kill(signal);
  await once(agent, 'exit');
  // A lease must not be handed out on a connection whose other end is gone.
  await site.until(() => site.openPolls === 0);
}

function commit(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(study, dirname(path)), { recursive: true });
    writeFileSync(join(study, path), text, { mode: 0o755 });
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', study, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      encoding: 'utf8',
    });
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'x');
  return git('rev-parse', 'HEAD').trim();
}

const definition = (script: string, more: Partial<RunDefinition> = {}): RunDefinition => ({
  job: newIdentifier(),
  request: newIdentifier(),
  workspace: 'winter',
  repository: study,
  branch: 'main',
  commit: commit({ 'run.py': `import os, sys, time\nos.makedirs('output', exist_ok=True)\n${script}` }),
  action: 'make',
  image: 'python',
  tag: 'latest',
  args: ['run.py'],
  outputs: { highly_sensitive: { table: 'output/*.csv' } },
  inputs: {},
  usesDatabase: false,
  permissions: [],
  requests: {},
  ...more,
});

const writesTable = "open('output/a.csv', 'w').write('1')";
const jobFolder = (run: RunDefinition) => join(root, 'data/outputs/jobs', run.job);

/** Command lines of processes of this machine that mention `text`. */
const processesWith = (text: string) =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });

test('a leased task is run, and its end is reported in numbers', async () => {
  startAgent();
  const lease = site.offer(definition(`${writesTable}\nopen('output/b.csv', 'w').write('22')`));
  const report = await site.reportOf(lease);
  expect(report).toMatchObject({
    fence: 1,
    outcome: { code: 'succeeded', excludedFiles: 0 },
    outputs: [{ level: 'highly_sensitive', name: 'table', files: 2, bytes: 3 }],
  });
  expect(report.manifest).toMatch(/^[0-9a-f]{64}$/);
  expect(report.dataRelease).toBeUndefined();
  expect(site.phases).toContain('preparing');
});

test('the outputs of one job are the inputs of the next', async () => {
  startAgent();
  const first = definition(writesTable);
  await site.reportOf(site.offer(first));
  const second = definition("assert open('output/a.csv').read() == '1'; open('b.csv', 'w').write('2')", {
    inputs: { make: first.job },
    outputs: { moderately_sensitive: { b: 'b.csv' } },
  });
  expect(await site.reportOf(site.offer(second))).toMatchObject({ outcome: { code: 'succeeded' } });
});

test.each<[string, string, Partial<RunDefinition>, object]>([
  ['fails', 'sys.exit(9)', {}, { code: 'nonzero_exit', exitCode: 9 }],
  ['makes nothing', "open('output/x.cvs', 'w')", {}, { code: 'unmatched_patterns', nearMisses: 1 }],
  ['has no script', '', { args: ['none.py'] }, { code: 'job_error', reason: 'script_missing' }],
  [
    'is at a commit that does not exist',
    '',
    { commit: 'a'.repeat(40) },
    { code: 'job_error', reason: 'commit_missing' },
  ],
  [
    'is in a repository that is not allowed',
    '',
    { repository: '/etc' },
    { code: 'job_error', reason: 'refused_by_policy' },
  ],
  [
    'takes too much memory',
    "x = []\nwhile True: x.append(b'x' * 10**7)",
    {},
    { code: 'nonzero_exit', reason: 'out_of_memory' },
  ],
])('an action that %s is reported as such', async (_name, script, more, outcome) => {
  startAgent();
  expect((await site.reportOf(site.offer(definition(script, more)))).outcome).toEqual(outcome);
});

test('only the extraction gets the database, with the permissions of the project, and its exit code becomes a reason', async () => {
  writeFileSync(
    join(root, 'glovebox'),
    '#!/bin/sh\nmkdir -p output && echo "$@" > output/a.csv && echo "$EHRQL_PERMISSIONS" >> output/a.csv && pwd >> output/a.csv\nexit $(cat code 2>/dev/null || echo 0)\n',
    { mode: 0o755 },
  );
  startAgent();
  const run = definition('', {
    image: 'ehrql',
    tag: 'v1',
    args: ['generate-measures', 'run.py', '--output', 'output/a.csv'],
    usesDatabase: true,
    permissions: ['event_level_data'],
  });
  expect(await site.reportOf(site.offer(run))).toMatchObject({
    outcome: { code: 'succeeded' },
    dataRelease: 'synthetic-1',
  });
  const manifest = JSON.parse(readFileSync(join(jobFolder(run), 'manifest.json'), 'utf8')) as {
    outputs: { sha256: string }[];
  };
  const said = readFileSync(join(root, 'data/outputs/objects', manifest.outputs[0]!.sha256), 'utf8').split('\n');
  expect(said[0]).toBe(`ehrql generate-measures --dsn ${join(root, 'database.duckdb')} run.py --output output/a.csv`);
  expect(said[1]).toBe('["event_level_data"]');
  const failing = { ...run, job: newIdentifier(), commit: commit({ code: '13' }) };
  expect((await site.reportOf(site.offer(failing))).outcome).toEqual({
    code: 'nonzero_exit',
    exitCode: 13,
    reason: 'assurance_failed',
  });
});

test('nothing that an action prints, names or writes is sent or logged by the agent', async () => {
  const identifier = '943-476-5919';
  startAgent();
  const script = `
i = '${identifier.slice(0, 4)}' + '${identifier.slice(4)}'
print(i); print(i, file=sys.stderr)
open('output/' + i + '.csv', 'w').write(i)
open('near-' + i + '.txt', 'w').write(i)
os.makedirs('output/' + i); os.symlink(i, 'output/link-' + i + '.csv')
open('/tmp/' + i, 'w').write(i)
`;
  const endings = [
    '',
    'sys.exit(i)',
    'raise Exception(i)',
    "os.execv('/usr/bin/sleep', [i, i])",
    "import shutil; shutil.rmtree('output')",
    'os.abort()',
    "os.makedirs('a' * 200 + '/' + 'b' * 200)",
  ];
  const outputs = { moderately_sensitive: { table: 'output/*.csv' } };
  for (const ending of endings) await site.reportOf(site.offer(definition(script + ending, { outputs })));
  writeFileSync(join(root, 'glovebox'), `#!/bin/sh\necho ${identifier}; echo ${identifier} >&2\nexit 10\n`, {
    mode: 0o755,
  });
  const args = ['generate-measures', 'run.py'];
  await site.reportOf(site.offer(definition('', { image: 'ehrql', args, usesDatabase: true })));
  expect(site.reports.map((r) => r.body.outcome.code)).toEqual([
    'succeeded',
    'nonzero_exit',
    'nonzero_exit',
    'nonzero_exit',
    'unmatched_patterns',
    'nonzero_exit',
    'succeeded',
    'nonzero_exit',
  ]);
  for (const spelling of [
    identifier,
    identifier.replaceAll('-', ''),
    Buffer.from(identifier).toString('base64'),
    encodeURIComponent(identifier),
  ]) {
    expect(site.received.join('\n')).not.toContain(spelling);
    expect(output).not.toContain(spelling);
  }
  // It did get as far as the secure side's own records, so the check above could have failed.
  expect(execFileSync('grep', ['-rl', identifier, join(root, 'data/outputs/jobs')], { encoding: 'utf8' })).toContain(
    'log.txt',
  );
});

test('told to stop, the agent kills the action and keeps nothing', async () => {
  site.leaseSeconds = 0.3;
  startAgent();
  const run = definition(
    `import subprocess\n${writesTable}\nopen('started', 'w')\nsubprocess.run(['sleep', '4711001'])`,
  );
  const lease = site.offer(run);
  await site.until(() => site.phases.includes('executing') && processesWith('4711001').length > 0);
  site.stopped.add(lease.task);
  await site.until(() => output.includes('told to stop') && output.includes('"msg":"ended"'));
  expect(processesWith('4711001')).toEqual([]);
  expect(existsSync(jobFolder(run))).toBe(false);
  expect(site.reports).toEqual([]);
  // It says that nothing is left, so that a restart of the machine need not wait.
  expect(site.released).toEqual([`${lease.task} 1`]);
});

test('asked to end, the agent kills the action, hands its lease back and ends', async () => {
  const agent = startAgent();
  const run = definition(`import subprocess\nopen('started', 'w')\nsubprocess.run(['sleep', '4711003'])`);
  const lease = site.offer(run, 3);
  await site.until(() => site.phases.includes('executing') && processesWith('4711003').length > 0);
  const ended = once(agent, 'exit');
  agent.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(processesWith('4711003')).toEqual([]);
  expect(site.released).toEqual([`${lease.task} 3`]);
  expect(site.reports).toEqual([]);
});

test('at its start the agent says what the backend can run, and with what', async () => {
  startAgent();
  await site.until(() => site.backendReports.length > 0);
  expect(site.backendReports[0]).toMatchObject({
    sequence: 1,
    executor: 'bubblewrap',
    dataRelease: 'synthetic-1',
    images: {
      python: { version: expect.stringMatching(/^3\.\d+/), packages: expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
    places: { database: 2, other: 2 },
    limits: { memoryMegabytes: 537, wallSeconds: 60 },
    maintenance: 'off',
  });
  const report = await site.reportOf(site.offer(definition(writesTable)));
  expect(report.runtime).toEqual(site.backendReports[0]?.images['python']);
});

test('while the file stands that the operator chose, the agent reports maintenance', async () => {
  const file = join(root, 'agent.json');
  const configuration = JSON.parse(readFileSync(file, 'utf8')) as { database: object };
  const maintenanceFile = join(root, 'maintenance');
  writeFileSync(maintenanceFile, '');
  const database = { ...configuration.database, maintenanceFile };
  writeFileSync(file, JSON.stringify({ ...configuration, database }));
  startAgent();
  await site.until(() => site.backendReports.length > 0);
  expect(site.backendReports[0]?.maintenance).toBe('on');
});

test('an action runs within what it asks for and what the backend gives', async () => {
  startAgent();
  const lease = site.offer(definition(writesTable, { requests: { memoryMegabytes: 200 } }));
  expect((await site.reportOf(lease)).usage?.memoryLimitMegabytes).toBe(200);
  const greedy = site.offer(definition(writesTable, { requests: { memoryMegabytes: 64_000 } }));
  expect((await site.reportOf(greedy)).usage?.memoryLimitMegabytes).toBe(537);
});

test('a report is repeated until it is answered', async () => {
  site.resultStatuses.push(503, 500, 401);
  startAgent();
  const lease = site.offer(definition(writesTable));
  expect((await site.reportOf(lease)).outcome.code).toBe('succeeded');
  expect(site.received.filter((r) => r.includes('/result'))).toHaveLength(4);
});

test('killed in the middle of an action, the agent leaves no process, and runs the job again from the start', async () => {
  site.leaseSeconds = 0.3;
  const marker = join(root, 'never');
  const script = `import subprocess\n${writesTable}\nif not os.path.exists('fast'): subprocess.run(['sleep', '4711002'])`;
  const run = definition(script);
  const agent = startAgent();
  site.offer(run);
  await site.until(() => site.phases.includes('executing') && processesWith('4711002').length > 0);
  await kill(agent);
  const deadline = Date.now() + 5000;
  while (processesWith('4711002').length > 0 && Date.now() < deadline) await new Promise((r) => setImmediate(r));
  expect(processesWith('4711002')).toEqual([]);
  expect(existsSync(join(jobFolder(run), 'manifest.json'))).toBe(false);
  startAgent();
  const again = site.offer({ ...run, commit: commit({ fast: '' }) }, 2);
  expect(await site.reportOf(again)).toMatchObject({ fence: 2, outcome: { code: 'succeeded' } });
  expect(site.reports).toHaveLength(1);
  expect(existsSync(marker)).toBe(false);
});

test('killed before its report was answered, the agent reports the complete job without running it again', async () => {
  site.resultStatuses.push(...Array.from({ length: 1000 }, () => 503));
  const run = definition(`${writesTable}\nprint('ran', time.time_ns())`);
  const agent = startAgent();
  site.offer(run);
  await site.until(() => site.received.some((r) => r.includes('/result')));
  const log = readFileSync(join(jobFolder(run), 'log.txt'), 'utf8');
  await kill(agent);
  site.resultStatuses.length = 0;
  startAgent();
  const again = site.offer(run, 2);
  expect(await site.reportOf(again)).toMatchObject({ fence: 2, outcome: { code: 'succeeded' } });
  expect(readFileSync(join(jobFolder(run), 'log.txt'), 'utf8')).toBe(log);
});

const view = () => {
  const path = join(root, 'data/outputs/workspaces/winter/view.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, { job: string }>) : {};
};

test('what a job made is shown once the site has accepted its report, and never when the site refused it', async () => {
  site.resultVerdict = 'refused';
  startAgent();
  const cancelled = definition(writesTable);
  await site.reportOf(site.offer(cancelled));
  await site.until(() => output.includes('"msg":"ended"'));
  expect(existsSync(join(jobFolder(cancelled), 'manifest.json'))).toBe(true);
  expect(view()).toEqual({});
  site.resultVerdict = 'accepted';
  const run = definition(writesTable);
  await site.reportOf(site.offer(run));
  await site.until(() => output.match(/"msg":"ended"/g)?.length === 2);
  expect(view()).toMatchObject({ 'output/a.csv': { job: run.job } });
  expect(readdirSync(join(root, 'data/reports'))).toEqual([]);
});

test('killed before the answer to its report came, the agent asks again at its start and then shows what the job made', async () => {
  site.isSilent = true;
  const run = definition(writesTable);
  const agent = startAgent();
  const lease = site.offer(run);
  await site.reportOf(lease);
  await kill(agent);
  expect(view()).toEqual({});
  site.isSilent = false;
  startAgent();
  await site.until(() => output.includes('report accepted'));
  expect(site.reports.map(({ task }) => task)).toEqual([lease.task, lease.task]);
  expect(site.reports[1]?.body).toEqual(site.reports[0]?.body);
  const deadline = Date.now() + 20_000;
  while (readdirSync(join(root, 'data/reports')).length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(view()).toMatchObject({ 'output/a.csv': { job: run.job } });
});

test('a workspace keeps the repository of its first job; another is refused until the operator names it', async () => {
  const other = join(root, 'other');
  execFileSync('git', ['clone', '-q', study, other]);
  const configure = (more: object) => {
    const path = join(root, 'agent.json');
    const document = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...document, allowedRepositories: [study, other], ...more }));
  };
  configure({});
  const agent = startAgent();
  const first = definition(writesTable);
  expect((await site.reportOf(site.offer(first))).outcome.code).toBe('succeeded');
  execFileSync('git', ['-C', other, 'pull', '-q']);
  const moved = definition(writesTable, { repository: other, commit: first.commit });
  expect((await site.reportOf(site.offer(moved))).outcome).toEqual({ code: 'job_error', reason: 'refused_by_policy' });
  expect(readFileSync(join(jobFolder(moved), 'log.txt'), 'utf8')).toContain('belongs to the repository');
  await kill(agent, 'SIGTERM');
  configure({ workspaces: { winter: other } });
  startAgent();
  const again = site.offer({ ...moved, job: newIdentifier() });
  expect((await site.reportOf(again)).outcome.code).toBe('succeeded');
  const old = site.offer({ ...first, job: newIdentifier() });
  expect((await site.reportOf(old)).outcome).toMatchObject({ reason: 'refused_by_policy' });
});

test(
  'killed at every step of a job in turn, the job completes once and nothing partial is left',
  { timeout: 180_000 },
  async () => {
    site.leaseSeconds = 0.3;
    const run = definition(`${writesTable}\nprint('once')\ntime.sleep(0.2)`);
    let fence = 0;
    for (let step = 1; site.reports.length === 0; step++) {
      const seen = site.received.length;
      const agent = startAgent();
      site.offer(run, ++fence);
      await site.until(() => site.received.length >= seen + step || site.reports.length > 0);
      await kill(agent);
    }
    expect(fence).toBeGreaterThan(3);
    expect(site.reports).toHaveLength(1);
    const outputs = join(root, 'data/outputs');
    const manifest = JSON.parse(readFileSync(join(jobFolder(run), 'manifest.json'), 'utf8')) as {
      outputs: { sha256: string }[];
    };
    expect(readdirSync(join(outputs, 'objects'))).toEqual(manifest.outputs.map((o) => o.sha256));
    expect(readFileSync(join(jobFolder(run), 'log.txt'), 'utf8').match(/Z once/g)).toHaveLength(1);
    startAgent();
    await site.reportOf(site.offer(definition(writesTable)));
    expect(readdirSync(join(outputs, 'incoming'))).toEqual([]);
    expect(readdirSync(join(root, 'data/work'))).toEqual([]);
  },
);

test('a newer lease of a job that is running takes it over instead of running it twice', async () => {
  startAgent();
  const run = definition(
    "open('output/a.csv', 'w').write(str(time.time_ns()))\nprint('up', flush=True)\ntime.sleep(1)",
  );
  site.offer(run);
  await site.until(() => site.phases.includes('executing'));
  const newer = site.offer(run, 2);
  expect(await site.reportOf(newer)).toMatchObject({ fence: 2, outcome: { code: 'succeeded' } });
  expect(site.reports).toHaveLength(1);
});

test('two agents never share a data folder', async () => {
  startAgent();
  await site.until(() => site.received.length > 0);
  const second = startAgent();
  const [code] = (await once(second, 'exit')) as [number];
  expect(code).toBe(1);
  expect(output).toContain('Another agent is working in');
});

test('asked to end, the agent ends its actions and leaves in order', async () => {
  const agent = startAgent();
  site.offer(definition("import subprocess\nsubprocess.run(['sleep', '4711003'])"));
  await site.until(() => site.phases.includes('executing') && processesWith('4711003').length > 0);
  await kill(agent, 'SIGTERM');
  expect(agent.exitCode).toBe(0);
  expect(processesWith('4711003')).toEqual([]);
});

test('several actions run at once, as many as there are places', async () => {
  startAgent();
  const leases = [1, 2, 3].map(() => site.offer(definition(`${writesTable}\ntime.sleep(0.5)`)));
  const before = performance.now();
  await Promise.all(leases.map((lease) => site.reportOf(lease)));
  expect(performance.now() - before).toBeLessThan(10_000);
  const ended = output
    .split('\n')
    .filter((l) => /"msg":"(leased|ended)"/.test(l))
    .map((l) => (l.includes('leased') ? 1 : -1));
  let most = 0;
  ended.reduce((now, step) => ((most = Math.max(most, now + step)), now + step), 0);
  expect(most).toBe(2);
});

test('a site that hands out more than was asked for gets no more run than there are places', async () => {
  site.isGreedy = true;
  const leases = [1, 2, 3, 4].map(() => site.offer(definition(writesTable)));
  startAgent();
  await Promise.all(leases.slice(0, 2).map((lease) => site.reportOf(lease)));
  const last = site.offer(definition(writesTable));
  await site.reportOf(last);
  expect(output.match(/"msg":"leased"/g)).toHaveLength(3);
});
