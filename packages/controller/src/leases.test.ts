import { readPipeline } from '@glovebox/pipeline';
import { newIdentifier } from '@glovebox/record';
import type { TaskResult } from '@glovebox/wire';
import { readJob, readJobRequest } from '@glovebox/store';
import { type ActionSketch, fakeClock, makeSetting, pipelineText, type Setting, testStore } from '@glovebox/testkit';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createController } from './controller.js';
import { mostAttempts } from './expire-leases.js';

const store = await testStore();
const clock = fakeClock();
const controller = createController({ db: store.db, clock: clock.now, monotonic: clock.monotonic, leaseSeconds: 15 });
afterAll(() => store.close());

let setting: Setting;
beforeEach(async () => {
  // What earlier tests still hold runs out, so that counts are about this test alone.
  clock.advance(3600);
  await controller.expireLeases();
  setting = await makeSetting(store, clock.now());
});

const [agent, other] = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'];
const succeeded: TaskResult['outcome'] = { code: 'succeeded', excludedFiles: 0 };

async function request(sketch: readonly ActionSketch[], workspace = setting.workspace) {
  const text = pipelineText(sketch);
  const { pipeline } = readPipeline(text, 'project.yaml');
  if (!pipeline) throw new Error('the sketch is not a pipeline');
  return controller.createJobRequest({
    identifier: newIdentifier(),
    workspace,
    backend: setting.backend,
    person: setting.person,
    commit: 'c'.repeat(40),
    study: { pipeline, files: new Map(), reads: new Map(), codelistProblems: [] },
    pipelineText: text,
    actions: ['run_all'],
    force: false,
  });
}

const lease = (freeDatabase: number, freeOther: number, by = agent) =>
  controller.leaseTasks(setting.backend, { agent: by, freeDatabase, freeOther });
