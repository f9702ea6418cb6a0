// What staff and agents do to a backend as a whole: pause, maintain, restart, report, hand back; and the clock's jumps.
import { readPipeline } from '@glovebox/pipeline';
import { type BackendReport, newIdentifier, type StatusCode } from '@glovebox/record';
import { readJob, readJobRequest } from '@glovebox/store';
import { type ActionSketch, fakeClock, makeSetting, pipelineText, type Setting, testStore } from '@glovebox/testkit';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createController } from './controller.js';
import { mostAttempts } from './expire-leases.js';

const store = await testStore();
const clock = fakeClock();
const controller = createController({
  db: store.db,
  clock: clock.now,
  monotonic: clock.monotonic,
  leaseSeconds: 15,
});
afterAll(() => store.close());

let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting(store, clock.now());
});

const agent = 'aaaaaaaaaaaaaaaa';
const succeeded = { code: 'succeeded' as const, excludedFiles: 0 };
const study: readonly ActionSketch[] = [
  { name: 'extract', usesDatabase: true },
  { name: 'draw', needs: ['extract'] },
  { name: 'other' },
];

async function request(sketch: readonly ActionSketch[] = study): Promise<number> {
  const text = pipelineText(sketch);
  const { pipeline } = readPipeline(text, 'project.yaml');
  if (!pipeline) throw new Error('the sketch is not a pipeline');
  const { workspace, backend, person } = setting;
  const atCommit = { pipeline, files: new Map(), reads: new Map(), codelistProblems: [] };
  const about = { pipelineText: text, commit: 'c'.repeat(40), actions: ['run_all'], force: true };
  const study = { study: atCommit, ...about };
  return (await controller.createJobRequest({ identifier: newIdentifier(), workspace, backend, person, ...study }))
    .number;
}

const lease = (freeDatabase = 9, freeOther = 9, by = agent) =>
  controller.leaseTasks(setting.backend, { agent: by, freeDatabase, freeOther });
type Held = Awaited<ReturnType<typeof lease>>[number];
const finish = ({ task, fence }: Held) =>
  controller.applyResult(setting.backend, task, { agent, fence, outcome: succeeded, outputs: [] });
const beat = ({ task, fence }: Held) =>
  controller.heartbeat(setting.backend, task, { agent, fence, phase: 'executing' });
const release = ({ task, fence }: Held) => controller.release(setting.backend, task, { agent, fence });
const names = (leases: readonly Held[]) => leases.map(({ run }) => run.action).sort();
const status = () => controller.backendStatus(setting.backend);

async function jobs(number: number) {
  const view = await readJobRequest(store.db, number);
  if (!view) throw new Error(`no request ${number}`);
  return Object.fromEntries(view.jobs.map((job) => [job.action, job]));
}
const codes = async (number: number) =>
  Object.fromEntries(Object.entries(await jobs(number)).map(([action, { code }]) => [action, code]));
const history = async (job: string): Promise<readonly StatusCode[]> =>
  (await readJob(store.db, job))?.events.map(({ code }) => code) ?? [];

const report = (more: Partial<BackendReport> = {}): BackendReport => ({
  agent,
  sequence: 1,
  executor: 'bubblewrap',
  images: { 'python:v2': { version: '3.11.2' } },
  dataRelease: 'synthetic-1',
  places: { database: 2, other: 2 },
  limits: { memoryMegabytes: 4096, processors: 2 },
  maintenance: 'off',
  diskFree: 'over-100-gb',
  ...more,
});

