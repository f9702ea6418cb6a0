// What staff and agents do to a backend as a whole: pause, maintain, restart, report, hand back; and the clock's jumps.
import { type ActionSketch, fakeClock, makeSetting, testStore } from '@glovebox/testkit';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { mostAttempts } from './expire-leases.js';
import { agent, names, type OneBackend, oneBackend, only, reportOf } from './testing/one-backend.js';

const store = await testStore();
const clock = fakeClock();
afterAll(() => store.close());

let on: OneBackend;
beforeEach(async () => {
  on = await oneBackend(store, clock);
});

const study: readonly ActionSketch[] = [
  { name: 'extract', usesDatabase: true },
  { name: 'draw', needs: ['extract'] },
  { name: 'other' },
];

describe('a paused backend', () => {
  test('hands out nothing, while what runs goes on to its end', async () => {
    const number = await on.request(study);
    const running = only(await on.lease(1, 0));
    expect(await on.controller.pauseBackend(on.backend, on.person)).toBe(true);
    expect(await on.controller.pauseBackend(on.backend, on.person)).toBe(false);
    expect(await on.codes(number)).toEqual({ extract: 'initiated', draw: 'paused', other: 'paused' });
    expect(await on.lease()).toEqual([]);
    expect(await on.beat(running)).toEqual({ verdict: 'go-on' });
    expect(await on.finish(running)).toEqual({ verdict: 'accepted' });
    expect(await on.codes(number)).toEqual({ extract: 'succeeded', draw: 'paused', other: 'paused' });
    expect((await on.jobs(number))['draw']?.queue).toMatchObject({ reason: 'paused', position: null });

    const second = await on.request([{ name: 'late' }]);
    expect(await on.codes(second)).toEqual({ late: 'paused' });
    expect(await on.controller.unpauseBackend(on.backend, on.person)).toBe(true);
    expect(await on.controller.unpauseBackend(on.backend, on.person)).toBe(false);
    expect(await on.codes(number)).toMatchObject({ draw: 'waiting_on_workers', other: 'waiting_on_workers' });
    expect(names(await on.lease())).toEqual(['draw', 'late', 'other']);
  });

  test('wakes a waiting agent when the pause ends', async () => {
    await on.request([{ name: 'one' }]);
    await on.controller.pauseBackend(on.backend, on.person);
    const ask = { agent, freeDatabase: 1, freeOther: 1, waitSeconds: 30 };
    const waiting = on.controller.awaitLeases(on.backend, ask, new AbortController().signal);
    await on.controller.unpauseBackend(on.backend, on.person);
    expect(await waiting).toHaveLength(1);
  });

  test('lets jobs be cancelled, and fail with what they need', async () => {
    const number = await on.request(study);
    const [running] = await on.lease(1, 0);
    await on.controller.pauseBackend(on.backend, on.person);
    const outcome = { code: 'nonzero_exit' as const, exitCode: 1 };
    const { task = '', fence = 0 } = running ?? {};
    await on.controller.applyResult(on.backend, task, { agent, fence, outcome, outputs: [] });
    await on.controller.cancel({ request: number, person: on.person });
    expect(await on.codes(number)).toEqual({
      extract: 'nonzero_exit',
      draw: 'dependency_failed',
      other: 'cancelled_by_user',
    });
  });
});

describe('what comes back to wait while a backend is held up', () => {
  const busy = { code: 'nonzero_exit' as const, exitCode: 3, reason: 'database_busy' as const };

  test('waits for the pause like all others, however it came back, and goes on when it ends', async () => {
    const number = await on.request([{ name: 'lost' }, { name: 'back' }, { name: 'busy', usesDatabase: true }]);
    const held = await on.lease();
    const [lost, back, asked] = ['lost', 'back', 'busy'].map((name) => held.find(({ run }) => run.action === name));
    if (!lost || !back || !asked) throw new Error('not all was leased');
    await on.controller.pauseBackend(on.backend, on.person);
    expect(await on.release(back)).toEqual({ verdict: 'accepted' });
    expect(await on.finish(asked, { outcome: busy })).toEqual({ verdict: 'accepted' });
    on.clock.advance(16);
    await on.controller.expireLeases();
    expect(await on.codes(number)).toEqual({ lost: 'paused', back: 'paused', busy: 'paused' });
    expect(await on.history((await on.jobs(number))['lost']?.identifier ?? '')).toEqual([
      'created',
      'waiting_on_workers',
      'initiated',
      'waiting_on_new_task',
      'paused',
    ]);
    on.clock.advance(60);
    await on.controller.unpauseBackend(on.backend, on.person);
    expect(names(await on.lease())).toEqual(['back', 'busy', 'lost']);
  });

  test('waits for maintenance where it queries the database', async () => {
    const number = await on.request([{ name: 'extract', usesDatabase: true }, { name: 'other' }]);
    const held = await on.lease();
    await on.controller.setMaintenance(on.backend, 'on', on.person);
    for (const one of held) await on.release(one);
    expect(await on.codes(number)).toEqual({ extract: 'waiting_db_maintenance', other: 'waiting_on_new_task' });
  });
});

