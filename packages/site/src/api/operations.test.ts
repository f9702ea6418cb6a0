// Staff operate a backend through the API, its agent reports and hands back; nobody else may, and nothing else crosses.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createController } from '@glovebox/controller';
import { readPipeline } from '@glovebox/pipeline';
import { newIdentifier } from '@glovebox/record';
import { backendReportResponse, leaseResponse, taskReleaseResponse } from '@glovebox/wire';
import { addPerson } from '@glovebox/store';
import { fakeClock, makeSetting, pipelineText, type Setting, testStore } from '@glovebox/testkit';
import { pino } from 'pino';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createServer } from '../server.js';
import { createStudies } from '../studies.js';

const folder = mkdtempSync(join(tmpdir(), 'glovebox-operations-'));
const store = await testStore();
const clock = fakeClock();
const { now, monotonic } = clock;
const controller = createController({ db: store.db, clock: now, monotonic, leaseSeconds: 15 });
const studies = createStudies({ folder, allowed: { addresses: [], localFolders: [] } });
const log = pino({ level: 'silent' });
const app = createServer({ db: store.db, controller, studies, clock: now, log });
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

let setting: Setting;
let staff: string;
beforeEach(async () => {
  setting = await makeSetting(store, now());
  const sam = {
    username: `sam-${setting.username}`,
    name: 'Sam',
    roles: ['staff' as const],
    projects: [],
    backends: [],
  };
  staff = await store.db.transaction().execute(async (tx) => {
    const added = await addPerson(tx, { person: null, now: now() }, sam);
    if (added.outcome !== 'created') throw new Error('there is one already');
    return added.row;
  });
});