describe('a paused backend', () => {
  test('hands out nothing, while what runs goes on to its end', async () => {
    const number = await request();
    const [running] = await lease(1, 0);
    if (!running) throw new Error('nothing was leased');
    expect(await controller.pauseBackend(setting.backend, setting.person)).toBe(true);
    expect(await controller.pauseBackend(setting.backend, setting.person)).toBe(false);
    expect(await codes(number)).toEqual({ extract: 'initiated', draw: 'paused', other: 'paused' });
    expect(await lease()).toEqual([]);
    expect(await beat(running)).toEqual({ verdict: 'go-on' });
    expect(await finish(running)).toEqual({ verdict: 'accepted' });
    expect(await codes(number)).toEqual({ extract: 'succeeded', draw: 'paused', other: 'paused' });
    expect((await jobs(number))['draw']?.queue).toMatchObject({ reason: 'paused', position: null });

    const second = await request([{ name: 'late' }]);
    expect(await codes(second)).toEqual({ late: 'paused' });
    expect(await controller.unpauseBackend(setting.backend, setting.person)).toBe(true);
    expect(await controller.unpauseBackend(setting.backend, setting.person)).toBe(false);
    expect(await codes(number)).toMatchObject({ draw: 'waiting_on_workers', other: 'waiting_on_workers' });
    expect(names(await lease())).toEqual(['draw', 'late', 'other']);
  });

  test('wakes a waiting agent when the pause ends', async () => {
    await request([{ name: 'one' }]);
    await controller.pauseBackend(setting.backend, setting.person);
    const ask = { agent, freeDatabase: 1, freeOther: 1, waitSeconds: 30 };
    const waiting = controller.awaitLeases(setting.backend, ask, new AbortController().signal);
    await controller.unpauseBackend(setting.backend, setting.person);
    expect(await waiting).toHaveLength(1);
  });

  test('lets jobs be cancelled, and fail with what they need', async () => {
    const number = await request();
    const [running] = await lease(1, 0);
    await controller.pauseBackend(setting.backend, setting.person);
    const outcome = { code: 'nonzero_exit' as const, exitCode: 1 };
    const { task = '', fence = 0 } = running ?? {};
    await controller.applyResult(setting.backend, task, { agent, fence, outcome, outputs: [] });
    await controller.cancel({ request: number, person: setting.person });
    expect(await codes(number)).toEqual({
      extract: 'nonzero_exit',
      draw: 'dependency_failed',
      other: 'cancelled_by_user',
    });
  });
});

describe('maintenance of the database', () => {
  test('stops what queries the database and starts it again afterwards under a higher fence; others run on', async () => {
    const number = await request();
    const held = await lease();
    const [extract, other] = ['extract', 'other'].map((name) => held.find(({ run }) => run.action === name));
    if (!extract || !other) throw new Error('not all was leased');
    await controller.setMaintenance(setting.backend, 'on', setting.person);
    expect(await codes(number)).toEqual({
      extract: 'waiting_db_maintenance',
      draw: 'waiting_on_dependencies',
      other: 'initiated',
    });
    expect(await beat(extract)).toEqual({ verdict: 'stop' });
    expect(await finish(extract)).toEqual({ verdict: 'refused' });
    expect(await beat(other)).toEqual({ verdict: 'go-on' });
    expect(await lease()).toEqual([]);
    expect((await jobs(number))['extract']).toMatchObject({ startedAt: null, queue: { reason: 'maintenance' } });

    await controller.setMaintenance(setting.backend, 'automatic', setting.person);
    expect(await codes(number)).toMatchObject({ extract: 'waiting_on_db_workers' });
    const [again] = await lease();
    expect(again).toMatchObject({ task: extract.task, fence: extract.fence + 1 });
  });

  test('follows what the agent reports, unless staff have set it', async () => {
    const number = await request();
    const say = (sequence: number, maintenance: 'on' | 'off') =>
      controller.applyReport(setting.backend, report({ sequence, maintenance }));
    await say(1, 'on');
    expect(await codes(number)).toMatchObject({ extract: 'waiting_db_maintenance', other: 'waiting_on_workers' });
    await say(2, 'off');
    expect(await codes(number)).toMatchObject({ extract: 'waiting_on_db_workers' });
    await controller.setMaintenance(setting.backend, 'on', setting.person);
    await say(3, 'off');
    expect(await codes(number)).toMatchObject({ extract: 'waiting_db_maintenance' });
    await controller.setMaintenance(setting.backend, 'off', setting.person);
    await say(4, 'on');
    expect(await codes(number)).toMatchObject({ extract: 'waiting_on_db_workers' });
    await controller.setMaintenance(setting.backend, 'automatic', setting.person);
    expect(await codes(number)).toMatchObject({ extract: 'waiting_db_maintenance' });
  });

  test('and a pause at once: each counts until it ends', async () => {
    const number = await request();
    await controller.setMaintenance(setting.backend, 'on', setting.person);
    await controller.pauseBackend(setting.backend, setting.person);
    expect(await codes(number)).toMatchObject({ extract: 'paused', other: 'paused' });
    await controller.unpauseBackend(setting.backend, setting.person);
    expect(await codes(number)).toMatchObject({ extract: 'waiting_db_maintenance', other: 'waiting_on_workers' });
    expect(names(await lease())).toEqual(['other']);
  });
});

