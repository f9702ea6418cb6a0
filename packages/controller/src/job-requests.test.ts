import { readPipeline } from '@glovebox/pipeline';
import { newIdentifier, type ProblemError } from '@glovebox/record';
import type { TaskResult } from '@glovebox/wire';
import { readJob, readJobRequest } from '@glovebox/store';
import { type ActionSketch, fakeClock, makeSetting, pipelineText, type Setting, testStore } from '@glovebox/testkit';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
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
const everything = { agent, freeDatabase: 100, freeOther: 100 };
const study: readonly ActionSketch[] = [
  { name: 'extract', usesDatabase: true },
  { name: 'clean', needs: ['extract'] },
  { name: 'draw', needs: ['clean'] },
  { name: 'count', needs: ['extract'] },
];

function submission(actions: readonly string[], more: Partial<Submission> & { sketch?: readonly ActionSketch[] } = {}) {
  const { sketch = study, ...rest } = more;
  const text = pipelineText(sketch);
  const { pipeline } = readPipeline(text, 'project.yaml');
  if (!pipeline) throw new Error('the sketch is not a pipeline');
  const { workspace, backend, person } = setting;
  const identifier = newIdentifier();
  const commit = 'c'.repeat(40);
  const asked: Submission = {
    identifier,
    workspace,
    backend,
    person,
    commit,
    study: { pipeline, files: new Map(), reads: new Map(), codelistProblems: [] },
    pipelineText: text,
    actions,
    force: false,
    ...rest,
  };
  return asked;
}

const result = (fence: number, more: Partial<TaskResult> = {}): TaskResult => ({
  agent,
  fence,
  outcome: { code: 'succeeded', excludedFiles: 0 },
  outputs: [],
  ...more,
});

const lease = () => controller.leaseTasks(setting.backend, everything);

/** Leases and finishes tasks until none is handed out; actions named in `failing` fail. */
async function runAll(failing: readonly string[] = []): Promise<string[]> {
  const ran: string[] = [];
  for (let leases = await lease(); leases.length > 0; leases = await lease()) {
    for (const { task, fence, run } of leases) {
      ran.push(run.action);
      const outcome: TaskResult['outcome'] = failing.includes(run.action)
        ? { code: 'nonzero_exit', exitCode: 1 }
        : { code: 'succeeded', excludedFiles: 0 };
      await controller.applyResult(setting.backend, task, result(fence, { outcome }));
    }
  }
  return ran;
}

const view = async (number: number) => {
  const found = await readJobRequest(store.db, number);
  if (!found) throw new Error(`no request ${number}`);
  return found;
};
const codes = async (number: number) =>
  Object.fromEntries((await view(number)).jobs.map((job) => [job.action, job.code]));

