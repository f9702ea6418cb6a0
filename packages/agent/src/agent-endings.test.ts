// An agent that is killed or asked to end, jobs that are stopped, and reports whose answers are late or lost.
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentUnderTest, processesWith, writesTable } from './testing/agent-process.js';

const on = agentUnderTest();

test('told to stop, the agent kills the action and keeps nothing', async () => {
  on.site.leaseSeconds = 0.3;
  on.start();
  const run = on.definition(
    `import subprocess\n${writesTable}\nopen('started', 'w')\nsubprocess.run(['sleep', '4711001'])`,
  );
  const lease = on.site.offer(run);
  await on.site.until(() => on.site.phases.includes('executing') && processesWith('4711001').length > 0);
  on.site.stopped.add(lease.task);
  await on.site.until(() => on.output.includes('told to stop') && on.output.includes('"msg":"ended"'));
  expect(processesWith('4711001')).toEqual([]);
  expect(existsSync(on.jobFolder(run))).toBe(false);
  expect(on.site.reports).toEqual([]);
  // It says that nothing is left, so that a restart of the machine need not wait.
  expect(on.site.released).toEqual([`${lease.task} 1`]);
});

test('asked to end, the agent kills the action, hands its lease back and ends', async () => {
  const agent = on.start();
  const run = on.definition(`import subprocess\nopen('started', 'w')\nsubprocess.run(['sleep', '4711003'])`);
  const lease = on.site.offer(run, 3);
  await on.site.until(() => on.site.phases.includes('executing') && processesWith('4711003').length > 0);
  const ended = once(agent, 'exit');
  agent.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(processesWith('4711003')).toEqual([]);
  expect(on.site.released).toEqual([`${lease.task} 3`]);
  expect(on.site.reports).toEqual([]);
});

test('a report is repeated until it is answered', async () => {
  on.site.resultStatuses.push(503, 500, 401);
  on.start();
  const lease = on.site.offer(on.definition(writesTable));
  expect((await on.site.reportOf(lease)).outcome.code).toBe('succeeded');
  expect(on.site.received.filter((r) => r.includes('/result'))).toHaveLength(4);
});

test('killed in the middle of an action, the agent leaves no process, and runs the job again from the start', async () => {
  on.site.leaseSeconds = 0.3;
  const marker = join(on.root, 'never');
  const script = `import subprocess\n${writesTable}\nif not os.path.exists('fast'): subprocess.run(['sleep', '4711002'])`;
  const run = on.definition(script);
  const agent = on.start();
  on.site.offer(run);
  await on.site.until(() => on.site.phases.includes('executing') && processesWith('4711002').length > 0);
  await on.kill(agent);
  const deadline = Date.now() + 5000;
  while (processesWith('4711002').length > 0 && Date.now() < deadline) await new Promise((r) => setImmediate(r));
  expect(processesWith('4711002')).toEqual([]);
  expect(existsSync(join(on.jobFolder(run), 'manifest.json'))).toBe(false);
  on.start();
  const again = on.site.offer({ ...run, commit: on.commit({ fast: '' }) }, 2);
  expect(await on.site.reportOf(again)).toMatchObject({ fence: 2, outcome: { code: 'succeeded' } });
  expect(on.site.reports).toHaveLength(1);
  expect(existsSync(marker)).toBe(false);
});

test('killed before its report was answered, the agent reports the complete job without running it again', async () => {
  on.site.resultStatuses.push(...Array.from({ length: 1000 }, () => 503));
  const run = on.definition(`${writesTable}\nprint('ran', time.time_ns())`);
  const agent = on.start();
  on.site.offer(run);
  await on.site.until(() => on.site.received.some((r) => r.includes('/result')));
  const log = readFileSync(join(on.jobFolder(run), 'log.txt'), 'utf8');
  await on.kill(agent);
  on.site.resultStatuses.length = 0;
  on.start();
  const again = on.site.offer(run, 2);
  expect(await on.site.reportOf(again)).toMatchObject({ fence: 2, outcome: { code: 'succeeded' } });
  expect(readFileSync(join(on.jobFolder(run), 'log.txt'), 'utf8')).toBe(log);
});