describe('maintenance of the database', () => {
  test('stops what queries the database and starts it again afterwards under a higher fence; others run on', async () => {
    const number = await on.request(study);
    const held = await on.lease();
    const [extract, other] = ['extract', 'other'].map((name) => held.find(({ run }) => run.action === name));
    if (!extract || !other) throw new Error('not all was leased');
    await on.controller.setMaintenance(on.backend, 'on', on.person);
    expect(await on.codes(number)).toEqual({
      extract: 'waiting_db_maintenance',
      draw: 'waiting_on_dependencies',
      other: 'initiated',
    });
    expect(await on.beat(extract)).toEqual({ verdict: 'stop' });
    expect(await on.finish(extract)).toEqual({ verdict: 'refused' });
    expect(await on.beat(other)).toEqual({ verdict: 'go-on' });
    expect(await on.lease()).toEqual([]);
    expect((await on.jobs(number))['extract']).toMatchObject({ startedAt: null, queue: { reason: 'maintenance' } });

    await on.controller.setMaintenance(on.backend, 'automatic', on.person);
    expect(await on.codes(number)).toMatchObject({ extract: 'waiting_on_db_workers' });
    const [again] = await on.lease();
    expect(again).toMatchObject({ task: extract.task, fence: extract.fence + 1 });
  });

  test('follows what the agent reports, unless staff have set it', async () => {
    const number = await on.request(study);
    const say = (sequence: number, maintenance: 'on' | 'off') =>
      on.controller.applyReport(on.backend, reportOf({ sequence, maintenance }));
    await say(1, 'on');
    expect(await on.codes(number)).toMatchObject({ extract: 'waiting_db_maintenance', other: 'waiting_on_workers' });
    await say(2, 'off');
    expect(await on.codes(number)).toMatchObject({ extract: 'waiting_on_db_workers' });
    await on.controller.setMaintenance(on.backend, 'on', on.person);
    await say(3, 'off');
    expect(await on.codes(number)).toMatchObject({ extract: 'waiting_db_maintenance' });
    await on.controller.setMaintenance(on.backend, 'off', on.person);
    await say(4, 'on');
    expect(await on.codes(number)).toMatchObject({ extract: 'waiting_on_db_workers' });
    await on.controller.setMaintenance(on.backend, 'automatic', on.person);
    expect(await on.codes(number)).toMatchObject({ extract: 'waiting_db_maintenance' });
  });

  test('and a pause at once: each counts until it ends', async () => {
    const number = await on.request(study);
    await on.controller.setMaintenance(on.backend, 'on', on.person);
    await on.controller.pauseBackend(on.backend, on.person);
    expect(await on.codes(number)).toMatchObject({ extract: 'paused', other: 'paused' });
    await on.controller.unpauseBackend(on.backend, on.person);
    expect(await on.codes(number)).toMatchObject({ extract: 'waiting_db_maintenance', other: 'waiting_on_workers' });
    expect(names(await on.lease())).toEqual(['other']);
  });
});

describe('a report of an agent', () => {
  test('is kept, and one that was overtaken on the way is dropped', async () => {
    const say = (sequence: number, release: string, by = agent) =>
      on.controller.applyReport(on.backend, reportOf({ agent: by, sequence, dataRelease: release }));
    expect(await say(2, 'second')).toEqual({ verdict: 'accepted' });
    expect(await say(1, 'first')).toEqual({ verdict: 'outdated' });
    expect(await say(2, 'again')).toEqual({ verdict: 'outdated' });
    expect(await on.status()).toMatchObject({ report: { dataRelease: 'second' }, pools: { other: { size: 2 } } });
    expect(await say(1, 'third', 'bbbbbbbbbbbbbbbb')).toEqual({ verdict: 'accepted' });
    expect(await on.status()).toMatchObject({ report: { dataRelease: 'third' } });
  });
});

