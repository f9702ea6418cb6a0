import { readPipeline } from '@glovebox/pipeline';
import { entryWords, newIdentifier } from '@glovebox/record';
import type { TaskResult } from '@glovebox/wire';
import { fakeClock, makeSetting, pipelineText, type Setting, testStore } from '@glovebox/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createController } from './controller.js';
import type { Submission } from './create-job-request.js';

const store = await testStore();
const clock = fakeClock();
const controller = createController({ db: store.db, clock: clock.now, monotonic: clock.monotonic, leaseSeconds: 15 });
afterAll(() => store.close());

let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting(store, clock.now());
});

const agent = 'aaaaaaaaaaaaaaaa';
const text = pipelineText([
  { name: 'extract', usesDatabase: true },
  { name: 'clean', needs: ['extract'] },
  { name: 'draw', needs: ['clean'] },
]);
const files = {
  'analysis/extract.py': 'e1',
  'analysis/clean.py': 'c1',
  'analysis/draw.py': 'd1',
  'codelists/a.csv': 'a1',
};

function submission(actions: readonly string[], change: Record<string, string> = {}, force = false): Submission {
  const { pipeline } = readPipeline(text, 'project.yaml');
  if (!pipeline) throw new Error('the sketch is not a pipeline');
  const { workspace, backend, person } = setting;
  const study = {
    pipeline,
    files: new Map(Object.entries({ ...files, ...change })),
    reads: new Map(),
    codelistProblems: [],
  };
  const about = { identifier: newIdentifier(), commit: 'c'.repeat(40), pipelineText: text };
  return { ...about, workspace, backend, person, study, actions, force };
}

/** Leases and finishes tasks until none is handed out. */
async function runAll(more: (action: string) => Partial<TaskResult> = () => ({})): Promise<string[]> {
  const ran: string[] = [];
  for (;;) {
    const leases = await controller.leaseTasks(setting.backend, { agent, freeDatabase: 9, freeOther: 9 });
    if (leases.length === 0) return ran;
    for (const { task, fence, run } of leases) {
      ran.push(run.action);
      const outcome = { code: 'succeeded', excludedFiles: 0 } as const;
      await controller.applyResult(setting.backend, task, { agent, fence, outcome, outputs: [], ...more(run.action) });
    }
  }
}
const words = async (actions: string[], change: Record<string, string> = {}) =>
  Object.fromEntries(
    (await controller.preview(submission(actions, change))).map((entry) => [
      entry.action,
      entryWords(entry).replace(/job [a-z2-7]{16}/, 'job N'),
    ]),
  );
const report = (sequence: number, dataRelease: string, version: string) =>
  controller.applyReport(setting.backend, {
    agent,
    sequence,
    executor: 'bubblewrap',
    images: { python: { version } },
    dataRelease,
    places: { database: 1, other: 1 },
    limits: { memoryMegabytes: 1000, processors: 1 },
    maintenance: 'off',
    diskFree: 'over-100-gb',
  });