const many = (count: number, usesDatabase = false, prefix = 'a'): ActionSketch[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${prefix}${i}`, usesDatabase }));

describe('leasing', () => {
  test('fills places for the database and others separately', async () => {
    await request([...many(3, true, 'd'), ...many(3, false, 'o')]);
    const first = await lease(1, 2);
    expect(first.map(({ run }) => run.action).sort()).toEqual(['d0', 'o0', 'o1']);
    expect(await lease(0, 0)).toEqual([]);
    expect((await lease(9, 0)).map(({ run }) => run.action).sort()).toEqual(['d1', 'd2']);
    expect((await lease(9, 9)).map(({ run }) => run.action)).toEqual(['o2']);
    expect(await lease(9, 9)).toEqual([]);
  });

  test('takes turns between workspaces, so that a large request does not hold up a small one', async () => {
    const project = setting.project;
    const { id: small } = await store.db
      .insertInto('workspaces')
      .values({
        name: `${setting.names.workspace}-2`,
        project,
        repository: 'x',
        branch: 'main',
        purpose: '',
        created_at: clock.now(),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await request(many(20));
    await request(many(2, false, 'small'), small);
    const first = await lease(0, 4);
    expect(first.map(({ run }) => run.action).sort()).toEqual(['a0', 'a1', 'small0', 'small1']);
  });

  test('gives each task to one agent only, however many ask at once', async () => {
    await request(many(40));
    const asked = await Promise.all(Array.from({ length: 8 }, (_, i) => lease(0, 7, i % 2 ? agent : other)));
    const tasks = asked.flat().map(({ task }) => task);
    expect(new Set(tasks).size).toBe(tasks.length);
    expect(tasks.length).toBeLessThanOrEqual(40);
    let rest = 0;
    for (let more = await lease(0, 7); more.length > 0; more = await lease(0, 7)) rest += more.length;
    expect(tasks.length + rest).toBe(40);
  });

  test('tells the agent where each input comes from', async () => {
    await request([
      { name: 'extract', usesDatabase: true },
      { name: 'draw', needs: ['extract'] },
    ]);
    const [extract] = await lease(1, 1);
    expect(extract?.run).toMatchObject({
      action: 'extract',
      image: 'ehrql',
      tag: 'v1',
      usesDatabase: true,
      workspace: setting.names.workspace,
      outputs: { highly_sensitive: { table: 'output/extract.csv' } },
      inputs: {},
    });
    await controller.applyResult(setting.backend, extract?.task ?? '', {
      agent,
      fence: 1,
      outcome: succeeded,
      outputs: [],
    });
    const [draw] = await lease(1, 1);
    expect(draw?.run).toMatchObject({ inputs: { extract: extract?.run.job }, user: expect.any(String) as string });
  });

  test('wakes a waiting agent as soon as there is work', async () => {
    const waiting = controller.awaitLeases(
      setting.backend,
      { agent, freeDatabase: 1, freeOther: 1, waitSeconds: 30 },
      new AbortController().signal,
    );
    await request(many(1));
    expect(await waiting).toHaveLength(1);
  });

  test('ends the wait without a lease when the agent goes away', async () => {
    const gone = new AbortController();
    const ask = { agent, freeDatabase: 1, freeOther: 1, waitSeconds: 30 };
    const waiting = controller.awaitLeases(setting.backend, ask, gone.signal);
    gone.abort();
    expect(await waiting).toEqual([]);
    await request(many(1));
    expect(await lease(1, 1)).toHaveLength(1);
  });
});

describe('a lease that is not renewed', () => {
  test('goes to another with a higher fence, and the first holder is told to stop', async () => {
    await request(many(1));
    const [first] = await lease(0, 1);
    if (!first) throw new Error('nothing was leased');
    clock.advance(16);
    expect(await controller.expireLeases()).toBe(1);
    expect(await controller.expireLeases()).toBe(0);
    const [second] = await lease(0, 1, other);
    expect(second).toMatchObject({ task: first.task, fence: first.fence + 1 });

    const late = { agent, fence: first.fence, phase: 'executing' as const };
    expect(await controller.heartbeat(setting.backend, first.task, late)).toEqual({ verdict: 'stop' });
    const report = { agent, fence: first.fence, outcome: succeeded, outputs: [] };
    expect(await controller.applyResult(setting.backend, first.task, report)).toEqual({ verdict: 'refused' });
    const current = { ...report, agent: other, fence: first.fence + 1 };
    expect(await controller.applyResult(setting.backend, first.task, current)).toEqual({ verdict: 'accepted' });
    expect((await readJob(store.db, first.run.job))?.events.map((event) => event.code)).toEqual([
      'created',
      'waiting_on_workers',
      'initiated',
      'waiting_on_new_task',
      'initiated',
      'succeeded',
    ]);
  });

  test('is given out five times, then its job fails and whatever needs it too, and others go on', async () => {
    const { number } = await request([{ name: 'deadly' }, { name: 'after', needs: ['deadly'] }, { name: 'other' }]);
    const fences: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      const held = await lease(0, 2);
      for (const { task, fence, run } of held) {
        if (run.action === 'deadly') fences.push(fence);
        else await controller.applyResult(setting.backend, task, { agent, fence, outcome: succeeded, outputs: [] });
      }
      clock.advance(16);
      await controller.expireLeases();
    }
    expect(fences).toEqual(Array.from({ length: mostAttempts }, (_, i) => i + 1));
    const page = await readJobRequest(store.db, number);
    expect(page?.status).toBe('failed');
    const deadly = page?.jobs.find((job) => job.action === 'deadly');
    expect(deadly).toMatchObject({ state: 'failed', code: 'job_error', reason: 'agent_lost' });
    expect(page?.jobs.find((job) => job.action === 'after')).toMatchObject({
      code: 'dependency_failed',
      cause: { action: 'deadly' },
    });
    expect(page?.jobs.find((job) => job.action === 'other')).toMatchObject({ code: 'succeeded' });
    const events = (await readJob(store.db, deadly?.identifier ?? ''))?.events ?? [];
    expect(events.filter((event) => event.code === 'initiated')).toHaveLength(mostAttempts);
    expect(events.filter((event) => event.state === 'failed')).toHaveLength(1);
  });

  test('is kept as long as reports come', async () => {
    await request(many(1));
    const [held] = await lease(0, 1);
    for (let i = 0; i < 5; i += 1) {
      clock.advance(10);
      const report = { agent, fence: held?.fence ?? 0, phase: 'executing' as const };
      expect(await controller.heartbeat(setting.backend, held?.task ?? '', report)).toEqual({ verdict: 'go-on' });
      expect(await controller.expireLeases()).toBe(0);
    }
  });

  test('gets its full time again when the site starts', async () => {
    await request(many(1));
    await lease(0, 1);
    clock.advance(3600);
    await controller.renewLeases();
    expect(await controller.expireLeases()).toBe(0);
    clock.advance(16);
    expect(await controller.expireLeases()).toBe(1);
  });
});

describe('a result', () => {
  test('sent twice is accepted twice and applied once', async () => {
    await request(many(1));
    const [held] = await lease(0, 1);
    const report = { agent, fence: held?.fence ?? 0, outcome: succeeded, outputs: [] };
    const both = [1, 2].map(() => controller.applyResult(setting.backend, held?.task ?? '', report));
    expect(await Promise.all(both)).toEqual([{ verdict: 'accepted' }, { verdict: 'accepted' }]);
    const events = (await readJob(store.db, held?.run.job ?? ''))?.events ?? [];
    expect(events.filter((event) => event.state === 'succeeded')).toHaveLength(1);
  });

  test('for a task of another backend, or for none, is refused', async () => {
    await request(many(1));
    const [held] = await lease(0, 1);
    const stranger = await makeSetting(store, clock.now());
    const report = { agent, fence: 1, outcome: succeeded, outputs: [] };
    expect(await controller.applyResult(stranger.backend, held?.task ?? '', report)).toEqual({ verdict: 'refused' });
    expect(await controller.applyResult(setting.backend, 'zzzzzzzzzzzzzzzz', report)).toEqual({ verdict: 'refused' });
    const beat = { agent, fence: 1, phase: 'executing' as const };
    expect(await controller.heartbeat(stranger.backend, held?.task ?? '', beat)).toEqual({ verdict: 'stop' });
    expect(await controller.leaseTasks(stranger.backend, { agent, freeDatabase: 9, freeOther: 9 })).toEqual([]);
  });

  test('numbers an output only when project.yaml declares it', async () => {
    await request(many(1));
    const [held] = await lease(0, 1);
    const outputs = [
      { level: 'moderately_sensitive' as const, name: 'table', files: 1, bytes: 10 },
      { level: 'moderately_sensitive' as const, name: 'undeclared 943 476 5919', files: 7, bytes: 70 },
    ];
    await controller.applyResult(setting.backend, held?.task ?? '', { agent, fence: 1, outcome: succeeded, outputs });
    expect((await readJob(store.db, held?.run.job ?? ''))?.job.outputs).toEqual([
      { level: 'moderately_sensitive', name: 'table', pattern: 'output/a0.csv', files: 1 },
    ]);
  });
});

test('a listener hears of every commit, several at once as one, and ends with its signal', async () => {
  const { number } = await request(many(2));
  const gone = new AbortController();
  const changes = controller.changes.ofRequest(number, gone.signal);
  const first = changes.next();
  const [one, two] = await lease(0, 2);
  expect((await first).done).toBe(false);
  for (const held of [one, two]) {
    await controller.applyResult(setting.backend, held?.task ?? '', {
      agent,
      fence: 1,
      outcome: succeeded,
      outputs: [],
    });
  }
  expect((await changes.next()).done).toBe(false);
  const last = changes.next();
  gone.abort();
  expect((await last).done).toBe(true);
});
