import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type MemberSite, memberSite, wordsOf } from '../testing/member-site.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const agent = 'aaaaaaaaaaaaaaaa';
const digest = `sha256:${'c'.repeat(64)}`;

let site: MemberSite;
let path: string;
let sam: Awaited<ReturnType<MemberSite['member']>>;
beforeAll(async () => {
  site = await memberSite();
  path = `/backends/${site.setting.backendSlug}`;
  sam = await site.member('sam');
});
afterAll(() => site.close());

const page = async (): Promise<string> => wordsOf(await (await site.get(path)).text());
const report = (sequence: number, maintenance: 'on' | 'off') =>
  site.controller.applyReport(site.setting.backend, {
    agent,
    sequence,
    executor: 'docker',
    images: { 'python:v2': { digest }, r: { version: '4.2.2', packages: 'b'.repeat(64) } },
    dataRelease: 'synthetic-1',
    places: { database: 1, other: 3 },
    limits: { memoryMegabytes: 4096, processors: 2 },
    maintenance,
    diskFree: 'under-100-gb',
  });

test('a backend whose agent was never heard of says so', async () => {
  const words = await page();
  expect(words).toContain('Its agent has not been heard of yet.');
  expect(words).toContain('has not said yet what it runs actions with');
  expect(wordsOf(await (await site.get('/backends')).text())).toContain('Not heard of yet');
});

test('anybody sees how it stands and what it runs jobs with, and nothing of how it is operated', async () => {
  await report(1, 'off');
  await site.store.db.updateTable('backends').set({ last_seen_at: site.clock.now() }).execute();
  const words = await page();
  for (const part of ['It runs jobs.', 'docker', digest, 'version 4.2.2', 'synthetic-1', 'at most 4,096 MB'])
    expect(words).toContain(part);
  expect(words).toMatch(/Actions that query the database 1 0 1 0 0 Other actions 3 0 3 0 0/);
  for (const part of ['Pause', 'Configuration', 'Room on the disk', agent]) expect(words).not.toContain(part);
  const twin = JSON.stringify(await (await site.get(`${path}.json`)).json());
  for (const part of [agent, 'under-100-gb', 'scheduling', 'token']) expect(twin).not.toContain(part);
  expect((await site.get('/backends/nowhere')).status).toBe(404);
});

test('whoever looks at it is told when it stands otherwise: a job leased, a pause, a job ended', async () => {
  const response = await site.get(`${path}/events`);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect((await site.get('/backends/nowhere/events')).status).toBe(404);
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no stream');
  // Between events a slow machine may see signs of life.
  const next = async (): Promise<string> => {
    const text = new TextDecoder().decode((await reader.read()).value);
    return text.startsWith(':') ? next() : text;
  };
  expect(await next()).toContain('event: hello');
  const ann = await site.member('ann');
  await ann.send(`${site.home}/request`, [
    ['backend', site.setting.backendSlug],
    ['action', 'run_all'],
    ['key', 'aaaaaaaaaaaaaaaa'],
    ['do', 'request'],
  ]);
  expect(await next()).toContain('event: change');
  const [lease] = await site.lease();
  expect(await next()).toContain('event: change');
  await site.controller.pauseBackend(site.setting.backend, site.setting.person);
  expect(await next()).toContain('event: change');
  await site.finish(lease?.task ?? '', lease?.fence ?? 0);
  expect(await next()).toContain('event: change');
  await reader.cancel();
  await site.controller.unpauseBackend(site.setting.backend, site.setting.person);
});

describe('operating it', () => {
  test.each([['pause'], ['unpause'], ['prepare-reboot'], ['maintenance']])('%s is for staff alone', async (what) => {
    const fields = [
      ['do', what],
      ['setting', 'on'],
    ] as const;
    expect((await site.send(path, fields)).status).toBe(401);
    expect((await (await site.member('ann')).send(path, fields)).status).toBe(403);
    const { pausedSince, maintenance } = await site.controller.backendStatus(site.setting.backend);
    expect([pausedSince, maintenance.setting]).toEqual([null, 'automatic']);
  });

  test('staff pause it, and everybody sees since when', async () => {
    expect((await sam.send(path, [['do', 'pause']])).headers.get('location')).toBe(path);
    expect(await page()).toContain('It is paused: what runs goes on, and nothing new starts until the pause ends.');
    expect(wordsOf(await (await sam.get(path)).text())).toContain('End the pause');
    expect(wordsOf(await (await site.get('/backends')).text())).toContain('Paused');
    await sam.send(path, [['do', 'unpause']]);
    expect(await page()).toContain('It runs jobs.');
  });

  test('staff prepare a restart, which is ready when nothing runs', async () => {
    await sam.send(path, [['do', 'prepare-reboot']]);
    expect(await page()).toContain('It is ready to restart: nothing runs on it.');
    await sam.send(path, [['do', 'unpause']]);
  });

  test('staff set maintenance, or leave it to the agent', async () => {
    await report(2, 'on');
    expect(await page()).toContain('Its database is being maintained');
    await sam.send(path, [
      ['do', 'maintenance'],
      ['setting', 'off'],
    ]);
    expect(await page()).toContain('It runs jobs.');
    expect(wordsOf(await (await sam.get(path)).text())).toContain('The agent reports that it is on.');
  });

  test('staff see its rules', async () => {
    const rule = { action: 'model_.*', weight: 2, memoryMegabytes: 8192 };
    await site.controller.setScheduling(site.setting.backend, { rules: [rule] }, site.setting.person);
    expect(wordsOf(await (await sam.get(path)).text())).toMatch(/model_\.\* by name 2 8,192 MB/);
    expect(await page()).not.toContain('model_');
  });

  test.each([
    [[['do', 'destroy']], 400],
    [[], 400],
    [
      [
        ['do', 'maintenance'],
        ['setting', 'perhaps'],
      ],
      400,
    ],
  ] as const)('what no button sends is refused: %j', async (fields, status) => {
    expect((await sam.send(path, fields)).status).toBe(status);
    expect((await sam.send('/backends/nowhere', [['do', 'pause']])).status).toBe(404);
  });
});