test('a request runs what changed and what needs it, says why, and a change taken back runs nothing', async () => {
  await controller.createJobRequest(submission(['run_all']));
  expect(await runAll()).toEqual(['extract', 'clean', 'draw']);
  expect(await words(['run_all'])).toEqual({
    extract: 'up to date (job N)',
    clean: 'up to date (job N)',
    draw: 'up to date (job N)',
  });
  const change = { 'analysis/clean.py': 'c2' };
  expect(await words(['run_all'], change)).toMatchObject({
    extract: 'will run because `analysis/clean.py` changed',
    draw: 'will run because `analysis/clean.py` changed; it needs `clean`, which will run',
  });
  const changed = await controller.createJobRequest(submission(['run_all'], change));
  expect(await runAll()).toEqual(['extract', 'clean', 'draw']);
  const jobs = await store.db
    .selectFrom('jobs')
    .select('reasons')
    .where('request', '=', changed.number)
    .orderBy('position')
    .execute();
  expect(jobs[0]?.reasons).toMatchObject([{ kind: 'files-changed', changed: ['analysis/clean.py'], total: 1 }]);

  const back = await controller.createJobRequest(submission(['run_all']));
  expect(back.jobs).toBe(0);
  const { without_job } = await store.db
    .selectFrom('job_requests')
    .select('without_job')
    .where('number', '=', back.number)
    .executeTakeFirstOrThrow();
  expect(without_job).toMatchObject([
    { action: 'extract', does: 'reuse', isLatest: false },
    { action: 'clean', does: 'reuse', isLatest: false },
    { action: 'draw', does: 'reuse', isLatest: false },
  ]);
  expect(await words(['draw'])).toMatchObject({
    clean: 'reused from job N',
    draw: 'will run because it was asked for by name',
  });

  // The agent is told, until a later request stands for something else.
  const workspace = setting.names.workspace;
  const { standing = [] } = await report(1, 'r1', '3.11.2');
  const stood = Object.fromEntries(without_job.map(({ action, job }) => [action, job]));
  expect(standing.find((one) => one.workspace === workspace)).toEqual({ workspace, jobs: stood });
  await controller.createJobRequest({ ...submission(['run_all']), force: true });
  await runAll();
  const after = await report(2, 'r1', '3.11.2');
  expect(after.standing?.find((one) => one.workspace === workspace)).toBeUndefined();
});

test('what evaluates a definition depends on the files that it told of, when each is a file of the commit', async () => {
  const tells = (read: string[]) => (action: string) => (action === 'extract' ? { read } : {});
  await controller.createJobRequest(submission(['run_all']));
  await runAll(tells(['analysis/extract.py', 'codelists/a.csv']));
  const other = { 'analysis/draw.py': 'd2' };
  expect((await words(['run_all'], other))['extract']).toBe('reused from job N');
  expect((await words(['run_all'], { 'codelists/a.csv': 'a2' }))['extract']).toContain('`codelists/a.csv` changed');

  for (const read of [['analysis/extract.py', 'patient-9434765919'], ['../x']]) {
    await controller.createJobRequest(submission(['extract'], {}, true));
    await runAll(tells(read));
    expect((await words(['run_all'], other))['extract']).toBe('reused from job N');
    const kept = await store.db
      .selectFrom('jobs')
      .select('files_read')
      .where('action', '=', 'extract')
      .where('workspace', '=', setting.workspace)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    expect(kept.files_read).toBeNull();
  }
});

test('nothing is kept of what an action with inputs tells that it read', async () => {
  await controller.createJobRequest(submission(['run_all']));
  await runAll((action) => (action === 'clean' ? { read: ['analysis/clean.py'] } : {}));
  const { files_read } = await store.db
    .selectFrom('jobs')
    .select('files_read')
    .where('action', '=', 'clean')
    .where('workspace', '=', setting.workspace)
    .executeTakeFirstOrThrow();
  expect(files_read).toBeNull();
});

test('new data and an updated image are reasons', async () => {
  await report(1, 'release-1', '3.11.2');
  await controller.createJobRequest(submission(['run_all']));
  await runAll((action) => (action === 'extract' ? { dataRelease: 'release-1' } : { runtime: { version: '3.11.2' } }));
  expect((await words(['run_all']))['draw']).toBe('up to date (job N)');
  await report(2, 'release-2', '3.11.2');
  expect((await words(['run_all']))['extract']).toContain('the data is of release-2, no longer of release-1');
  await report(3, 'release-1', '3.11.9');
  expect(await words(['run_all'])).toMatchObject({
    extract: 'reused from job N',
    clean: 'will run because the image `python:v2` was updated',
  });
});

test('a workspace can keep what succeeded whatever changed', async () => {
  await store.db
    .updateTable('workspaces')
    .set({ reuse: 'whatever-changed' })
    .where('id', '=', setting.workspace)
    .execute();
  await controller.createJobRequest(submission(['run_all']));
  await runAll();
  expect((await controller.createJobRequest(submission(['run_all'], { 'analysis/clean.py': 'c2' }))).jobs).toBe(0);
  expect((await controller.createJobRequest(submission(['run_all'], {}, true))).jobs).toBe(3);
});