describe('a new job request', () => {
  test('gets a job for each action and says why each waits', async () => {
    const created = await controller.createJobRequest(submission(['draw']));
    expect(created).toMatchObject({ jobs: 3, isNew: true, message: 'Created 3 jobs.' });
    expect(await view(created.number)).toMatchObject({
      status: 'pending',
      identifier: created.identifier,
      requestedActions: ['draw'],
      jobCounts: { pending: 3, running: 0, succeeded: 0, failed: 0 },
      jobs: [
        { action: 'extract', origin: 'dependency', code: 'waiting_on_db_workers', needs: [] },
        { action: 'clean', origin: 'dependency', code: 'waiting_on_dependencies', needs: ['extract'] },
        { action: 'draw', origin: 'requested', code: 'waiting_on_dependencies', needs: ['clean'] },
      ],
    });
  });

  test('keeps every action of the pipeline, asked for or not', async () => {
    const { number } = await controller.createJobRequest(submission(['extract']));
    expect((await view(number)).actions.map((action) => action.name)).toEqual(['extract', 'clean', 'draw', 'count']);
  });

  test('with an unknown action is refused and leaves nothing behind', async () => {
    const before = await store.db.selectFrom('job_requests').select('number').execute();
    const refused = controller.createJobRequest(submission(['extract', 'drw']));
    await expect(refused).rejects.toMatchObject({ problems: [{ code: 'unknown-action' }] } satisfies Partial<{
      problems: Partial<ProblemError['problems'][number]>[];
    }>);
    expect(await store.db.selectFrom('job_requests').select('number').execute()).toEqual(before);
  });

  test('sent twice with one identifier is one request', async () => {
    const asked = submission(['draw']);
    const first = await controller.createJobRequest(asked);
    expect(await controller.createJobRequest(asked)).toEqual({ ...first, isNew: false });
  });

  test('sent again with one identifier but other actions is refused', async () => {
    const asked = submission(['draw']);
    await controller.createJobRequest(asked);
    await expect(controller.createJobRequest({ ...asked, actions: ['count'] })).rejects.toMatchObject({
      problems: [{ code: 'request-repeated-differently' }],
    });
  });

  test('for what has succeeded uses it again', async () => {
    await controller.createJobRequest(submission(['extract']));
    await runAll();
    const second = await controller.createJobRequest(submission(['clean']));
    expect(second.jobs).toBe(1);
    const [leased] = await lease();
    expect(Object.keys(leased?.run.inputs ?? {})).toEqual(['extract']);
  });

  test('with codelists that are out of date is refused when a job would query the database, naming it', async () => {
    const stale = { codelistProblems: [{ code: 'codelist-files-changed', message: 'changed' }] };
    const asked = (actions: string[]) => {
      const made = submission(actions);
      return controller.createJobRequest({ ...made, study: { ...made.study, ...stale } });
    };
    await expect(asked(['draw'])).rejects.toMatchObject({
      problems: [
        { code: 'codelists-stale', message: expect.stringContaining('`extract`') as string },
        stale.codelistProblems[0],
      ],
    });
    await controller.createJobRequest(submission(['draw']));
    await runAll();
    expect(await asked(['draw'])).toMatchObject({ jobs: 1 });
  });

  test('for what is running waits for it instead of starting it twice', async () => {
    const first = await controller.createJobRequest(submission(['extract']));
    const second = await controller.createJobRequest(submission(['clean']));
    expect(second.jobs).toBe(1);
    expect(await codes(second.number)).toEqual({ clean: 'waiting_on_dependencies' });
    expect(await runAll()).toEqual(['extract', 'clean']);
    expect((await view(first.number)).status).toBe('succeeded');
    expect((await view(second.number)).status).toBe('succeeded');
  });

  test('for what has all succeeded has nothing to do and says so', async () => {
    await controller.createJobRequest(submission(['run_all']));
    await runAll();
    const again = await controller.createJobRequest(submission(['run_all']));
    expect(again).toMatchObject({ jobs: 0, message: expect.stringContaining('every action is up to date') });
    expect(await view(again.number)).toMatchObject({ status: 'nothing_to_do', message: again.message });
  });

  test('names the request before it and the last that succeeded, of the same workspace and backend', async () => {
    const first = await controller.createJobRequest(submission(['extract'], { commit: 'a'.repeat(40) }));
    await runAll();
    const second = await controller.createJobRequest(submission(['clean'], { commit: 'b'.repeat(40) }));
    await runAll(['clean']);
    const third = await controller.createJobRequest(submission(['clean']));
    expect(await view(third.number)).toMatchObject({
      previous: { number: second.number, commit: 'b'.repeat(40) },
      previousSucceeded: { number: first.number, commit: 'a'.repeat(40) },
    });
  });

  test('keeps showing the names that held when it was made', async () => {
    const { number } = await controller.createJobRequest(submission(['extract']));
    const before = await view(number);
    await store.db.updateTable('people').set({ name: 'Changed' }).where('id', '=', setting.person).execute();
    await store.db.updateTable('workspaces').set({ branch: 'x' }).where('id', '=', setting.workspace).execute();
    expect(await view(number)).toEqual(before);
  });

  test('with a thousand actions is written in one go', async () => {
    const sketch = Array.from({ length: 1200 }, (_, i) => ({
      name: `a${i}`,
      ...(i > 0 ? { needs: [`a${Math.floor(i / 4)}`] } : {}),
    }));
    const { number, jobs } = await controller.createJobRequest(submission(['run_all'], { sketch }));
    expect(jobs).toBe(1200);
    await controller.cancel({ request: number, person: setting.person });
    expect((await view(number)).jobCounts.failed).toBe(1200);
  });
});