describe('a report of an agent', () => {
  test('is kept, and one that was overtaken on the way is dropped', async () => {
    const say = (sequence: number, release: string, by = agent) =>
      controller.applyReport(setting.backend, report({ agent: by, sequence, dataRelease: release }));
    expect(await say(2, 'second')).toEqual({ verdict: 'accepted' });
    expect(await say(1, 'first')).toEqual({ verdict: 'outdated' });
    expect(await say(2, 'again')).toEqual({ verdict: 'outdated' });
    expect(await status()).toMatchObject({ report: { dataRelease: 'second' }, pools: { other: { size: 2 } } });
    expect(await say(1, 'third', 'bbbbbbbbbbbbbbbb')).toEqual({ verdict: 'accepted' });
    expect(await status()).toMatchObject({ report: { dataRelease: 'third' } });
  });
});

describe('preparing a restart', () => {
  test('stops everything, and is ready once the agent has said that nothing runs', async () => {
    const number = await request();
    const held = await lease();
    expect(await controller.prepareReboot(setting.backend, setting.person)).toBe(2);
    expect(await codes(number)).toEqual({ extract: 'waiting_on_reboot', draw: 'paused', other: 'waiting_on_reboot' });
    expect(await status()).toMatchObject({ reboot: { isReady: false }, stopping: 2 });
    for (const one of held) {
      expect(await beat(one)).toEqual({ verdict: 'stop' });
      expect(await release(one)).toEqual({ verdict: 'accepted' });
      expect(await release(one)).toEqual({ verdict: 'refused' });
    }
    expect(await status()).toMatchObject({ reboot: { isReady: true }, stopping: 0, openJobs: { running: 0 } });
    expect(await lease()).toEqual([]);

    await controller.unpauseBackend(setting.backend, setting.person);
    expect(await status()).toMatchObject({ reboot: null, pausedSince: null });
    expect(await codes(number)).toEqual({
      extract: 'waiting_on_db_workers',
      draw: 'waiting_on_dependencies',
      other: 'waiting_on_workers',
    });
    expect(names(await lease())).toEqual(['extract', 'other']);
  });

  test('waits no longer for an agent that is gone than its lease would have lasted', async () => {
    await request();
    await lease();
    await controller.prepareReboot(setting.backend, setting.person);
    clock.advance(16);
    expect(await status()).toMatchObject({ reboot: { isReady: true } });
  });
});

describe('handing a lease back', () => {
  test('lets the job wait again at once, and counts as no lost attempt however often', async () => {
    const number = await request([{ name: 'one' }]);
    for (let i = 0; i < mostAttempts + 2; i += 1) {
      const [held] = await lease();
      expect(held?.fence).toBe(i + 1);
      expect(held && (await release(held))).toEqual({ verdict: 'accepted' });
      expect(await codes(number)).toEqual({ one: 'waiting_on_new_task' });
    }
    const [last] = await lease();
    expect(last && (await finish(last))).toEqual({ verdict: 'accepted' });
    expect((await jobs(number))['one']).toMatchObject({ code: 'succeeded', lostLeases: 0 });
  });

  test('is refused for a lease that is not held any more, and by another backend', async () => {
    await request([{ name: 'one' }]);
    const [first] = await lease();
    if (!first) throw new Error('nothing was leased');
    const stranger = await makeSetting(store, clock.now());
    const body = { agent, fence: first.fence };
    expect(await controller.release(stranger.backend, first.task, body)).toEqual({ verdict: 'refused' });
    clock.advance(16);
    await controller.expireLeases();
    const [second] = await lease();
    expect(await release(first)).toEqual({ verdict: 'refused' });
    expect(second && (await beat(second))).toEqual({ verdict: 'go-on' });
    expect(second && (await finish(second))).toEqual({ verdict: 'accepted' });
    expect(second && (await release(second))).toEqual({ verdict: 'refused' });
  });
});

