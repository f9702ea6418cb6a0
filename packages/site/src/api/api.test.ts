// The API as people, staff and agents use it. Long, because its tests share one site with its people and repositories.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createController } from '@glovebox/controller';
import type { Problem } from '@glovebox/record';
import { leaseResponse, taskResultResponse } from '@glovebox/wire';
import { addPerson } from '@glovebox/store';
import { fakeClock, makeSetting, pipelineText, type Setting, testStore } from '@glovebox/testkit';
import { pino } from 'pino';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createServer } from '../server.js';
import { createStudies } from '../studies.js';

const folder = mkdtempSync(join(tmpdir(), 'glovebox-api-'));
const repository = join(folder, 'repositories', 'study');
const store = await testStore();
const clock = fakeClock();
const logged: string[] = [];
const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
const controller = createController({ db: store.db, clock: clock.now, monotonic: clock.monotonic, leaseSeconds: 15 });
const allowed = { addresses: ['https://github.com/glovebox-studies/'], localFolders: [join(folder, 'repositories')] };
const studies = createStudies({ folder: join(folder, 'mirrors'), allowed });
const app = createServer({ db: store.db, controller, studies, clock: clock.now, log });
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const git = (...args: string[]): string =>
  execFileSync('git', ['-C', repository, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
    encoding: 'utf8',
  }).trim();

function commit(files: Readonly<Record<string, string | Buffer>>): string {
  for (const [path, content] of Object.entries(files)) writeFileSync(join(repository, path), content);
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '-m', 'a change');
  return git('rev-parse', 'HEAD');
}

const study = pipelineText([
  { name: 'extract', usesDatabase: true },
  { name: 'draw', needs: ['extract'] },
]);

let setting: Setting;
let staffToken: string;
beforeEach(async () => {
  rmSync(repository, { recursive: true, force: true });
  mkdirSync(repository, { recursive: true });
  git('init', '--quiet', '-b', 'main');
  commit({ 'project.yaml': study });
  setting = await makeSetting(store, clock.now(), { repository });
  staffToken = await store.db.transaction().execute(async (tx) => {
    const person = { username: `staff-${setting.username}`, name: 'Sam', roles: ['staff' as const] };
    const added = await addPerson(tx, { person: null, now: clock.now() }, { ...person, projects: [], backends: [] });
    if (added.outcome !== 'created') throw new Error('there is one already');
    return added.row;
  });
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly problems?: readonly Problem[] };
  readonly headers: Headers;
}

