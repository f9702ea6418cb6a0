// What a job says while it waits, runs and after it failed: queue, progress, estimate, resources, reasons.
import { retriedAfterSeconds } from '@glovebox/record';
import type { TaskResult } from '@glovebox/wire';
import { pipelineText, testStore } from '@glovebox/testkit';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { agent, names, type OneBackend, oneBackend, only, reportOf } from './testing/one-backend.js';

const store = await testStore();
afterAll(() => store.close());

let on: OneBackend;
beforeEach(async () => {
  on = await oneBackend(store);
});

describe('weights and resources', () => {
  test('limit what runs at once, reach the agent, and say why a job waits', async () => {
    await on.controller.applyReport(on.backend, reportOf({ places: { database: 2, other: 4 } }));
    const rules = [{ workspace: on.setting.names.workspace, action: 'big.*', weight: 3, memoryMegabytes: 2048 }];
    expect(await on.controller.setScheduling(on.backend, { rules }, on.person)).toHaveLength(1);
    const number = await on.request([{ name: 'big1' }, { name: 'big2' }, { name: 'small' }]);
    const held = await on.lease();
    expect(names(held)).toEqual(['big1', 'small']);
    expect(held.find(({ run }) => run.action === 'big1')?.run.requests).toEqual({ memoryMegabytes: 2048 });
    expect(held.find(({ run }) => run.action === 'small')?.run.requests).toEqual({});
    const view = await on.jobs(number);
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
    const number = await on.request([{ name: 'a' }, { name: 'b' }]);
    const pools = { database: 1, other: 2 };
    await on.controller.setScheduling(on.backend, { pools, rules: [{ action: '.', weight: 50 }] }, on.person);
    expect(names(await on.lease())).toEqual(['a']);
    expect((await on.jobs(number))['b']?.queue?.message).toContain('Its weight of 50 is more than all 2 places');
    await on.controller.setScheduling(on.backend, { pools }, on.person);
    expect(names(await on.lease())).toEqual([]);
    await on.controller.setScheduling(on.backend, { pools: { database: 1, other: 60 } }, on.person);
    expect(names(await on.lease())).toEqual(['b']);
  });
});

test('a heartbeat tells how long it has run and with how much memory, and an overtaken one takes nothing back', async () => {
  const number = await on.request([{ name: 'one' }]);
  const { task, fence } = only(await on.lease());
  const say = (elapsedSeconds: number, memoryMegabytes: number) =>
    on.controller.heartbeat(on.backend, task, { agent, fence, phase: 'executing', elapsedSeconds, memoryMegabytes });
  await say(10, 128);
  await say(5, 192);
  expect((await on.jobs(number))['one']?.progress).toMatchObject({ elapsedSeconds: 10, memoryMegabytes: 192 });
});

