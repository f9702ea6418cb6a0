// The API as people, staff and agents use it, apart from job requests.
import { leaseResponse, taskResultResponse } from '@glovebox/wire';
import { makeSetting, type Setting } from '@glovebox/testkit';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { apiSite, problemCodes } from '../testing/api-site.js';

const site = await apiSite();
const { app, clock, logged, post, repository, store } = site;
afterAll(() => site.close());

let setting: Setting;
let staffToken: string;
let requests: string;
let ask: Awaited<ReturnType<typeof site.fresh>>['ask'];
beforeEach(async () => {
  ({ setting, staffToken, requests, ask } = await site.fresh());
});

describe('whoever calls', () => {
  test.each([null, 'nonsense', `aaaaaaaaaaaaaaaa.${'x'.repeat(43)}`])(
    'with the token %s is asked to sign in',
    async (token) => {
      for (const path of ['/api/organisations', requests, '/api/agent/leases', '/api/people/ann/token']) {
        const answer = await post(path, token, {});
        expect(answer.status).toBe(401);
        expect(problemCodes(answer)).toEqual(['sign-in-needed']);
        expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
      }
    },
  );

  test('with the right identifier and a wrong secret is nobody', async () => {
    const wrong = `${setting.personToken.slice(0, -1)}${setting.personToken.endsWith('A') ? 'B' : 'A'}`;
    expect((await post(requests, wrong, {})).status).toBe(401);
  });

  test("with an agent's token is not a person, and the other way round", async () => {
    expect((await post(requests, setting.backendToken, {})).status).toBe(401);
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
    const again = await post(requests, String(renewed.body['token']), {
      backend: setting.backendSlug,
      actions: ['draw'],
    });
    expect(again.status).toBe(201);
  });
});

describe('a body', () => {
  test('that is not JSON is refused', async () => {
    const answer = await post(requests, setting.personToken, '{"backend": ');
    expect([answer.status, problemCodes(answer)]).toEqual([400, ['not-json']]);
  });

  test('with everything wrong is told everything at once', async () => {
    const answer = await post('/api/workspaces', staffToken, { name: 'No Capitals', surprise: 1 });
    expect(answer.status).toBe(400);
    const messages = answer.body.problems?.map((problem) => problem.message).join('\n');
    for (const word of ['name', 'project', 'repository', 'branch', 'surprise']) expect(messages).toContain(word);
  });

  test('that is larger than any call needs is refused', async () => {
    const answer = await post(requests, setting.personToken, { actions: ['x'.repeat(1_100_000)] });
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