async function post(
  path: string,
  token: string | null,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const authorization: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  const response = await app.request(path, {
    method: 'POST',
    headers: { ...authorization, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers };
}

const problemCodes = (answer: Answer) => answer.body.problems?.map((problem) => problem.code);
const requests = () => `/api/workspaces/${setting.names.workspace}/job-requests`;
const ask = (body: object, headers?: Record<string, string>) =>
  post(requests(), setting.personToken, { backend: setting.backendSlug, ...body }, headers);

describe('whoever calls', () => {
  test.each([null, 'nonsense', `aaaaaaaaaaaaaaaa.${'x'.repeat(43)}`])(
    'with the token %s is asked to sign in',
    async (token) => {
      for (const path of ['/api/organisations', requests(), '/api/agent/leases', '/api/people/ann/token']) {
        const answer = await post(path, token, {});
        expect(answer.status).toBe(401);
        expect(problemCodes(answer)).toEqual(['sign-in-needed']);
        expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
      }
    },
  );

  test('with the right identifier and a wrong secret is nobody', async () => {
    const wrong = `${setting.personToken.slice(0, -1)}${setting.personToken.endsWith('A') ? 'B' : 'A'}`;
    expect((await post(requests(), wrong, {})).status).toBe(401);
  });

  test("with an agent's token is not a person, and the other way round", async () => {
    expect((await post(requests(), setting.backendToken, {})).status).toBe(401);
    expect((await post('/api/agent/leases', setting.personToken, {})).status).toBe(401);
  });

  test('leaves no token in the log', async () => {
    await ask({ actions: ['draw'] });
    const text = logged.join('');
    expect(text).toContain('job-requests');
    expect(text).not.toContain(setting.personToken);
    expect(text).not.toContain(setting.personToken.split('.')[1]);
  });

  test('with a renewed token uses that one and no longer the former', async () => {
    const renewed = await post(`/api/people/${setting.username}/token`, staffToken, {});
    expect(renewed.status).toBe(201);
    expect((await ask({ actions: ['draw'] })).status).toBe(401);
    const again = await post(requests(), String(renewed.body['token']), {
      backend: setting.backendSlug,
      actions: ['draw'],
    });
    expect(again.status).toBe(201);
  });
});

describe('a body', () => {
  test('that is not JSON is refused', async () => {
    const answer = await post(requests(), setting.personToken, '{"backend": ');
    expect([answer.status, problemCodes(answer)]).toEqual([400, ['not-json']]);
  });

  test('with everything wrong is told everything at once', async () => {
    const answer = await post('/api/workspaces', staffToken, { name: 'No Capitals', surprise: 1 });
    expect(answer.status).toBe(400);
    const messages = answer.body.problems?.map((problem) => problem.message).join('\n');
    for (const word of ['name', 'project', 'repository', 'branch', 'surprise']) expect(messages).toContain(word);
  });

  test('that is larger than any call needs is refused', async () => {
    const answer = await post(requests(), setting.personToken, { actions: ['x'.repeat(1_100_000)] });
    expect([answer.status, problemCodes(answer)]).toEqual([413, ['body-too-large']]);
  });
});

describe('registering', () => {
  test('again with equal values answers 200, with others 409, and a token comes once', async () => {
    const body = { slug: `b-${setting.backendSlug}`, name: 'Another', isSynthetic: false };
    const first = await post('/api/backends', staffToken, body);
    expect(first).toMatchObject({ status: 201, body: { ...body, token: expect.any(String) } });
    const second = await post('/api/backends', staffToken, body);
    expect(second.status).toBe(200);
    expect(second.body).toEqual(body);
    const third = await post('/api/backends', staffToken, { ...body, isSynthetic: true });
    expect([third.status, problemCodes(third)]).toEqual([409, ['exists-differently']]);
  });

  test('everything that the demo needs works, one after the other', async () => {
    const [org, project, workspace] = ['org-2', 'project-2', 'work-2'].map((name) => `${name}-${setting.username}`);
    const organisation = { slug: org, name: 'Two' };
    const steps: [string, object][] = [
      ['/api/organisations', organisation],
      ['/api/projects', { slug: project, name: 'Project two', organisation: org }],
      ['/api/workspaces', { name: workspace, project, repository, branch: 'main' }],
      [
        '/api/people',
        {
          username: `bob-${setting.username}`,
          name: 'Bob',
          roles: ['researcher'],
          projects: [project],
          backends: [setting.backendSlug],
        },
      ],
    ];
    for (const status of [201, 200]) {
      for (const [path, body] of steps) expect((await post(path, staffToken, body)).status).toBe(status);
    }
  });

  test.each([
    ['/api/organisations', { slug: 'x', name: 'X' }],
    ['/api/projects', { slug: 'x', name: 'X', organisation: 'x' }],
    ['/api/backends', { slug: 'x', name: 'X' }],
    ['/api/people', { username: 'x', name: 'X', roles: ['staff'] }],
    ['/api/people/anybody/token', {}],
    ['/api/backends/any/token', {}],
  ])('%s is for staff alone', async (path, body) => {
    const answer = await post(path, setting.personToken, body);
    expect([answer.status, problemCodes(answer)]).toEqual([403, ['not-allowed']]);
  });

  test('under names that do not exist is refused with all of them', async () => {
    const body = { username: 'carol', name: 'C', roles: [], projects: ['nowhere', 'neither'] };
    const answer = await post('/api/people', staffToken, body);
    expect([answer.status, problemCodes(answer)]).toEqual([422, ['unknown-name', 'unknown-name']]);
  });

  test('a project under an address of the site itself is refused', async () => {
    const body = { slug: 'api', name: 'X', organisation: setting.names.organisation };
    expect(problemCodes(await post('/api/projects', staffToken, body))).toEqual(['reserved-name']);
  });

  test('a workspace of a repository that is not allowed here is refused', async () => {
    const body = { name: 'sly', project: setting.names.project, branch: 'main' };
    for (const where of ['/etc', 'https://example.org/a/b', 'ext::sh -c id', 'file:///etc']) {
      const answer = await post('/api/workspaces', setting.personToken, { ...body, repository: where });
      expect(answer.status).toBe(422);
    }
    expect(await store.db.selectFrom('workspaces').select('id').where('name', '=', 'sly').execute()).toEqual([]);
  });

  test('a workspace is open to researchers of the project and to nobody else', async () => {
    const body = { name: `own-${setting.username}`, project: setting.names.project, repository, branch: 'main' };
    expect((await post('/api/workspaces', setting.personToken, body)).status).toBe(201);
    const stranger = await makeSetting(store, clock.now());
    const answer = await post('/api/workspaces', stranger.personToken, { ...body, name: 'other' });
    expect([answer.status, problemCodes(answer)]).toEqual([403, ['not-allowed']]);
  });
});

describe('a job request', () => {
  test('is made from the newest commit of the branch, and its page is there', async () => {
    const newest = commit({ 'README.md': 'x' });
    const answer = await ask({ actions: ['run_all'] });
    expect(answer).toMatchObject({ status: 201, body: { jobs: 2, message: 'Created 2 jobs.' } });
    const path = new URL(String(answer.body['url'])).pathname;
    expect(path).toBe(`/${setting.names.project}/${setting.names.workspace}/${String(answer.body['number'])}`);
    const twin = await app.request(`${path}.json`);
    expect(await twin.json()).toMatchObject({ commit: newest, branch: 'main', status: 'pending' });
    expect((await app.request(path)).status).toBe(200);
  });

  test('is made from the commit that was named, though the branch has moved on', async () => {
    const before = git('rev-parse', 'HEAD');
    commit({ 'project.yaml': 'nonsense' });
    expect((await ask({ actions: ['extract'], commit: before })).status).toBe(201);
  });

  test('repeated with one key is one request', async () => {
    const headers = { 'Idempotency-Key': 'demo 1' };
    const first = await ask({ actions: ['draw'] }, headers);
    const second = await ask({ actions: ['draw'] }, headers);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(problemCodes(await ask({ actions: ['extract'] }, headers))).toEqual(['request-repeated-differently']);
  });

  test('says beforehand what it would do and why, to whoever has signed in', async () => {
    const planOf = (query: string, token: string) =>
      app.request(`/api/workspaces/${setting.names.workspace}/plan?backend=${setting.backendSlug}${query}`, {
        headers: { Authorization: `Bearer ${token}` },
      });
    const answer = await planOf('&action=draw', setting.personToken);
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      {
        actions: [
          { action: 'extract', does: 'run', words: 'will run because it never ran' },
          { action: 'draw', does: 'run', words: 'will run because it was asked for by name' },
        ],
      },
    ]);
    expect((await planOf('&action=draw', 'nobody')).status).toBe(401);
    expect((await planOf('&force=maybe', setting.personToken)).status).toBe(400);
    expect((await planOf('&action=drw', setting.personToken)).status).toBe(422);
  });

  test('is refused when it would query the database with codelists that are out of date', async () => {
    mkdirSync(join(repository, 'codelists'));
    commit({ 'codelists/codelists.txt': 'org/list/1234abcd\n', 'codelists/codelists.json': '{"files": {}}' });
    const answer = await ask({ actions: ['draw'] });
    expect([answer.status, problemCodes(answer)]).toEqual([422, ['codelists-stale', 'codelists-differ-from-manifest']]);
  });

  test('of an image that is not offered is refused, naming the action', async () => {
    commit({ 'project.yaml': study.replaceAll('python:v2', 'julia:v1') });
    expect(problemCodes(await ask({ actions: ['draw'] }))).toEqual(['image-not-allowed']);
  });

  test('of something that does not exist is refused with what it is', async () => {
    const refused: [object, string][] = [
      [{ actions: ['drw'] }, 'unknown-action'],
      [{ actions: ['draw'], commit: 'a'.repeat(40) }, 'commit-missing'],
      [{ actions: ['draw'], backend: 'nowhere' }, 'unknown-backend'],
    ];
    for (const [body, code] of refused) {
      const answer = await ask(body);
      expect([answer.status, problemCodes(answer)]).toEqual([422, [code]]);
    }
    const answer = await post('/api/workspaces/nowhere/job-requests', setting.personToken, {});
    expect([answer.status, problemCodes(answer)]).toEqual([404, ['unknown-workspace']]);
  });

  test('of a broken project.yaml is refused with every problem and its line', async () => {
    commit({
      'project.yaml': study.replace('needs: [extract]', 'needs: [extrct]').replace('version: "4.0"', 'vers: 4'),
    });
    const answer = await ask({ actions: ['draw'] });
    expect(answer.status).toBe(422);
    expect(answer.body.problems?.length).toBeGreaterThan(1);
    for (const problem of answer.body.problems ?? []) expect(problem.place?.path).toBe('project.yaml');
  });

  test('of a commit without project.yaml, or with one that is not text, is refused', async () => {
    commit({ 'project.yaml': Buffer.from([0xff, 0xfe, 0x00]) });
    expect(problemCodes(await ask({ actions: ['draw'] }))).toEqual(['file-not-text']);
    rmSync(join(repository, 'project.yaml'));
    commit({});
    expect(problemCodes(await ask({ actions: ['draw'] }))).toEqual(['pipeline-missing']);
  });

  test('of a branch or repository that is gone is refused', async () => {
    git('branch', '-m', 'trunk');
    expect(problemCodes(await ask({ actions: ['draw'] }))).toEqual(['branch-missing']);
    rmSync(repository, { recursive: true });
    const answer = await ask({ actions: ['draw'] });
    expect(answer.status).toBe(422);
    expect(problemCodes(answer)).toHaveLength(1);
  });

  test('is refused to people outside the project or the backend, and to staff without them', async () => {
    const stranger = await makeSetting(store, clock.now());
    for (const token of [stranger.personToken, staffToken]) {
      const answer = await post(requests(), token, { backend: setting.backendSlug, actions: ['draw'] });
      expect([answer.status, problemCodes(answer)]).toEqual([403, ['may-not-run']]);
    }
    const elsewhere = await ask({ actions: ['draw'], backend: stranger.backendSlug });
    expect(problemCodes(elsewhere)).toEqual(['may-not-run']);
  });

  test('is cancelled by who made it or staff, and by nobody else', async () => {
    const { body } = await ask({ actions: ['draw'] });
    const cancel = `${requests()}/${String(body['number'])}/cancel`;
    const stranger = await makeSetting(store, clock.now());
    expect((await post(cancel, stranger.personToken, {})).status).toBe(403);
    expect((await post(cancel, setting.personToken, { actions: ['draw'] })).body).toEqual({ cancelled: 1 });
    expect((await post(cancel, staffToken, '')).body).toEqual({ cancelled: 1 });
    expect((await post(cancel, staffToken, {})).body).toEqual({ cancelled: 0 });
    expect((await post(`${requests()}/999999/cancel`, staffToken, {})).status).toBe(404);
    const elsewhere = `/api/workspaces/${stranger.names.workspace}/job-requests/${String(body['number'])}/cancel`;
    expect((await post(elsewhere, staffToken, {})).status).toBe(404);
  });
});

