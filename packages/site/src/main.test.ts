// The process itself: started, asked, ended in order, and killed in the middle of writes.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pipelineText } from '@glovebox/testkit';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

// Each test starts processes; on a busy machine that takes a while.
vi.setConfig({ testTimeout: 360_000 });

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'glovebox-site-'));
const [data, repository] = [join(folder, 'data'), join(folder, 'repositories', 'study')];
const running = new Set<ChildProcess>();

beforeAll(() => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../script/build.mjs', import.meta.url))]);
  mkdirSync(repository, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args]);
  git('init', '--quiet', '-b', 'main');
  const sketch = [
    { name: 'extract', usesDatabase: true },
    ...[1, 2, 3].map((i) => ({ name: `a${i}`, needs: ['extract'] })),
    { name: 'lone' },
  ];
  writeFileSync(join(repository, 'project.yaml'), pipelineText(sketch));
  git('add', '--all');
  git('commit', '--quiet', '-m', 'the study');
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Site {
  readonly child: ChildProcess;
  readonly url: string;
  readonly admin: string;
}

async function start(): Promise<Site> {
  const args = ['--data', data, '--port', '0', '--allow-repository', join(folder, 'repositories')];
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { listening } = JSON.parse(line) as { listening: string };
  return { child, url: listening, admin: readFileSync(join(data, 'admin-token'), 'utf8').trim() };
}

async function post(site: Site, path: string, token: string, body: object, key?: string) {
  const response = await fetch(site.url + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, ...(key === undefined ? {} : { 'Idempotency-Key': key }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const tokenOf = async (answer: ReturnType<typeof post>): Promise<string> => String((await answer).body['token']);

async function register(site: Site) {
  const { admin } = site;
  await post(site, '/api/organisations', admin, { slug: 'org', name: 'Org' });
  await post(site, '/api/projects', admin, { slug: 'project', name: 'Project', organisation: 'org' });
  await post(site, '/api/workspaces', admin, { name: 'work', project: 'project', repository, branch: 'main' });
  const agent = await tokenOf(post(site, '/api/backends', admin, { slug: 'tpp', name: 'TPP' }));
  const ann = { username: 'ann', name: 'Ann', roles: ['researcher'], projects: ['project'], backends: ['tpp'] };
  return { agent, ann: await tokenOf(post(site, '/api/people', admin, ann)) };
}

async function kill(site: Site, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  const ended = once(site.child, 'exit') as Promise<[number | null]>;
  site.child.kill(signal);
  return (await ended)[0];
}

interface Twin {
  readonly jobs: readonly { readonly identifier: string; readonly code: string }[];
}

test('what was answered is there after kill -9 in the middle of writes, and repeating finds it', async () => {
  let site = await start();
  const { ann } = await register(site);
  expect(statSync(join(data, 'admin-token')).mode & 0o777).toBe(0o600);
  const ask = (key: string) =>
    post(
      site,
      '/api/workspaces/work/job-requests',
      ann,
      { backend: 'tpp', actions: ['a1', 'a2', 'a3'], force: true },
      key,
    );

  const answered = new Map<string, number>();
  for (let round = 0; round < 4; round += 1) {
    const keys = Array.from({ length: 12 }, (_, i) => `${round}-${i}`);
    let answers = 0;
    let killed: Promise<unknown> | undefined;
    await Promise.allSettled(
      keys.map(async (key) => {
        const { status, body } = await ask(key);
        expect(status).toBe(201);
        answered.set(key, Number(body['number']));
        answers += 1;
        // A different number of writes is under way in each round.
        if (answers === 2 * round + 1) killed = kill(site, 'SIGKILL');
      }),
    );
    await killed;
    site = await start();
    for (const key of keys) {
      const { status, body } = await ask(key);
      const before = answered.get(key);
      if (before !== undefined) expect([status, body['number']]).toEqual([200, before]);
      answered.set(key, Number(body['number']));
    }
  }
  expect(new Set(answered.values()).size).toBe(answered.size);
  const list = await fetch(`${site.url}/project/work/${Math.max(...answered.values())}.json`);
  expect(((await list.json()) as Twin).jobs.every((job) => job.code.startsWith('waiting'))).toBe(true);
  expect(await kill(site, 'SIGTERM')).toBe(0);
});

test('a lease outlives the death of the site, and ending in order does not wait for a waiting agent', async () => {
  let site = await start();
  const { body } = await post(site, '/api/backends/tpp/token', site.admin, {});
  const token = String(body['token']);
  const places = { agent: 'aaaaaaaaaaaaaaaa', freeDatabase: 1, freeOther: 0, waitSeconds: 0 };
  const leased = await post(site, '/api/agent/leases', token, places);
  const [lease] = leased.body['leases'] as { task: string; fence: number }[];
  await kill(site, 'SIGKILL');
  site = await start();
  const beat = { agent: places.agent, fence: lease?.fence, phase: 'executing' };
  expect((await post(site, `/api/agent/tasks/${lease?.task}/heartbeat`, token, beat)).body).toEqual({
    verdict: 'go-on',
  });
  const waiting = post(site, '/api/agent/leases', token, { ...places, freeDatabase: 0, waitSeconds: 30 }).catch(
    () => null,
  );
  const begun = performance.now();
  expect(await kill(site, 'SIGTERM')).toBe(0);
  expect(performance.now() - begun).toBeLessThan(25_000);
  await waiting;
});

test('an agent that went away while it waited gets no work', async () => {
  const site = await start();
  const { admin } = site;
  const token = await tokenOf(post(site, '/api/backends/tpp/token', admin, {}));
  const ann = await tokenOf(post(site, '/api/people/ann/token', admin, {}));
  const places = { agent: 'aaaaaaaaaaaaaaaa', freeDatabase: 0, freeOther: 9, waitSeconds: 30 };
  const gone = new AbortController();
  const waiting = fetch(`${site.url}/api/agent/leases`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify(places),
    signal: gone.signal,
  }).catch(() => null);
  // The waiting call has been seen by the site once another call of the same agent is answered.
  await post(site, '/api/agent/leases', token, { ...places, waitSeconds: 0 });
  gone.abort();
  await waiting;
  const asked = { backend: 'tpp', actions: ['lone'] };
  expect((await post(site, '/api/workspaces/work/job-requests', ann, asked)).status).toBe(201);
  const leased = await post(site, '/api/agent/leases', token, { ...places, waitSeconds: 0 });
  expect(leased.body['leases']).toHaveLength(1);
});

test('a second process on the same folder is refused, and a wrong command says what would be right', async () => {
  const site = await start();
  const second = spawn(process.execPath, [program, '--data', data, '--port', '0'], { stdio: 'ignore' });
  expect(((await once(second, 'exit')) as [number])[0]).toBe(1);
  expect((await fetch(`${site.url}/healthz`)).status).toBe(200);
  const wrong = spawn(process.execPath, [program, '--data', data, '--port', 'x'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: Buffer[] = [];
  wrong.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  expect(((await once(wrong, 'close')) as [number])[0]).toBe(2);
  expect(Buffer.concat(said).toString()).toContain('a whole number from 0 to 65535 would be accepted');
});
