import { fakeClock, makeSetting, type Setting, testStore } from '@glovebox/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addWorkspace } from './add-workspace.js';
import { listJobRequests } from './list-job-requests.js';
import { listOrganisations } from './list-organisations.js';
import { listProjects } from './list-projects.js';
import { readWorkspace } from './list-workspaces.js';
import { readJob } from './read-job.js';
import { readJobRequest } from './read-job-request.js';
import { readOrganisation } from './read-organisation.js';
import { readProject } from './read-project.js';
import { requestStatus } from './request-summary.js';

const store = await testStore();
const clock = fakeClock();
const { db } = store;
afterAll(() => store.close());

let one: Setting;
let two: Setting;
/** Three requests of the first workspace and one of the second, without jobs. */
beforeAll(async () => {
  one = await makeSetting(store, clock.now());
  two = await makeSetting(store, clock.now());
  const actor = { person: one.person, now: clock.now() };
  const more = { name: 'another', project: one.project, repository: 'https://example.org/a/b', branch: 'dev' };
  await db.transaction().execute((tx) => addWorkspace(tx, actor, { ...more, purpose: 'To see more.' }));
  await db.insertInto('pipelines').values({ digest: 'd', text: 'version: 4', actions: '[]' }).execute();
  for (const [i, { workspace, backend, person }] of [one, two, one, one].entries()) {
    await db
      .insertInto('job_requests')
      .values({
        identifier: 'abcdefghijklmno'.padEnd(16, 'pqrs'[i]),
        workspace,
        backend,
        requested_by: person,
        requester_name: 'Ann',
        organisation_slug: 'then',
        organisation_name: 'As it was then',
        repository: 'r',
        branch: 'main',
        commit: 'c'.repeat(40),
        pipeline: 'd',
        requested_actions: ['x'],
        force: false,
        created_at: clock.now(),
      })
      .execute();
  }
});

const numbers = async (filter: Partial<Parameters<typeof listJobRequests>[1]>) =>
  (await listJobRequests(db, { limit: 25, ...filter })).map((request) => request.number);

describe('the list of job requests', () => {
  test('is newest first, and narrowed by organisation, project and workspace', async () => {
    expect(await numbers({})).toEqual([4, 3, 2, 1]);
    expect(await numbers({ organisation: one.names.organisation })).toEqual([4, 3, 1]);
    expect(await numbers({ project: two.names.project })).toEqual([2]);
    expect(await numbers({ workspace: one.names.workspace })).toEqual([4, 3, 1]);
    expect(await numbers({ project: two.names.project, workspace: one.names.workspace })).toEqual([]);
    expect(await numbers({ workspace: "' or true --" })).toEqual([]);
  });

  test('goes on where the page before it ended', async () => {
    expect(await numbers({ limit: 2 })).toEqual([4, 3]);
    expect(await numbers({ limit: 2, before: 3 })).toEqual([2, 1]);
  });

  test('shows the organisation that it was made for', async () => {
    const [newest] = await listJobRequests(db, { limit: 1 });
    expect(newest).toMatchObject({
      organisation: { slug: 'then', name: 'As it was then' },
      status: 'nothing_to_do',
      startedAt: null,
      completedAt: null,
      createdAt: '2026-11-01T08:00:00.000Z',
    });
  });
});

test('organisations, projects and workspaces are counted and found by name', async () => {
  const organisations = await listOrganisations(db);
  expect(organisations.find(({ slug }) => slug === one.names.organisation)?.projectCount).toBe(1);
  const projects = await listProjects(db, one.names.organisation);
  expect(projects).toMatchObject([{ slug: one.names.project, workspaceCount: 2 }]);
  expect(await listProjects(db)).toHaveLength(2);
  expect((await readOrganisation(db, one.names.organisation))?.projects).toEqual(projects);
  const project = await readProject(db, one.names.project);
  expect(project?.workspaces.map(({ name, purpose }) => [name, purpose])).toEqual([
    ['another', 'To see more.'],
    [one.names.workspace, null],
  ]);
  expect(await readWorkspace(db, one.names.project, 'another')).toMatchObject({
    branch: 'dev',
    project: { slug: one.names.project },
  });
});

test('what does not exist is null', async () => {
  expect(await readWorkspace(db, two.names.project, 'another')).toBeNull();
  expect(await readOrganisation(db, 'nowhere')).toBeNull();
  expect(await readProject(db, 'nowhere')).toBeNull();
  expect(await readJobRequest(db, 999)).toBeNull();
  expect(await readJob(db, 'nowhere')).toBeNull();
});

test.each([
  [{}, 'nothing_to_do'],
  [{ pending: 2 }, 'pending'],
  [{ running: 1 }, 'running'],
  [{ pending: 1, succeeded: 1 }, 'running'],
  [{ pending: 1, failed: 1 }, 'running'],
  [{ running: 1, failed: 1 }, 'running'],
  [{ succeeded: 2 }, 'succeeded'],
  [{ succeeded: 2, failed: 1 }, 'failed'],
  [{ failed: 1 }, 'failed'],
])('jobs %o make a request %s', (counts, status) => {
  expect(requestStatus({ pending: 0, running: 0, succeeded: 0, failed: 0, ...counts })).toBe(status);
});
