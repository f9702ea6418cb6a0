// Many ended jobs must cost nothing: no operation may read them one after the other. Counted by the database itself, in rows
// read, which does not depend on how fast the machine is. `npm run bench:controller` says how long a million takes.
import { readPipeline } from '@glovebox/pipeline';
import { newIdentifier } from '@glovebox/record';
import { readJobRequest } from '@glovebox/store';
import { fakeClock, makeSetting, pipelineText, testStore } from '@glovebox/testkit';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { fill, filesAt } from './bench/fill.js';
import { createController } from './controller.js';

const store = await testStore();
const { db } = store;
afterAll(() => store.close());

const actions = 40;
const tables = ['jobs', 'tasks', 'events', 'job_inputs', 'job_outputs'];

/** Rows read so far: from tables from their beginning, and through indexes. */
async function rowsRead(): Promise<{ readonly scanned: number; readonly indexed: number }> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ scanned: number; indexed: number }>`
    select sum(seq_tup_read)::float8 as scanned, sum(idx_tup_fetch)::float8 as indexed from pg_stat_user_tables
    where relname = any(${tables}::text[])`.execute(db);
  return rows[0] ?? { scanned: 0, indexed: 0 };
}

async function expectFew(what: string, mostRows: number, work: () => Promise<unknown>): Promise<void> {
  const before = await rowsRead();
  await work();
  const after = await rowsRead();
  expect(after.scanned - before.scanned, `${what}: rows read from the beginning of tables`).toBe(0);
  expect(after.indexed - before.indexed, `${what}: rows read through indexes`).toBeLessThanOrEqual(mostRows);
}

// Requests themselves are few, and a planner may well read all of them.
test('with 12,000 ended jobs and 80 open ones, each operation reads only what it is about', async () => {
  const clock = fakeClock();
  const { now, monotonic } = clock;
  const setting = await makeSetting(store, now());
  const { workspace, backend, person } = setting;
  const controller = createController({ db, clock: now, monotonic, leaseSeconds: 15 });
  const sketch = Array.from({ length: actions }, (_, i) => {
    return { name: `a${i}`, usesDatabase: i < 4, ...(i >= 30 ? { needs: [`a${i % 30}`] } : {}) };
  });
  const text = pipelineText(sketch);
  const { pipeline } = readPipeline(text, 'project.yaml');
  if (!pipeline) throw new Error('the sketch is not a pipeline');
  await fill(db, setting, { jobs: 12_000, pipeline, workspaces: 3 });
  // What the planner knows is from before there was an open job, as it is on a quiet site that gets a large request.
  await sql`vacuum (analyze)`.execute(db);

  const study = { pipeline, files: new Map(filesAt(pipeline, 400)), reads: new Map(), codelistProblems: [] };
  const made: number[] = [];
  const plan = async (): Promise<void> => {
    const asked = { commit: 'c'.repeat(40), study, pipelineText: text, actions: ['run_all'], force: true };
    const ids = { identifier: newIdentifier(), workspace, backend, person };
    made.push((await controller.createJobRequest({ ...ids, ...asked })).number);
  };
  await plan();
  const agent = newIdentifier();
  const lease = () => controller.leaseTasks(backend, { agent, freeDatabase: 1, freeOther: 1 });
  const [held] = await lease();
  if (!held) throw new Error('nothing was leased');
  const { task, fence } = held;
  const outcome = { code: 'succeeded' as const, excludedFiles: 0 };

  await expectFew(`planning ${actions} actions`, actions * 40, plan);
  await expectFew('a heartbeat', 20, () => controller.heartbeat(backend, task, { agent, fence, phase: 'executing' }));
  await expectFew('a result', 100, () => controller.applyResult(backend, task, { agent, fence, outcome, outputs: [] }));
  await expectFew('a lease', 150, lease);
  await expectFew('looking for lost leases', 20, () => controller.expireLeases());
  await expectFew(`reading a request of ${actions} open jobs`, actions * 150, () => readJobRequest(db, made[0] ?? 0));
  await expectFew('the state of the backend', actions * 10, () => controller.backendStatus(backend));
}, 120_000);