describe('the clock', () => {
  test.each([86_400, -86_400])('jumping by %d seconds takes no lease away and makes none last', async (seconds) => {
    const number = await request([{ name: 'one' }]);
    const [held] = await lease();
    if (!held) throw new Error('nothing was leased');
    clock.advance(10);
    clock.jump(seconds);
    await controller.expireLeases();
    expect(await beat(held)).toEqual({ verdict: 'go-on' });
    clock.advance(14);
    await controller.expireLeases();
    expect(await beat(held)).toEqual({ verdict: 'go-on' });
    clock.advance(16);
    await controller.expireLeases();
    expect(await beat(held)).toEqual({ verdict: 'stop' });
    const [again] = await lease();
    clock.jump(-seconds);
    expect(again && (await finish(again))).toEqual({ verdict: 'accepted' });
    const { one } = await jobs(number);
    const times = [one?.createdAt, one?.startedAt, one?.completedAt].map((time) => Date.parse(time ?? ''));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(await history(held.run.job)).toEqual([
      'created',
      'waiting_on_workers',
      'initiated',
      'executing',
      'waiting_on_new_task',
      'initiated',
      'succeeded',
    ]);
  });

  test('having been wrong before the site started leaves no lease that lasts for ever', async () => {
    await request([{ name: 'one' }]);
    clock.jump(86_400 * 30);
    const ahead = createController({ db: store.db, clock: clock.now, monotonic: clock.monotonic, leaseSeconds: 15 });
    await ahead.leaseTasks(setting.backend, { agent, freeDatabase: 1, freeOther: 1 });
    clock.jump(-86_400 * 30);
    const restarted = createController({
      db: store.db,
      clock: clock.now,
      monotonic: clock.monotonic,
      leaseSeconds: 15,
    });
    await restarted.renewLeases();
    expect(await restarted.expireLeases()).toBe(0);
    clock.advance(16);
    await restarted.expireLeases();
    expect(names(await lease())).toEqual(['one']);
  });
});

describe('an administrator', () => {
  test('stops any job that has not ended, and what needs it fails', async () => {
    const number = await request();
    const [extract] = await lease(1, 0);
    if (!extract) throw new Error('nothing was leased');
    expect(await controller.killJob(extract.run.job, setting.person)).toBe(true);
    expect(await controller.killJob(extract.run.job, setting.person)).toBe(false);
    expect(await beat(extract)).toEqual({ verdict: 'stop' });
    expect(await codes(number)).toMatchObject({ extract: 'killed_by_admin', draw: 'dependency_failed' });
    await expect(controller.killJob('zzzzzzzzzzzzzzzz', setting.person)).rejects.toMatchObject({
      problems: [{ code: 'unknown-job' }],
    });
  });
});

describe('weights and resources', () => {
  test('limit what runs at once, reach the agent, and say why a job waits', async () => {
    await controller.applyReport(setting.backend, report({ places: { database: 2, other: 4 } }));
    const rules = [{ workspace: setting.names.workspace, action: 'big.*', weight: 3, memoryMegabytes: 2048 }];
    expect(await controller.setScheduling(setting.backend, { rules }, setting.person)).toHaveLength(1);
    const number = await request([{ name: 'big1' }, { name: 'big2' }, { name: 'small' }]);
    const held = await lease();
    expect(names(held)).toEqual(['big1', 'small']);
    expect(held.find(({ run }) => run.action === 'big1')?.run.requests).toEqual({ memoryMegabytes: 2048 });
    expect(held.find(({ run }) => run.action === 'small')?.run.requests).toEqual({});
    const view = await jobs(number);
    expect(view['big2']).toMatchObject({
      requested: { memoryMegabytes: 2048, wallSeconds: null, processors: null },
      queue: { reason: 'places', position: 1, waiting: 1, message: expect.stringContaining('4 of 4 places') },
    });
    expect(view['big1']?.progress).toEqual({
      elapsedSeconds: null,
      memoryMegabytes: null,
      memoryLimitMegabytes: 2048,
    });
    expect(view['small']?.progress).toMatchObject({ memoryLimitMegabytes: 4096 });
  });

  test('count at once for what waits when they change', async () => {
    const number = await request([{ name: 'a' }, { name: 'b' }]);
    const pools = { database: 1, other: 2 };
    await controller.setScheduling(setting.backend, { pools, rules: [{ action: '.', weight: 50 }] }, setting.person);
    expect(names(await lease())).toEqual(['a']);
    expect((await jobs(number))['b']?.queue?.message).toContain('Its weight of 50 is more than all 2 places');
    await controller.setScheduling(setting.backend, { pools }, setting.person);
    expect(names(await lease())).toEqual([]);
    await controller.setScheduling(setting.backend, { pools: { database: 1, other: 60 } }, setting.person);
    expect(names(await lease())).toEqual(['b']);
  });
});

