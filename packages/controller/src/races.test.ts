// What people and agents do at the same time, or too late.
import { type ActionSketch, fakeClock, testStore } from '@glovebox/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { names, type OneBackend, oneBackend, only } from './testing/one-backend.js';

const store = await testStore();
const clock = fakeClock();
afterAll(() => store.close());

let on: OneBackend;
beforeEach(async () => {
  on = await oneBackend(store, clock);
});

const study: readonly ActionSketch[] = [{ name: 'a' }, { name: 'c', needs: ['a'] }];
const failed = { code: 'nonzero_exit' as const, exitCode: 1 };

test('a job keeps the inputs that it was planned with, though what it needs runs again and fails meanwhile', async () => {
  const first = await on.request(study);
  await on.finish(only(await on.lease()));
  const second = await on.request(study, { actions: ['a'], force: false });
  const held = await on.lease();
  expect(names(held)).toEqual(['a', 'c']);
  const [again, c] = ['a', 'c'].map((name) => held.find(({ run }) => run.action === name));
  if (!again || !c) throw new Error('not all was leased');
  expect(c.run.inputs).toEqual({ a: (await on.jobs(first))['a']?.identifier });
  expect(again.run.job).not.toBe(c.run.inputs['a']);
  await on.finish(again, { outcome: failed });
  await on.finish(c);
  expect([await on.codes(first), await on.codes(second)]).toEqual([
    { a: 'succeeded', c: 'succeeded' },
    { a: 'nonzero_exit' },
  ]);
});

test('cancelling what has ended leaves its outputs for later requests', async () => {
  const first = await on.request(study);
  await on.finish(only(await on.lease()));
  const cancel = (actions?: readonly string[]) =>
    on.controller.cancel({ request: first, person: on.person, ...(actions ? { actions } : {}) });
  const before = (await on.jobs(first))['a'];
  expect(await cancel(['a'])).toBe(0);
  expect(await cancel()).toBe(1);
  expect((await on.jobs(first))['a']).toEqual(before);
  await on.request(study, { actions: ['c'], force: false });
  const [c, ...others] = await on.lease();
  expect([c?.run.action, c?.run.inputs, others]).toEqual(['c', { a: before?.identifier }, []]);
});

test("a cancelled job's place is free at once, and its action may run again while the first run is being stopped", async () => {
  await on.controller.setScheduling(on.backend, { pools: { database: 1, other: 1 } }, on.person);
  const number = await on.request([{ name: 'a' }, { name: 'b' }]);
  const old = only(await on.lease());
  expect(await on.lease()).toEqual([]);
  await on.controller.cancel({ request: number, person: on.person });
  await on.request([{ name: 'a' }]);
  const fresh = only(await on.lease());
  expect([fresh.run.job === old.run.job, fresh.task === old.task]).toEqual([false, false]);
  expect(await on.status()).toMatchObject({ stopping: 1, pools: { other: { running: 1 } } });
  expect(await on.beat(old)).toEqual({ verdict: 'stop' });
  expect(await on.finish(old)).toEqual({ verdict: 'refused' });
  expect(await on.release(old)).toEqual({ verdict: 'accepted' });
  expect(await on.beat(fresh)).toEqual({ verdict: 'go-on' });
  expect(await on.finish(fresh)).toEqual({ verdict: 'accepted' });
  expect(await on.status()).toMatchObject({ stopping: 0 });
});

test('a job that waits for one of another request fails when that one fails, at once and naming it', async () => {
  const first = await on.request([{ name: 'a' }]);
  const held = only(await on.lease());
  const second = await on.request(study, { actions: ['c'], force: false });
  expect(await on.codes(second)).toEqual({ c: 'waiting_on_dependencies' });
  await on.finish(held, { outcome: failed });
  expect((await on.jobs(second))['c']).toMatchObject({
    code: 'dependency_failed',
    cause: { action: 'a', request: first },
    startedAt: null,
  });
});