test('what a job made is shown once the site has accepted its report, and never when the site refused it', async () => {
  on.site.resultVerdict = 'refused';
  on.start();
  const cancelled = on.definition(writesTable);
  await on.site.reportOf(on.site.offer(cancelled));
  await on.site.until(() => on.output.includes('"msg":"ended"'));
  expect(existsSync(join(on.jobFolder(cancelled), 'manifest.json'))).toBe(true);
  expect(on.view()).toEqual({});
  on.site.resultVerdict = 'accepted';
  const run = on.definition(writesTable);
  await on.site.reportOf(on.site.offer(run));
  await on.site.until(() => on.output.match(/"msg":"ended"/g)?.length === 2);
  expect(on.view()).toMatchObject({ 'output/a.csv': { job: run.job } });
  expect(readdirSync(join(on.root, 'data/reports'))).toEqual([]);
});

test('killed before the answer to its report came, the agent asks again at its start and then shows what the job made', async () => {
  on.site.isSilent = true;
  const run = on.definition(writesTable);
  const agent = on.start();
  const lease = on.site.offer(run);
  await on.site.reportOf(lease);
  await on.kill(agent);
  expect(on.view()).toEqual({});
  on.site.isSilent = false;
  on.start();
  await on.site.until(() => on.output.includes('report accepted'));
  expect(on.site.reports.map(({ task }) => task)).toEqual([lease.task, lease.task]);
  expect(on.site.reports[1]?.body).toEqual(on.site.reports[0]?.body);
  const deadline = Date.now() + 20_000;
  while (readdirSync(join(on.root, 'data/reports')).length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(on.view()).toMatchObject({ 'output/a.csv': { job: run.job } });
});

test(
  'killed at every step of a job in turn, the job completes once and nothing partial is left',
  { timeout: 180_000 },
  async () => {
    on.site.leaseSeconds = 0.3;
    const run = on.definition(`${writesTable}\nprint('once')\ntime.sleep(0.2)`);
    let fence = 0;
    for (let step = 1; on.site.reports.length === 0; step++) {
      const seen = on.site.received.length;
      const agent = on.start();
      on.site.offer(run, ++fence);
      await on.site.until(() => on.site.received.length >= seen + step || on.site.reports.length > 0);
      await on.kill(agent);
    }
    expect(fence).toBeGreaterThan(3);
    expect(on.site.reports).toHaveLength(1);
    const outputs = join(on.root, 'data/outputs');
    const manifest = JSON.parse(readFileSync(join(on.jobFolder(run), 'manifest.json'), 'utf8')) as {
      outputs: { sha256: string }[];
    };
    expect(readdirSync(join(outputs, 'objects'))).toEqual(manifest.outputs.map((o) => o.sha256));
    expect(readFileSync(join(on.jobFolder(run), 'log.txt'), 'utf8').match(/Z once/g)).toHaveLength(1);
    on.start();
    await on.site.reportOf(on.site.offer(on.definition(writesTable)));
    expect(readdirSync(join(outputs, 'incoming'))).toEqual([]);
    expect(readdirSync(join(on.root, 'data/work'))).toEqual([]);
  },
);

test('a newer lease of a job that is running takes it over instead of running it twice', async () => {
  on.start();
  const run = on.definition(
    "open('output/a.csv', 'w').write(str(time.time_ns()))\nprint('up', flush=True)\ntime.sleep(1)",
  );
  on.site.offer(run);
  await on.site.until(() => on.site.phases.includes('executing'));
  const newer = on.site.offer(run, 2);
  expect(await on.site.reportOf(newer)).toMatchObject({ fence: 2, outcome: { code: 'succeeded' } });
  expect(on.site.reports).toHaveLength(1);
});

test('two agents never share a data folder', async () => {
  on.start();
  await on.site.until(() => on.site.received.length > 0);
  const second = on.start();
  const [code] = (await once(second, 'exit')) as [number];
  expect(code).toBe(1);
  expect(on.output).toContain('Another agent is working in');
});

test('an earlier job that the last request took over is what the workspace shows', async () => {
  const first = on.start();
  const [older, newer] = [on.definition(writesTable), on.definition(writesTable)];
  for (const run of [older, newer]) await on.site.reportOf(on.site.offer(run));
  await on.site.until(() => on.output.match(/"msg":"ended"/g)?.length === 2);
  expect(on.view()).toMatchObject({ 'output/a.csv': { job: newer.job } });
  await on.kill(first, 'SIGTERM');
  on.site.standing = [{ workspace: 'winter', jobs: { make: older.job } }];
  on.start();
  await expect.poll(() => on.view(), { timeout: 25_000 }).toMatchObject({ 'output/a.csv': { job: older.job } });
});