test('a heartbeat tells how long it has run and with how much memory, and an overtaken one takes nothing back', async () => {
  const number = await request([{ name: 'one' }]);
  const [held] = await lease();
  const { task = '', fence = 0 } = held ?? {};
  const say = (elapsedSeconds: number, memoryMegabytes: number) =>
    controller.heartbeat(setting.backend, task, { agent, fence, phase: 'executing', elapsedSeconds, memoryMegabytes });
  await say(10, 128);
  await say(5, 192);
  expect((await jobs(number))['one']?.progress).toMatchObject({ elapsedSeconds: 10, memoryMegabytes: 192 });
});

test('a job that waits says which jobs go before it, and how long it usually takes', async () => {
  await controller.applyReport(setting.backend, report());
  const usage = { wallMilliseconds: 9000 };
  for (const wallMilliseconds of [4000, 9000, 5000]) {
    await request([{ name: 'c' }]);
    const [held] = await lease();
    const { task = '', fence = 0 } = held ?? {};
    const result = { agent, fence, outcome: succeeded, outputs: [], usage: { ...usage, wallMilliseconds } };
    await controller.applyResult(setting.backend, task, result);
  }
  const number = await request([{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd', needs: ['a', 'b'] }]);
  const view = await jobs(number);
  expect(view['a']?.queue).toMatchObject({ reason: 'agent', position: 1, waiting: 3 });
  expect(view['c']?.queue).toMatchObject({ reason: 'turn', position: 3, message: '2 jobs go before it.' });
  expect(view['d']?.queue).toMatchObject({ reason: 'needs', message: 'It needs a, b.', position: null });
  expect(view['c']?.estimate).toEqual({ runs: 3, milliseconds: 5000 });
  expect(view['a']?.estimate).toBeNull();
});

describe('why a job failed', () => {
  const end = async (outcome: object, more: object = {}): Promise<{ message?: string; hint?: string | null }> => {
    const number = await request([{ name: 'one' }]);
    const [held] = await lease();
    const { task = '', fence = 0 } = held ?? {};
    const result = { agent, fence, outcome: outcome as { code: 'internal_error' }, outputs: [], ...more };
    await controller.applyResult(setting.backend, task, result);
    return (await jobs(number))['one'] ?? {};
  };

  test('names the memory limit and the use', async () => {
    const usage = { wallMilliseconds: 5, peakMemoryMegabytes: 4090, memoryLimitMegabytes: 4096 };
    const { message } = await end({ code: 'nonzero_exit', reason: 'out_of_memory' }, { usage });
    expect(message).toContain('The limit was 4,096 MB, and it had used 4,090 MB.');
  });

  test('names the declared pattern that nothing matched', async () => {
    const outputs = [{ level: 'moderately_sensitive', name: 'table', files: 0, bytes: 0 }];
    const { message, hint } = await end({ code: 'unmatched_patterns', nearMisses: 3 }, { outputs });
    expect(message).toContain('Not made: output/one.csv (table).');
    expect(hint).toContain('project.yaml');
  });

  test('says what to use instead of an image that is not offered', async () => {
    const sketch = pipelineText([{ name: 'one' }]).replace('python:v2 python', 'jupyter:v1');
    const { pipeline } = readPipeline(sketch, 'project.yaml');
    if (!pipeline) throw new Error('the sketch is not a pipeline');
    const { workspace, backend, person } = setting;
    const atCommit = { pipeline, files: new Map(), reads: new Map(), codelistProblems: [] };
    const about = { pipelineText: sketch, commit: 'c'.repeat(40), actions: ['one'], force: true };
    const study = { study: atCommit, ...about };
    const asked = { identifier: newIdentifier(), workspace, backend, person, ...study };
    const { number } = await controller.createJobRequest(asked);
    const [held] = await lease();
    const { task = '', fence = 0 } = held ?? {};
    const outcome = { code: 'job_error' as const, reason: 'not_offered' as const };
    await controller.applyResult(backend, task, { agent, fence, outcome, outputs: [] });
    expect((await jobs(number))['one']?.hint).toContain('as a script in a python action');
  });
});
