// What an agent does with what the site hands out, and what it tells of it.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newIdentifier } from '@glovebox/record';
import type { RunDefinition } from '@glovebox/wire';
import { expect, test } from 'vitest';
import { agentUnderTest, writesTable } from './testing/agent-process.js';

const on = agentUnderTest();

test('a leased task is run, and its end is reported in numbers', async () => {
  on.start();
  const lease = on.site.offer(on.definition(`${writesTable}\nopen('output/b.csv', 'w').write('22')`));
  const report = await on.site.reportOf(lease);
  expect(report).toMatchObject({
    fence: 1,
    outcome: { code: 'succeeded', excludedFiles: 0 },
    outputs: [{ level: 'highly_sensitive', name: 'table', files: 2, bytes: 3 }],
  });
  expect(report.manifest).toMatch(/^[0-9a-f]{64}$/);
  expect(report.dataRelease).toBeUndefined();
  expect(on.site.phases).toContain('preparing');
});

test('the outputs of one job are the inputs of the next', async () => {
  on.start();
  const first = on.definition(writesTable);
  await on.site.reportOf(on.site.offer(first));
  const second = on.definition("assert open('output/a.csv').read() == '1'; open('b.csv', 'w').write('2')", {
    inputs: { make: first.job },
    outputs: { moderately_sensitive: { b: 'b.csv' } },
  });
  expect(await on.site.reportOf(on.site.offer(second))).toMatchObject({ outcome: { code: 'succeeded' } });
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
  on.start();
  expect((await on.site.reportOf(on.site.offer(on.definition(script, more)))).outcome).toEqual(outcome);
});

test('only the extraction gets the database, with the permissions of the project, and its exit code becomes a reason', async () => {
  writeFileSync(
    join(on.root, 'glovebox'),
    '#!/bin/sh\nmkdir -p output && echo "$@" > output/a.csv && echo "$EHRQL_PERMISSIONS" >> output/a.csv && pwd >> output/a.csv\nexit $(cat code 2>/dev/null || echo 0)\n',
    { mode: 0o755 },
  );
  on.start();
  const run = on.definition('', {
    image: 'ehrql',
    tag: 'v1',
    args: ['generate-measures', 'run.py', '--output', 'output/a.csv'],
    usesDatabase: true,
    permissions: ['event_level_data'],
  });
  expect(await on.site.reportOf(on.site.offer(run))).toMatchObject({
    outcome: { code: 'succeeded' },
    dataRelease: 'synthetic-1',
  });
  const manifest = JSON.parse(readFileSync(join(on.jobFolder(run), 'manifest.json'), 'utf8')) as {
    outputs: { sha256: string }[];
  };
  const said = readFileSync(join(on.root, 'data/outputs/objects', manifest.outputs[0]!.sha256), 'utf8').split('\n');
  expect(said[0]).toBe(
    `ehrql generate-measures --dsn ${join(on.root, 'database.duckdb')} run.py --output output/a.csv`,
  );
  expect(said[1]).toBe('["event_level_data"]');
  const failing = { ...run, job: newIdentifier(), commit: on.commit({ code: '13' }) };
  expect((await on.site.reportOf(on.site.offer(failing))).outcome).toEqual({
    code: 'nonzero_exit',
    exitCode: 13,
    reason: 'assurance_failed',
  });
});

test('what failed because the database was busy runs again when it is leased again', async () => {
  writeFileSync(
    join(on.root, 'glovebox'),
    `#!/bin/sh\n: >"$GLOVEBOX_FILES_READ"\nmkdir '${join(on.root, 'tried')}' 2>/dev/null && exit 3\nmkdir -p output && echo a > output/a.csv\n`,
    { mode: 0o755 },
  );
  on.start();
  const args = ['generate-measures', 'run.py', '--output', 'output/a.csv'];
  const run = on.definition('', { image: 'ehrql', tag: 'v1', args, usesDatabase: true });
  const busy = { code: 'nonzero_exit', exitCode: 3, reason: 'database_busy' };
  expect((await on.site.reportOf(on.site.offer(run))).outcome).toEqual(busy);
  // The site waits for a minute before it gives such a task out again.
  await on.site.until(() => on.output.includes('"msg":"ended"'));
  expect((await on.site.reportOf(on.site.offer(run, 2))).outcome).toMatchObject({ code: 'succeeded' });
  expect(on.output).not.toContain('was complete already');
});