describe('preparing a restart', () => {
  test('stops everything, and is ready once the agent has said that nothing runs', async () => {
    const number = await on.request(study);
    const held = await on.lease();
    expect(await on.controller.prepareReboot(on.backend, on.person)).toBe(2);
    expect(await on.codes(number)).toEqual({
      extract: 'waiting_on_reboot',
      draw: 'paused',
      other: 'waiting_on_reboot',
    });
    expect(await on.status()).toMatchObject({ reboot: { isReady: false }, stopping: 2 });
    for (const one of held) {
      expect(await on.beat(one)).toEqual({ verdict: 'stop' });
      expect(await on.release(one)).toEqual({ verdict: 'accepted' });
      expect(await on.release(one)).toEqual({ verdict: 'refused' });
    }
    expect(await on.status()).toMatchObject({ reboot: { isReady: true }, stopping: 0, openJobs: { running: 0 } });
    expect(await on.lease()).toEqual([]);

    await on.controller.unpauseBackend(on.backend, on.person);
    expect(await on.status()).toMatchObject({ reboot: null, pausedSince: null });
    expect(await on.codes(number)).toEqual({
      extract: 'waiting_on_db_workers',
      draw: 'waiting_on_dependencies',
      other: 'waiting_on_workers',
    });
    expect(names(await on.lease())).toEqual(['extract', 'other']);
  });

  test('waits no longer for an agent that is gone than its lease would have lasted', async () => {
    await on.request(study);
    await on.lease();
    await on.controller.prepareReboot(on.backend, on.person);
    on.clock.advance(16);
    expect(await on.status()).toMatchObject({ reboot: { isReady: true } });
  });
});

describe('handing a lease back', () => {
  test('lets the job wait again at once, and counts as no lost attempt however often', async () => {
    const number = await on.request([{ name: 'one' }]);
    for (let i = 0; i < mostAttempts + 2; i += 1) {
      const [held] = await on.lease();
      expect(held?.fence).toBe(i + 1);
      expect(held && (await on.release(held))).toEqual({ verdict: 'accepted' });
      expect(await on.codes(number)).toEqual({ one: 'waiting_on_new_task' });
    }
    const [last] = await on.lease();
    expect(last && (await on.finish(last))).toEqual({ verdict: 'accepted' });
    expect((await on.jobs(number))['one']).toMatchObject({ code: 'succeeded', lostLeases: 0 });
  });

  test('is refused for a lease that is not held any more, and by another backend', async () => {
    await on.request([{ name: 'one' }]);
    const first = only(await on.lease());
    const stranger = await makeSetting(store, on.clock.now());
    const body = { agent, fence: first.fence };
    expect(await on.controller.release(stranger.backend, first.task, body)).toEqual({ verdict: 'refused' });
    on.clock.advance(16);
    await on.controller.expireLeases();
    const [second] = await on.lease();
    expect(await on.release(first)).toEqual({ verdict: 'refused' });
    expect(second && (await on.beat(second))).toEqual({ verdict: 'go-on' });
    expect(second && (await on.finish(second))).toEqual({ verdict: 'accepted' });
    expect(second && (await on.release(second))).toEqual({ verdict: 'refused' });
  });
});

describe('the clock', () => {
  test.each([86_400, -86_400])('jumping by %d seconds takes no lease away and makes none last', async (seconds) => {
    const number = await on.request([{ name: 'one' }]);
    const held = only(await on.lease());
    on.clock.advance(10);
    on.clock.jump(seconds);
    await on.controller.expireLeases();
    expect(await on.beat(held)).toEqual({ verdict: 'go-on' });
    on.clock.advance(14);
    await on.controller.expireLeases();
    expect(await on.beat(held)).toEqual({ verdict: 'go-on' });
    on.clock.advance(16);
    await on.controller.expireLeases();
    expect(await on.beat(held)).toEqual({ verdict: 'stop' });
    const [again] = await on.lease();
    on.clock.jump(-seconds);
    expect(again && (await on.finish(again))).toEqual({ verdict: 'accepted' });
    const { one } = await on.jobs(number);
    const times = [one?.createdAt, one?.startedAt, one?.completedAt].map((time) => Date.parse(time ?? ''));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(await on.history(held.run.job)).toEqual([
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
    await on.request([{ name: 'one' }]);
    on.clock.jump(86_400 * 30);
    const ahead = on.make();
    await ahead.leaseTasks(on.backend, { agent, freeDatabase: 1, freeOther: 1 });
    on.clock.jump(-86_400 * 30);
    const restarted = on.make();
    await restarted.renewLeases();
    expect(await restarted.expireLeases()).toBe(0);
    on.clock.advance(16);
    await restarted.expireLeases();
    expect(names(await on.lease())).toEqual(['one']);
  });
});

describe('an administrator', () => {
  test('stops any job that has not ended, and what needs it fails', async () => {
    const number = await on.request(study);
    const extract = only(await on.lease(1, 0));
    expect(await on.controller.killJob(extract.run.job, on.person)).toBe(true);
    expect(await on.controller.killJob(extract.run.job, on.person)).toBe(false);
    expect(await on.beat(extract)).toEqual({ verdict: 'stop' });
    expect(await on.codes(number)).toMatchObject({ extract: 'killed_by_admin', draw: 'dependency_failed' });
    await expect(on.controller.killJob('zzzzzzzzzzzzzzzz', on.person)).rejects.toMatchObject({
      problems: [{ code: 'unknown-job' }],
    });
  });
});
