import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type MemberSite, memberSite, studyText, wordsOf } from '../testing/member-site.js';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let site: MemberSite;
let path: string;
let ann: Awaited<ReturnType<MemberSite['member']>>;
beforeAll(async () => {
  site = await memberSite();
  path = `${site.home}/request`;
  ann = await site.member('ann');
});
afterAll(() => site.close());

interface Twin {
  readonly chosen: { readonly commit: string };
  readonly actions: readonly { readonly name: string; readonly words: string | null }[];
  readonly problems: readonly { readonly code: string }[];
}
const wordsOfActions = async (address: string): Promise<Readonly<Record<string, string | null>>> => {
  const twin = (await (await ann.get(address)).json()) as Twin;
  return Object.fromEntries(twin.actions.map(({ name, words }) => [name, words]));
};
const backendField = (): readonly [string, string] => ['backend', site.setting.backendSlug];

/** Requests everything and lets it succeed. */
async function runAll(): Promise<void> {
  await ann.send(path, [backendField(), ['action', 'run_all'], ['do', 'request'], ['key', `run ${Math.random()}`]]);
  for (let leases = await site.lease(); leases.length > 0; leases = await site.lease()) {
    for (const { task, fence } of leases) await site.finish(task, fence);
  }
}

describe('who may', () => {
  test('nobody is asked to sign in, and comes back to the form', async () => {
    const answer = await site.get(`${path}?action=draw`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent(`${path}?action=draw`)}`);
    expect((await site.get(`${path}.json`)).status).toBe(401);
    expect((await site.send(path, [['action', 'draw']])).status).toBe(401);
  });

  test('somebody outside the project, and staff who belong to none, are refused', async () => {
    for (const who of ['eve', 'sam'] as const) {
      const other = await site.member(who);
      expect((await other.get(path)).status).toBe(403);
      const sent = await other.send(path, [backendField(), ['action', 'draw'], ['do', 'request']]);
      expect(sent.status).toBe(403);
    }
    expect(await site.store.db.selectFrom('job_requests').select('number').execute()).toEqual([]);
  });

  test('a workspace is found in its own project alone', async () => {
    expect((await ann.get(`/elsewhere/${site.setting.names.workspace}/request`)).status).toBe(404);
    expect((await ann.get(`/${site.setting.names.project}/nothing/request`)).status).toBe(404);
    expect((await ann.get(`${path}?backend=elsewhere`)).status).toBe(403);
  });
});

describe('the form', () => {
  test('says for every action that it will run because it never ran', async () => {
    const html = await (await ann.get(path)).text();
    const words = wordsOf(html);
    expect(words).toContain('extract Will run because it never ran');
    expect(words).toContain('3 actions will run.');
    expect(html).toContain(`value="${site.git('rev-parse', 'HEAD')}"`);
  });

  test('previews what was chosen, and changes nothing', async () => {
    const answer = await ann.send(path, [backendField(), ['action', 'extract'], ['do', 'preview'], ['key', 'k']]);
    const words = wordsOf(await answer.text());
    expect(answer.status).toBe(200);
    expect(words).toContain('extract Will run because it was asked for by name');
    expect(words).toContain('draw not asked for');
    expect(await site.store.db.selectFrom('job_requests').select('number').execute()).toEqual([]);
  });

  test('tells what is wrong with what was chosen, all at once, around the form', async () => {
    const answer = await ann.send(path, [backendField(), ['commit', 'main'], ['do', 'request']]);
    const words = wordsOf(await answer.text());
    expect(answer.status).toBe(422);
    expect(words).toContain('“main” is not a commit');
    expect(words).toContain('No action was chosen.');
    const unknown = wordsOf(await (await ann.get(`${path}?action=drwa`)).text());
    expect(unknown).toContain('drwa');
    expect(unknown).toContain('draw not asked for');
  });

  test('requests, once however often it is sent, and leads to the page', async () => {
    const fields = [backendField(), ['action', 'run_all'], ['do', 'request'], ['key', 'first']] as const;
    const answer = await ann.send(path, fields);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${site.home}/1`]);
    expect((await ann.send(path, fields)).headers.get('location')).toBe(`${site.home}/1`);
    expect(wordsOf(await (await ann.get(`${site.home}/1`)).text())).toContain('asked for 3 actions');
    expect(Object.values(await wordsOfActions(`${path}.json`)).every((words) => words?.startsWith('waits for'))).toBe(
      true,
    );
  });

  test('says up to date, reused from which job, and because of which file', async () => {
    for (const { task, fence } of await site.lease()) await site.finish(task, fence);
    for (const { task, fence } of await site.lease()) await site.finish(task, fence);
    const before = await wordsOfActions(`${path}.json`);
    expect(before['draw']).toMatch(/^up to date \(job [a-z2-7]{16}\)$/);
    site.commit({ 'analysis/draw.py': 'print(2)\n' });
    const after = await wordsOfActions(`${path}.json`);
    expect(after['draw']).toContain('will run because `analysis/draw.py` changed');
    const html = await (await ann.get(path)).text();
    expect(html).toMatch(/because <code>analysis\/draw\.py<\/code> changed/);
    const explicit = wordsOf(await (await ann.get(`${path}?action=draw`)).text());
    expect(explicit).toMatch(/extract (Reused from|Will run because)/);
  });

  test('shows an earlier commit when one is named', async () => {
    const commit = site.git('rev-parse', 'HEAD~1');
    const twin = (await (await ann.get(`${path}.json?commit=${commit}`)).json()) as Twin;
    expect(twin.chosen.commit).toBe(commit);
  });

  test('runs what is up to date where that is asked for', async () => {
    await runAll();
    const words = await wordsOfActions(`${path}.json?action=run_all&force=true`);
    expect(Object.values(words)).toEqual(Array(3).fill(expect.stringContaining('the run is forced')));
  });

  test('shows every problem of project.yaml with its line, and requests nothing', async () => {
    site.commit({ 'project.yaml': studyText.replace('needs: [extract]', 'needs: [extrat]') });
    const html = await (await ann.get(path)).text();
    const words = wordsOf(html);
    expect(words).toContain('extrat');
    expect(words).toMatch(/project\.yaml, line 10, column \d+/);
    expect(html).toContain('<mark>extrat</mark>');
    expect(html).not.toContain('name="action" id=');
    const count = async () => (await site.store.db.selectFrom('job_requests').select('number').execute()).length;
    const made = await count();
    const sent = await ann.send(path, [backendField(), ['action', 'run_all'], ['do', 'request'], ['key', 'x']]);
    expect([sent.status, await count()]).toEqual([422, made]);
    const twin = (await (await ann.get(`${path}.json`)).json()) as Twin;
    expect(twin.problems[0]?.code).toBe('unknown-need');
  });

  test('text that looks like markup stays text', async () => {
    const hostile = '"><script>alert(1)</script>';
    const html = await (
      await ann.get(`${path}?action=${encodeURIComponent(hostile)}&commit=${encodeURIComponent(hostile)}`)
    ).text();
    expect(html).not.toContain('<script>alert');
  });
});
