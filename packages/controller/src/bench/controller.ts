// Measures the controller with many ended jobs in the database.
// Run: npm run bench:controller -- [--jobs 1000000] [--postgres [URL]]
// Without a URL, --postgres starts a server of its own. Otherwise the embedded database is used, in a temporary folder.
// Prints a line for each operation: how often it was done, and its median, 95th percentile and slowest time,
// and the mean processor time of this process (the embedded database runs in it).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readPipeline } from '@glovebox/pipeline';
import { newIdentifier, systemClock, systemMonotonic } from '@glovebox/record';
import { createTemporaryDatabase, openStore, readJobRequest, type Store } from '@glovebox/store';
import { makeSetting, pipelineText, startPostgres } from '@glovebox/testkit';
import { sql } from 'kysely';
import { createController } from '../controller.js';
import { fill, filesAt } from './fill.js';

const actions = 2500;
const workspaces = 20;

const { values, positionals } = parseArgs({
  options: { jobs: { type: 'string', default: '1000000' }, postgres: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const jobs = Number(values.jobs);

interface Opened {
  readonly store: Store;
  readonly close: () => Promise<void>;
}

async function open(): Promise<Opened> {
  if (values.postgres) {
    const own = positionals[0] === undefined ? await startPostgres() : undefined;
    const database = await createTemporaryDatabase(positionals[0] ?? own?.url ?? '');
    const store = await openStore({ url: database.url });
    const close = async (): Promise<void> => {
      await store.close();
      await database.drop();
      await own?.stop();
    };
    return { store, close };
  }
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-bench-controller-'));
  const store = await openStore({ dataFolder: folder });
  const close = async (): Promise<void> => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { store, close };
}

const { store, close } = await open();
const { db } = store;
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const milliseconds = (time: number): string => `${time.toFixed(1)} ms`.padStart(11);

/** @param between done after each, and not counted */
async function measure(
  what: string,
  times: number,
  work: (i: number) => Promise<unknown>,
  between: () => Promise<unknown> = async () => {},
): Promise<void> {
  const spans: number[] = [];
  let microseconds = 0;
  for (let i = 0; i < times; i += 1) {
    const [begun, processor] = [performance.now(), process.cpuUsage()];
    await work(i);
    spans.push(performance.now() - begun);
    const used = process.cpuUsage(processor);
    microseconds += used.user + used.system;
    await between();
  }
  const each = microseconds / 1000 / times;
  spans.sort((a, b) => a - b);
  const at = (share: number): number => spans[Math.min(spans.length - 1, Math.floor(spans.length * share))] ?? 0;
  say(`${what.padEnd(44)}${String(times).padStart(5)}${[at(0.5), at(0.95), at(1), each].map(milliseconds).join('')}`);
}

try {
  const sketch = Array.from({ length: actions }, (_, i) => {
    return { name: `a${i}`, usesDatabase: i < 50, ...(i > 0 ? { needs: [`a${Math.floor(i / 4)}`] } : {}) };
  });
  const text = pipelineText(sketch);
  const { pipeline } = readPipeline(text, 'project.yaml');
  if (!pipeline) throw new Error('the pipeline of the benchmark is wrong');
  const begun = performance.now();
  const setting = await makeSetting(store, systemClock());
  await fill(db, setting, { jobs, pipeline, workspaces });
  await sql`vacuum (analyze)`.execute(db);
  const { rows } = await sql<{ jobs: number; version: string; size: string }>`
    select (select count(*)::int from jobs) as jobs, current_setting('server_version') as version,
      pg_size_pretty(pg_database_size(current_database())) as size`.execute(db);
  const found = rows[0];
  const kind = values.postgres ? 'PostgreSQL' : 'PGlite, PostgreSQL';
  say(`${found?.jobs} ended jobs, ${found?.size}, ${kind} ${found?.version}`);
  say(`filled in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  say(`${''.padEnd(44)}times${['median', '95 %', 'slowest', 'processor'].map((word) => word.padStart(11)).join('')}`);

  const controller = createController({ db, clock: systemClock, monotonic: systemMonotonic, leaseSeconds: 60 });
  const files = new Map(filesAt(pipeline, 400));
  const { backend, person } = setting;
  const all = await db.selectFrom('workspaces').select('id').orderBy('id').execute();
  const request = (i: number, force: boolean) =>
    controller.createJobRequest({
      identifier: newIdentifier(),
      workspace: all[i % all.length]?.id ?? 0,
      backend,
      person,
      commit: 'd'.repeat(40),
      study: { pipeline, files, reads: new Map(), codelistProblems: [] },
      pipelineText: text,
      actions: ['run_all'],
      force,
    });

  const made: number[] = [];
  await measure(`plan a request of ${actions} actions, forced`, 7, async (i) =>
    made.push((await request(i, true)).number),
  );
  await measure(`plan a request of ${actions} actions by content`, 7, async (i) => {
    made.push((await request(7 + i, false)).number);
  });
  await measure(`see what a request of ${actions} actions would do`, 5, async (i) => {
    const study = { pipeline, files, reads: new Map(), codelistProblems: [] };
    const workspace = all[(14 + i) % all.length]?.id ?? 0;
    await controller.preview({ workspace, backend, study, actions: ['run_all'], force: false });
  });
  const agent = newIdentifier();
  const leases: { task: string; fence: number; job: string }[] = [];
  const take = async (freeDatabase: number, freeOther: number): Promise<number> => {
    const got = await controller.leaseTasks(backend, { agent, freeDatabase, freeOther });
    leases.push(...got.map(({ task, fence, run }) => ({ task, fence, job: run.job })));
    return got.length;
  };
  const body = { agent, phase: 'executing' as const, elapsedSeconds: 5, memoryMegabytes: 128 };
  const outcome = { code: 'succeeded' as const, excludedFiles: 0 };
  // The first actions of each request, so that the others can start.
  const end = async (most = leases.length): Promise<void> => {
    for (const { task, fence } of leases.splice(0, most)) {
      await controller.applyResult(backend, task, { agent, fence, outcome, outputs: [] });
    }
  };
  for (let rounds = 0; rounds < 12; rounds += 1) {
    await take(20, 20);
    await end();
  }
  const ready = await db
    .selectFrom('tasks')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('state', '=', 'ready')
    .executeTakeFirst();
  const open = await db
    .selectFrom('jobs')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('state', 'in', ['pending', 'running'])
    .executeTakeFirst();
  say(`${open?.n} open jobs, ${ready?.n} of them ready`);
  // As on a backend with twenty places: nineteen taken, and one that becomes free again and again.
  while (leases.length < 19) await take(0, 1);
  await measure(
    'lease one task',
    200,
    () => take(0, 1),
    () => end(1),
  );
  await measure('ask for work, nothing free to run', 200, () =>
    controller.leaseTasks(backend, { agent, freeDatabase: 1, freeOther: 0 }),
  );
  await measure('heartbeat', 200, async (i) => {
    const held = leases[i % leases.length];
    if (held) await controller.heartbeat(backend, held.task, { ...body, fence: held.fence });
  });
  await measure(
    'result',
    200,
    () => end(1),
    () => take(0, 1),
  );
  await measure('look for lost leases', 50, () => controller.expireLeases());
  await measure(`read a running request of ${actions} jobs`, 7, (i) => readJobRequest(db, made[i] ?? 0));
  await measure(`cancel a request of ${actions} jobs`, 7, (i) => controller.cancel({ request: made[i] ?? 0, person }));
} finally {
  await close();
}