test('a job that waits says which jobs go before it, and how long it usually takes', async () => {
  await on.controller.applyReport(on.backend, reportOf());
  for (const wallMilliseconds of [4000, 9000, 5000]) {
    await on.request([{ name: 'c' }]);
    await on.finish(only(await on.lease()), { usage: { wallMilliseconds } });
  }
  const number = await on.request([{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd', needs: ['a', 'b'] }]);
  const view = await on.jobs(number);
  expect(view['a']?.queue).toMatchObject({ reason: 'agent', position: 1, waiting: 3 });
  expect(view['c']?.queue).toMatchObject({ reason: 'turn', position: 3, message: '2 jobs go before it.' });
  expect(view['d']?.queue).toMatchObject({ reason: 'needs', message: 'It needs a, b.', position: null });
  expect(view['c']?.estimate).toEqual({ runs: 3, least: 4500, most: 7000 });
  expect(view['a']?.estimate).toBeNull();
});

describe('why a job failed', () => {
  const end = async (result: Partial<TaskResult>) => {
    const number = await on.request([{ name: 'one' }]);
    await on.finish(only(await on.lease()), result);
    return (await on.jobs(number))['one'];
  };

  test('names the memory limit and the use', async () => {
    const usage = { wallMilliseconds: 5, peakMemoryMegabytes: 4090, memoryLimitMegabytes: 4096 };
    const job = await end({ outcome: { code: 'nonzero_exit', reason: 'out_of_memory' }, usage });
    expect(job?.message).toContain('The limit was 4,096 MB, and it had used 4,090 MB.');
  });

  test('names the declared pattern that nothing matched', async () => {
    const outputs = [{ level: 'moderately_sensitive' as const, name: 'table', files: 0, bytes: 0 }];
    const job = await end({ outcome: { code: 'unmatched_patterns', nearMisses: 3 }, outputs });
    expect(job?.message).toContain('Not made: output/one.csv (table).');
    expect(job?.hint).toContain('project.yaml');
  });

  test('says what to use instead of an image that is not offered', async () => {
    const number = await on.requestText(pipelineText([{ name: 'one' }]).replace('python:v2 python', 'jupyter:v1'));
    await on.finish(only(await on.lease()), { outcome: { code: 'job_error', reason: 'not_offered' } });
    expect((await on.jobs(number))['one']?.hint).toContain('as a script in a python action');
  });
});

describe('a database that is busy', () => {
  const busy: Partial<TaskResult> = { outcome: { code: 'nonzero_exit', exitCode: 3, reason: 'database_busy' } };
  const sketch = [{ name: 'extract', usesDatabase: true }];

  test('is asked again after a while, later each time, and the job fails only when it stays busy', async () => {
    const number = await on.request(sketch);
    const first = only(await on.lease());
    let held = first;
    for (const seconds of retriedAfterSeconds.database_busy ?? []) {
      expect(await on.finish(held, busy)).toEqual({ verdict: 'accepted' });
      expect((await on.jobs(number))['extract']).toMatchObject({
        code: 'waiting_on_new_task',
        startedAt: null,
        reason: null,
      });
      expect((await on.jobs(number))['extract']?.queue).toMatchObject({ reason: 'retry', position: null });
      on.clock.advance(seconds - 1);
      expect(await on.lease()).toEqual([]);
      on.clock.advance(1);
      const again = only(await on.lease());
      expect([again.task, again.fence]).toEqual([held.task, held.fence + 1]);
      // The same report again, whose answer was lost, is about a lease that is over.
      expect(await on.finish(held, busy)).toEqual({ verdict: 'refused' });
      held = again;
    }
    expect(await on.finish(held, busy)).toEqual({ verdict: 'accepted' });
    expect((await on.jobs(number))['extract']).toMatchObject({
      code: 'nonzero_exit',
      reason: 'database_busy',
      lostLeases: 0,
    });
    expect(await on.lease()).toEqual([]);
  });

  test('that answers the second time is all that a job needs', async () => {
    const number = await on.request(sketch);
    await on.finish(only(await on.lease()), busy);
    on.clock.advance(60);
    await on.finish(only(await on.lease()));
    expect(await on.codes(number)).toEqual({ extract: 'succeeded' });
  });

  test('holds up nothing else, lets the job be cancelled, and is asked at once after a restart of the site', async () => {
    const [number, other] = [
      await on.request(sketch),
      await on.request([{ name: 'other' }, { name: 'more', usesDatabase: true }]),
    ];
    await on.finish(only(await on.lease(1, 0)), busy);
    expect(names(await on.lease())).toEqual(['more', 'other']);
    await on.make().renewLeases();
    const again = only(await on.lease());
    await on.finish(again, busy);
    await on.controller.cancel({ request: number, person: on.person });
    expect(await on.codes(number)).toEqual({ extract: 'cancelled_by_user' });
    on.clock.advance(3600);
    expect(await on.lease()).toEqual([]);
    expect(other).toBeGreaterThan(number);
  });

  test('is no reason to try what failed for another reason again', async () => {
    const number = await on.request(sketch);
    await on.finish(only(await on.lease()), {
      outcome: { code: 'nonzero_exit', exitCode: 5, reason: 'database_problem' },
    });
    expect(await on.codes(number)).toEqual({ extract: 'nonzero_exit' });
  });
});