describe('what a job shows', () => {
  test('is every state that it went through, in order', async () => {
    const { number } = await controller.createJobRequest(submission(['extract']));
    const [held] = await lease();
    if (!held) throw new Error('nothing was leased');
    for (const phase of ['preparing', 'executing', 'executing', 'finalizing'] as const) {
      clock.advance(2);
      const report = { agent, fence: held.fence, phase };
      expect(await controller.heartbeat(setting.backend, held.task, report)).toEqual({ verdict: 'go-on' });
    }
    clock.advance(2);
    const usage = { wallMilliseconds: 8000, cpuMilliseconds: 5_000_000_000, peakMemoryMegabytes: 12 };
    const outputs = [{ level: 'highly_sensitive' as const, name: 'table', files: 3, bytes: 5_000_000_000 }];
    const report = result(held.fence, { usage, outputs, dataRelease: 'synthetic-2026-11-01' });
    expect(await controller.applyResult(setting.backend, held.task, report)).toEqual({ verdict: 'accepted' });
    const job = await readJob(store.db, held.run.job);
    expect(job?.events.map((event) => event.code)).toEqual([
      'created',
      'waiting_on_db_workers',
      'initiated',
      'preparing',
      'executing',
      'finalizing',
      'succeeded',
    ]);
    expect(job?.job).toMatchObject({
      state: 'succeeded',
      message: 'Completed successfully.',
      usage: { cpuMilliseconds: 5_000_000_000, peakMemoryMegabytes: 12, memoryLimitMegabytes: null },
      outputs: [{ level: 'highly_sensitive', name: 'table', pattern: 'output/extract.csv', files: 3 }],
      dataRelease: 'synthetic-2026-11-01',
    });
    expect(await view(number)).toMatchObject({ status: 'succeeded', runMilliseconds: 10_000 });
  });

  test('is the reason and the next step when it failed', async () => {
    const { number } = await controller.createJobRequest(submission(['extract']));
    const [held] = await lease();
    const outcome = { code: 'nonzero_exit', exitCode: 137, reason: 'out_of_memory' } as const;
    await controller.applyResult(setting.backend, held?.task ?? '', result(held?.fence ?? 0, { outcome }));
    expect((await view(number)).jobs[0]).toMatchObject({
      state: 'failed',
      reason: 'out_of_memory',
      exitCode: 137,
      message: 'The action ended with an error. It used more memory than it may. Exit code 137.',
      hint: expect.stringContaining('Read only the columns'),
    });
  });

  test('is which failed job it was waiting for, the first one when there was a chain', async () => {
    const { number } = await controller.createJobRequest(submission(['draw', 'count']));
    expect(await runAll(['extract'])).toEqual(['extract']);
    const { jobs, status, completedAt } = await view(number);
    const [extract] = jobs;
    expect(status).toBe('failed');
    expect(completedAt).not.toBeNull();
    for (const job of jobs.slice(1)) {
      expect(job).toMatchObject({
        code: 'dependency_failed',
        startedAt: null,
        cause: { action: 'extract', identifier: extract?.identifier },
      });
    }
  });

  test('says that files were kept back', async () => {
    const { number } = await controller.createJobRequest(submission(['extract']));
    const [held] = await lease();
    const outcome = { code: 'succeeded', excludedFiles: 2 } as const;
    await controller.applyResult(setting.backend, held?.task ?? '', result(held?.fence ?? 0, { outcome }));
    expect((await view(number)).jobs[0]?.message).toContain('2 moderately sensitive files did not pass the checks');
  });
});

describe('cancelling', () => {
  test('ends open jobs at once and leaves what has ended', async () => {
    const { number } = await controller.createJobRequest(submission(['draw']));
    const [held] = await lease();
    await controller.applyResult(setting.backend, held?.task ?? '', result(held?.fence ?? 0));
    expect(await controller.cancel({ request: number, person: setting.person })).toBe(2);
    expect(await codes(number)).toEqual({
      extract: 'succeeded',
      clean: 'cancelled_by_user',
      draw: 'cancelled_by_user',
    });
    expect(await view(number)).toMatchObject({ status: 'failed', completedAt: expect.any(String) });
    expect(await controller.cancel({ request: number, person: setting.person })).toBe(0);
  });

  test('tells the agent to stop and refuses what it still reports', async () => {
    const { number } = await controller.createJobRequest(submission(['extract']));
    const [held] = await lease();
    if (!held) throw new Error('nothing was leased');
    await controller.cancel({ request: number, person: setting.person });
    const report = { agent, fence: held.fence, phase: 'executing' as const };
    expect(await controller.heartbeat(setting.backend, held.task, report)).toEqual({ verdict: 'stop' });
    expect(await controller.applyResult(setting.backend, held.task, result(held.fence))).toEqual({
      verdict: 'refused',
    });
    expect(await codes(number)).toEqual({ extract: 'cancelled_by_user' });
  });

  test('one action fails what waits for it, in other requests too', async () => {
    const first = await controller.createJobRequest(submission(['extract', 'count']));
    const second = await controller.createJobRequest(submission(['draw']));
    await controller.cancel({ request: first.number, actions: ['extract'], person: setting.person });
    expect(await codes(first.number)).toEqual({ extract: 'cancelled_by_user', count: 'dependency_failed' });
    expect(await codes(second.number)).toEqual({ clean: 'dependency_failed', draw: 'dependency_failed' });
  });

  test('an unknown action or request is refused', async () => {
    const { number } = await controller.createJobRequest(submission(['extract']));
    const unknown = controller.cancel({ request: number, actions: ['nothing'], person: setting.person });
    await expect(unknown).rejects.toMatchObject({ problems: [{ code: 'unknown-request-action' }] });
    await expect(controller.cancel({ request: 999_999, person: setting.person })).rejects.toMatchObject({
      problems: [{ code: 'unknown-job-request' }],
    });
  });

  test('a cancelled action runs again when asked for as a need', async () => {
    const first = await controller.createJobRequest(submission(['extract']));
    await controller.cancel({ request: first.number, person: setting.person });
    await controller.createJobRequest(submission(['clean']));
    expect(await runAll()).toEqual(['extract', 'clean']);
  });
});