describe('an agent', () => {
  const agent = 'aaaaaaaaaaaaaaaa';
  const places = { agent, freeDatabase: 1, freeOther: 1, waitSeconds: 0 };

  test('leases, reports and ends a task', async () => {
    await ask({ actions: ['extract'] });
    const leased = await post('/api/agent/leases', setting.backendToken, places);
    const { leases } = leaseResponse.parse(leased.body);
    expect(leases).toHaveLength(1);
    const task = `/api/agent/tasks/${leases[0]?.task}`;
    const beat = { agent, fence: leases[0]?.fence, phase: 'executing' };
    expect((await post(`${task}/heartbeat`, setting.backendToken, beat)).body).toEqual({ verdict: 'go-on' });
    const result = { agent, fence: 1, outcome: { code: 'succeeded', excludedFiles: 0 }, outputs: [] };
    const ended = await post(`${task}/result`, setting.backendToken, result);
    expect(taskResultResponse.parse(ended.body)).toEqual({ verdict: 'accepted' });
  });

  test('can send nothing that the wire schema does not name', async () => {
    const outcome = { code: 'nonzero_exit', exitCode: 1 };
    const result = { agent, fence: 1, outcome, outputs: [] };
    const sly = [
      { ...result, log: 'patient 943 476 5919' },
      { ...result, outcome: { ...outcome, message: 'patient 943 476 5919' } },
      { ...result, outcome: { code: 'patient_943' } },
      { ...result, outputs: [{ level: 'highly_sensitive', name: 'a', files: 1, bytes: 1, path: 'x' }] },
      { ...result, dataRelease: 'Patient 943 476 5919' },
    ];
    for (const body of sly) {
      const answer = await post('/api/agent/tasks/aaaaaaaaaaaaaaaa/result', setting.backendToken, body);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).not.toContain('476');
    }
  });

  test('that asks for a task by a strange name finds nothing', async () => {
    const answer = await post('/api/agent/tasks/..%2F..%2Fx/result', setting.backendToken, {});
    expect([answer.status, problemCodes(answer)]).toEqual([404, ['no-such-address']]);
  });
});

test('every address below /api that does not exist answers problems, and health is told', async () => {
  for (const path of ['/api', '/api/', '/api/nothing', '/api/job-requests']) {
    const answer = await post(path, setting.personToken, {});
    expect([answer.status, problemCodes(answer)]).toEqual([404, ['no-such-address']]);
  }
  const health = await app.request('/healthz');
  expect([health.status, await health.json()]).toEqual([200, { ok: true }]);
});

test('answers of the API are not stored and not sniffed', async () => {
  const { headers } = await post('/api/organisations', null, {});
  expect(headers.get('Cache-Control')).toBe('no-store');
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
});

test('a name with the character NUL is nowhere, and a body with it is refused', async () => {
  for (const path of ['/%00', '/a/b%00c', '/jobs/%00', '/organisations/%00', '/event-log?before=%00']) {
    expect((await app.request(path)).status, path).toBe(404);
  }
  const answer = await post('/api/organisations', staffToken, { slug: 'nul', name: 'a\0b' });
  expect(answer.status).toBe(400);
});
