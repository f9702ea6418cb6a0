import { readPipeline } from '@glovebox/pipeline';
import { newIdentifier } from '@glovebox/record';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type MemberSite, memberSite, studyText, wordsOf } from './testing/member-site.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let site: MemberSite;
let ann: Awaited<ReturnType<MemberSite['member']>>;
let page: string;
let request = 0;
beforeAll(async () => {
  site = await memberSite();
  ann = await site.member('ann');
});
afterAll(() => site.close());

/** A request of three jobs. */
beforeEach(async () => {
  const { pipeline } = readPipeline(studyText, 'project.yaml');
  if (!pipeline) throw new Error('the study is not a pipeline');
  const { workspace, backend, person } = site.setting;
  const study = { pipeline, files: new Map(), reads: new Map(), codelistProblems: [] };
  const asked = { commit: site.git('rev-parse', 'HEAD'), study, pipelineText: studyText, actions: ['run_all'] };
  const ids = { identifier: newIdentifier(), workspace, backend, person };
  // What an earlier test left open would be waited for.
  if (request > 0) await site.controller.cancel({ request, person });
  const { number } = await site.controller.createJobRequest({ ...ids, ...asked, force: true });
  request = number;
  page = `${site.home}/${number}`;
});

const codes = async (): Promise<Readonly<Record<string, string>>> => {
  const twin = (await (await site.get(`${page}.json`)).json()) as { jobs: { action: string; code: string }[] };
  return Object.fromEntries(twin.jobs.map(({ action, code }) => [action, code]));
};

test('who asked cancels one job, then all; then there is nothing left to cancel', async () => {
  const one = await ann.send(`${page}/cancel`, [['action', 'draw']]);
  expect([one.status, one.headers.get('location')]).toEqual([303, page]);
  expect(await codes()).toEqual({
    draw: 'cancelled_by_user',
    extract: 'waiting_on_db_workers',
    count: 'waiting_on_dependencies',
  });
  expect((await ann.send(`${page}/cancel`, [['action', 'draw']])).status).toBe(409);
  expect((await ann.send(`${page}/cancel`, [])).status).toBe(303);
  expect(Object.values(await codes()).every((code) => code === 'cancelled_by_user')).toBe(true);
  expect((await ann.send(`${page}/cancel`, [])).status).toBe(409);
});

test('staff may; a stranger, somebody who has not signed in, and a form from elsewhere may not', async () => {
  const eve = await site.member('eve');
  expect((await eve.send(`${page}/cancel`, [])).status).toBe(403);
  expect((await site.send(`${page}/cancel`, [])).status).toBe(401);
  expect((await site.send(`${page}/cancel`, [], { cookie: ann.cookie })).status).toBe(403);
  expect((await site.get(`${page}/cancel`, { cookie: ann.cookie })).status).toBe(404);
  expect(Object.values(await codes()).includes('cancelled_by_user')).toBe(false);
  expect((await (await site.member('sam')).send(`${page}/cancel`, [])).status).toBe(303);
});

test('a request that is elsewhere, or an action that it has not, is not found', async () => {
  expect((await ann.send(`${site.home}/999999/cancel`, [])).status).toBe(404);
  expect((await ann.send(page.replace(site.setting.names.project, 'elsewhere') + '/cancel', [])).status).toBe(404);
  expect((await ann.send(`${page}/cancel`, [['action', 'nothing']])).status).toBe(422);
});

test('the buttons stand only on pages of people who may, and only at what has not ended', async () => {
  expect(wordsOf(await (await ann.get(page)).text())).toContain('Cancel all unfinished jobs');
  expect(await (await site.get(page)).text()).not.toContain('Cancel');
  expect(await (await (await site.member('eve')).get(page)).text()).not.toContain('Cancel');
  await ann.send(`${page}/cancel`, []);
  expect(await (await ann.get(page)).text()).not.toContain('Cancel all');
  expect(await (await ann.get(page)).text()).not.toMatch(/<button[^>]*>Cancel/);
});

test('an open job says how it stands: its place, why it waits, how far it is, what it may use', async () => {
  const waiting = wordsOf(await (await site.get(page)).text());
  expect(waiting).toMatch(/Place \d+ of \d+ in the queue\. No agent of the backend has said yet how much it can run\./);
  expect(waiting).toContain('Waits for extract (pending).');
  const leases = await site.lease();
  for (const { task, fence } of leases) await site.beat(task, fence, 640);
  const running = wordsOf(await (await site.get(page)).text());
  expect(running).toContain('Ran 00:00:42 when last heard of. 640 MB of memory.');
  for (const { task, fence } of leases) await site.finish(task, fence);
});