test('nothing that an action prints, names or writes is sent or logged by the agent', async () => {
  const identifier = '943-476-5919';
  on.start();
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
  for (const ending of endings) await on.site.reportOf(on.site.offer(on.definition(script + ending, { outputs })));
  writeFileSync(join(on.root, 'glovebox'), `#!/bin/sh\necho ${identifier}; echo ${identifier} >&2\nexit 10\n`, {
    mode: 0o755,
  });
  const args = ['generate-measures', 'run.py'];
  await on.site.reportOf(on.site.offer(on.definition('', { image: 'ehrql', args, usesDatabase: true })));
  expect(on.site.reports.map((r) => r.body.outcome.code)).toEqual([
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
    expect(on.site.received.join('\n')).not.toContain(spelling);
    expect(on.output).not.toContain(spelling);
  }
  // It did get as far as the secure side's own records, so the check above could have failed.
  expect(execFileSync('grep', ['-rl', identifier, join(on.root, 'data/outputs/jobs')], { encoding: 'utf8' })).toContain(
    'log.txt',
  );
});

test('at its start the agent says what the backend can run, and with what', async () => {
  on.start();
  await on.site.until(() => on.site.backendReports.length > 0);
  expect(on.site.backendReports[0]).toMatchObject({
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
  const report = await on.site.reportOf(on.site.offer(on.definition(writesTable)));
  expect(report.runtime).toEqual(on.site.backendReports[0]?.images['python']);
});

test('while the file stands that the operator chose, the agent reports maintenance', async () => {
  const maintenanceFile = join(on.root, 'maintenance');
  writeFileSync(maintenanceFile, '');
  on.configure({ database: { path: join(on.root, 'database.duckdb'), release: 'synthetic-1', maintenanceFile } });
  on.start();
  await on.site.until(() => on.site.backendReports.length > 0);
  expect(on.site.backendReports[0]?.maintenance).toBe('on');
});

test('an action runs within what it asks for and what the backend gives', async () => {
  on.start();
  const lease = on.site.offer(on.definition(writesTable, { requests: { memoryMegabytes: 200 } }));
  expect((await on.site.reportOf(lease)).usage?.memoryLimitMegabytes).toBe(200);
  const greedy = on.site.offer(on.definition(writesTable, { requests: { memoryMegabytes: 64_000 } }));
  expect((await on.site.reportOf(greedy)).usage?.memoryLimitMegabytes).toBe(537);
});

test('a workspace keeps the repository of its first job; another is refused until the operator names it', async () => {
  const other = join(on.root, 'other');
  execFileSync('git', ['clone', '-q', on.study, other]);
  on.configure({ allowedRepositories: [on.study, other] });
  const agent = on.start();
  const first = on.definition(writesTable);
  expect((await on.site.reportOf(on.site.offer(first))).outcome.code).toBe('succeeded');
  execFileSync('git', ['-C', other, 'pull', '-q']);
  const moved = on.definition(writesTable, { repository: other, commit: first.commit });
  expect((await on.site.reportOf(on.site.offer(moved))).outcome).toEqual({
    code: 'job_error',
    reason: 'refused_by_policy',
  });
  expect(readFileSync(join(on.jobFolder(moved), 'log.txt'), 'utf8')).toContain('belongs to the repository');
  await on.kill(agent, 'SIGTERM');
  on.configure({ workspaces: { winter: other } });
  on.start();
  const again = on.site.offer({ ...moved, job: newIdentifier() });
  expect((await on.site.reportOf(again)).outcome.code).toBe('succeeded');
  const old = on.site.offer({ ...first, job: newIdentifier() });
  expect((await on.site.reportOf(old)).outcome).toMatchObject({ reason: 'refused_by_policy' });
});

test('several actions run at once, as many as there are places', async () => {
  on.start();
  const leases = [1, 2, 3].map(() => on.site.offer(on.definition(`${writesTable}\ntime.sleep(0.5)`)));
  await Promise.all(leases.map((lease) => on.site.reportOf(lease)));
  const ended = on.output
    .split('\n')
    .filter((l) => /"msg":"(leased|ended)"/.test(l))
    .map((l) => (l.includes('leased') ? 1 : -1));
  let most = 0;
  ended.reduce((now, step) => ((most = Math.max(most, now + step)), now + step), 0);
  expect(most).toBe(2);
});

test('a site that hands out more than was asked for gets no more run than there are places', async () => {
  on.site.isGreedy = true;
  const leases = [1, 2, 3, 4].map(() => on.site.offer(on.definition(writesTable)));
  on.start();
  await Promise.all(leases.slice(0, 2).map((lease) => on.site.reportOf(lease)));
  const last = on.site.offer(on.definition(writesTable));
  await on.site.reportOf(last);
  expect(on.output.match(/"msg":"leased"/g)).toHaveLength(3);
});

test('while an action runs, its memory is told in steps', async () => {
  on.site.leaseSeconds = 0.3;
  on.start();
  const lease = on.site.offer(on.definition("x = b'x' * 200_000_000\ntime.sleep(100)"));
  await on.site.until(() => on.site.memory.some((megabytes) => megabytes === 256));
  for (const megabytes of on.site.memory) expect(megabytes % 64).toBe(0);
  on.site.stopped.add(lease.task);
  await on.site.until(() => on.output.includes('"msg":"ended"'));
});