async function call(method: string, path: string, token: string, body?: object) {
  const init = {
    method,
    headers: { Authorization: `Bearer ${token}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  };
  const response = await app.request(path, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const operate = (what: string, body: object = {}) =>
  call('POST', `/api/backends/${setting.backendSlug}/${what}`, staff, body);
const asAgent = (path: string, body: object) => call('POST', `/api/agent/${path}`, setting.backendToken, body);

const agent = 'aaaaaaaaaaaaaaaa';
const report = {
  agent,
  sequence: 1,
  executor: 'docker',
  images: { 'python:v2': { digest: `sha256:${'a'.repeat(64)}` } },
  dataRelease: 'synthetic-1',
  places: { database: 1, other: 1 },
  limits: { memoryMegabytes: 4096, processors: 2 },
  maintenance: 'off',
  diskFree: 'under-100-gb',
};

async function requestTwo(): Promise<void> {
  const text = pipelineText([{ name: 'one' }, { name: 'two' }]);
  const { pipeline } = readPipeline(text, 'project.yaml');
  if (!pipeline) throw new Error('the sketch is not a pipeline');
  const { workspace, backend, person } = setting;
  const study = { pipeline, files: new Map(), reads: new Map(), codelistProblems: [] };
  const asked = { commit: 'c'.repeat(40), study, pipelineText: text, actions: ['run_all'], force: true };
  await controller.createJobRequest({ identifier: newIdentifier(), workspace, backend, person, ...asked });
}

async function leaseOne() {
  const answer = await asAgent('leases', { agent, freeDatabase: 0, freeOther: 1, waitSeconds: 0 });
  return leaseResponse.parse(answer.body).leases[0];
}

describe('operating a backend', () => {
  test.each([
    ['GET', 'status'],
    ['POST', 'pause'],
    ['POST', 'unpause'],
    ['POST', 'maintenance'],
    ['POST', 'prepare-reboot'],
    ['PUT', 'scheduling'],
  ])('%s %s is for staff alone, and for backends that exist', async (method, what) => {
    const body = method === 'GET' ? undefined : {};
    const own = `/api/backends/${setting.backendSlug}/${what}`;
    expect((await call(method, own, setting.personToken, body)).status).toBe(403);
    expect((await call(method, own, setting.backendToken, body)).status).toBe(401);
    expect((await call(method, `/api/backends/nowhere/${what}`, staff, body)).status).toBe(404);
  });

  test('pauses it, prepares its restart and lets it go on', async () => {
    await requestTwo();
    const held = await leaseOne();
    expect((await operate('pause')).body).toMatchObject({
      changed: true,
      status: { openJobs: { pending: 1, running: 1 } },
    });
    expect(await leaseOne()).toBeUndefined();
    expect((await operate('prepare-reboot')).body).toMatchObject({
      stopped: 1,
      status: { reboot: { isReady: false } },
    });
    const released = await asAgent(`tasks/${held?.task}/release`, { agent, fence: held?.fence });
    expect(taskReleaseResponse.parse(released.body)).toEqual({ verdict: 'accepted' });
    const status = await call('GET', `/api/backends/${setting.backendSlug}/status`, staff);
    expect(status.body).toMatchObject({ status: { reboot: { isReady: true } } });
    expect((await operate('unpause')).body).toMatchObject({ changed: true, status: { reboot: null } });
    expect(await leaseOne()).toMatchObject({ fence: 2 });
  });

  test('sets maintenance and what actions take up', async () => {
    expect((await operate('maintenance', { setting: 'on' })).body).toMatchObject({
      status: { maintenance: { setting: 'on', since: expect.any(String) } },
    });
    expect((await operate('maintenance', { setting: 'perhaps' })).status).toBe(400);
    const path = `/api/backends/${setting.backendSlug}/scheduling`;
    const scheduling = { pools: { database: 1, other: 2 }, rules: [{ action: 'o.*', weight: 3 }] };
    const answer = await call('PUT', path, staff, scheduling);
    expect(answer.body).toMatchObject({ notes: [expect.any(String), expect.any(String)], status: { scheduling } });
    expect((await call('PUT', path, staff, { rules: [{ action: '(' }] })).status).toBe(400);
  });

  test('stops anybody’s job', async () => {
    await requestTwo();
    const held = await leaseOne();
    const path = `/api/jobs/${held?.run.job}/kill`;
    expect((await call('POST', path, setting.personToken)).status).toBe(403);
    expect((await call('POST', path, staff)).body).toEqual({ stopped: true });
    expect((await call('POST', path, staff)).body).toEqual({ stopped: false });
    expect((await call('POST', '/api/jobs/zzzzzzzzzzzzzzzz/kill', staff)).status).toBe(404);
  });
});

describe('what an agent says of its backend', () => {
  test('is kept, and answered when it came too late', async () => {
    const say = async (more: object) =>
      backendReportResponse.parse((await asAgent('backend', { ...report, ...more })).body);
    expect(await say({})).toEqual({ verdict: 'accepted' });
    expect(await say({})).toEqual({ verdict: 'outdated' });
    const status = await call('GET', `/api/backends/${setting.backendSlug}/status`, staff);
    expect(status.body).toMatchObject({
      status: { report, reportedAt: now().toISOString(), lastSeenAt: now().toISOString() },
    });
  });

  test.each([
    [{ log: 'patient 943' }],
    [{ images: { 'Patient 943': {} } }],
    [{ images: { r: { version: 'patient 943' } } }],
    [{ images: { r: { version: '4.2.2', note: 'patient 943' } } }],
    [{ diskFree: '943 bytes' }],
    [{ maintenance: 'patient 943' }],
    [{ dataRelease: 'Patient 943' }],
    [{ places: { database: 943.5, other: 1 } }],
  ])('with %j is refused', async (more) => {
    const answer = await asAgent('backend', { ...report, ...more });
    expect(answer.status).toBe(400);
    expect((await controller.backendStatus(setting.backend)).report).toBeNull();
  });

  test('of a task tells memory in steps only', async () => {
    const beat = { agent, fence: 1, phase: 'executing', elapsedSeconds: 3 };
    const path = 'tasks/aaaaaaaaaaaaaaaa/heartbeat';
    expect((await asAgent(path, { ...beat, memoryMegabytes: 943 })).status).toBe(400);
    expect((await asAgent(path, { ...beat, elapsedSeconds: 3.943 })).status).toBe(400);
    expect((await asAgent(path, { ...beat, memoryMegabytes: 960 })).body).toEqual({ verdict: 'stop' });
  });
});
