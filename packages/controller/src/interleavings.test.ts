// Any sequence of what agents, people, time and crashes do leads each job to exactly one end, and the events explain it.
import { readPipeline } from '@glovebox/pipeline';
import { canFollow, isFinal, type JobState, newIdentifier, stateOf, type StatusCode } from '@glovebox/record';
import { maintenanceSettings, type Lease } from '@glovebox/wire';
import { type FakeClock, fakeClock, makeSetting, pipelineText, type Setting, testStore } from '@glovebox/testkit';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Controller, createController } from './controller.js';

const store = await testStore();
afterAll(() => store.close());

const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const commands = fc.oneof(
  fc.record({
    do: fc.constant('request' as const),
    actions: fc.subarray([...names], { minLength: 1 }),
    force: fc.boolean(),
  }),
  fc.record({ do: fc.constant('lease' as const), database: fc.nat(3), other: fc.nat(3) }),
  fc.record({
    do: fc.constant('heartbeat' as const),
    which: fc.nat(),
    phase: fc.constantFrom('preparing' as const, 'executing' as const),
  }),
  fc.record({ do: fc.constant('result' as const), which: fc.nat(), succeeds: fc.boolean() }),
  fc.record({ do: fc.constant('time' as const), seconds: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ do: fc.constant('cancel' as const), which: fc.nat(), action: fc.option(fc.constantFrom(...names)) }),
  fc.record({ do: fc.constant('restart' as const) }),
  fc.record({ do: fc.constant('release' as const), which: fc.nat() }),
  fc.record({ do: fc.constant('pause' as const), isOn: fc.boolean() }),
  fc.record({ do: fc.constant('maintenance' as const), setting: fc.constantFrom(...maintenanceSettings) }),
  // Numbers out of order, from two processes that hold one token.
  fc.record({
    do: fc.constant('report' as const),
    by: fc.constantFrom('aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'),
    sequence: fc.integer({ min: 1, max: 9 }),
    maintenance: fc.constantFrom('on' as const, 'off' as const),
    places: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ do: fc.constant('reboot' as const) }),
  fc.record({ do: fc.constant('kill' as const), which: fc.nat() }),
  fc.record({ do: fc.constant('weigh' as const), weight: fc.constantFrom(0.5, 1, 3, 20) }),
  fc.record({ do: fc.constant('jump' as const), seconds: fc.constantFrom(-86_400, 86_400) }),
);
type Command = typeof commands extends fc.Arbitrary<infer T> ? T : never;

/** Which earlier actions each action needs; the first two query the database. */
const sketches = fc
  .tuple(...names.map((_, i) => fc.subarray(names.slice(0, i))))
  .map((needs) => names.map((name, i) => ({ name, needs: needs[i] ?? [], usesDatabase: i < 2 })));

interface Run {
  readonly setting: Setting;
  readonly clock: FakeClock;
  readonly text: string;
  /** Every lease ever handed out: late reports come from these. */
  readonly leases: Lease[];
  readonly requests: number[];
  readonly acceptedEnds: Map<string, number>;
  /** Leases that were handed back, as "task fence". */
  readonly released: Set<string>;
  controller: Controller;
}

const agent = 'aaaaaaaaaaaaaaaa';
const start = (clock: FakeClock) =>
  createController({ db: store.db, clock: clock.now, monotonic: clock.monotonic, leaseSeconds: 15 });
const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % Math.max(1, list.length)];

async function expectInputsSucceeded(leases: readonly Lease[]): Promise<void> {
  const providers = leases.flatMap(({ run }) => Object.values(run.inputs));
  if (providers.length === 0) return;
  const rows = await store.db.selectFrom('jobs').select('state').where('identifier', 'in', providers).execute();
  for (const { state } of rows) expect(state).toBe('succeeded');
}

async function report(run: Run, lease: Lease, succeeds: boolean): Promise<void> {
  const agent = 'aaaaaaaaaaaaaaaa';
  const outcome = succeeds ? { code: 'succeeded' as const, excludedFiles: 0 } : { code: 'nonzero_exit' as const };
  const wasDone = await store.db
    .selectFrom('tasks')
    .select('identifier')
    .where('identifier', '=', lease.task)
    .where('state', '=', 'done')
    .executeTakeFirst();
  const answer = await run.controller.applyResult(run.setting.backend, lease.task, {
    agent,
    fence: lease.fence,
    outcome,
    outputs: [],
  });
  const isSuperseded = run.leases.some((later) => later.task === lease.task && later.fence > lease.fence);
  if (isSuperseded) expect(answer.verdict).toBe('refused');
  if (answer.verdict === 'accepted' && !wasDone) {
    run.acceptedEnds.set(lease.run.job, (run.acceptedEnds.get(lease.run.job) ?? 0) + 1);
  }
}

/** What is leased holds to what the backend allows: nothing while it is paused, and no more weight than its pools. */
async function expectAllowed(run: Run, leases: readonly Lease[]): Promise<void> {
  const { pausedSince, maintenance, pools } = await run.controller.backendStatus(run.setting.backend);
  if (pausedSince !== null) expect(leases).toEqual([]);
  if (maintenance.since !== null) expect(leases.some((one) => one.run.usesDatabase)).toBe(false);
  for (const [usesDatabase, pool] of [
    [true, pools.database],
    [false, pools.other],
  ] as const) {
    const isFresh = leases.some((one) => one.run.usesDatabase === usesDatabase);
    if (isFresh && pool.size !== null && pool.running > 1) expect(pool.runningWeight).toBeLessThanOrEqual(pool.size);
  }
}

async function lease(run: Run, freeDatabase: number, freeOther: number): Promise<readonly Lease[]> {
  const leases = await run.controller.leaseTasks(run.setting.backend, {
    agent: 'aaaaaaaaaaaaaaaa',
    freeDatabase,
    freeOther,
  });
  await expectInputsSucceeded(leases);
  await expectAllowed(run, leases);
  run.leases.push(...leases);
  return leases;
}

async function perform(run: Run, command: Command): Promise<void> {
  const { controller, setting } = run;
  switch (command.do) {
    case 'request': {
      const { pipeline } = readPipeline(run.text, 'project.yaml');
      if (!pipeline) throw new Error('the sketch is not a pipeline');
      const { workspace, backend, person } = setting;
      const files = { files: new Map(), reads: new Map(), codelistProblems: [] };
      const study = { study: { pipeline, ...files }, pipelineText: run.text, commit: 'c'.repeat(40) };
      const asked = { workspace, backend, person, actions: command.actions, force: command.force };
      const created = await controller.createJobRequest({ identifier: newIdentifier(), ...study, ...asked });
      run.requests.push(created.number);
      return;
    }
    case 'lease':
      await lease(run, command.database, command.other);
      return;
    case 'heartbeat': {
      const held = pick(run.leases, command.which);
      if (!held) return;
      const beat = { agent: 'aaaaaaaaaaaaaaaa', fence: held.fence, phase: command.phase };
      await controller.heartbeat(setting.backend, held.task, beat);
      return;
    }
    case 'result': {
      const held = pick(run.leases, command.which);
      if (held) await report(run, held, command.succeeds);
      return;
    }
    case 'time':
      run.clock.advance(command.seconds);
      await controller.expireLeases();
      return;
    case 'cancel': {
      const request = pick(run.requests, command.which);
      if (request === undefined) return;
      const cancellation = { request, person: setting.person };
      const jobs = await store.db.selectFrom('jobs').select('action').where('request', '=', request).execute();
      const isKnown = jobs.some((job) => job.action === command.action);
      await controller.cancel(
        isKnown && command.action ? { ...cancellation, actions: [command.action] } : cancellation,
      );
      return;
    }
    case 'release': {
      const held = pick(run.leases, command.which);
      if (!held) return;
      const { verdict } = await controller.release(setting.backend, held.task, { agent, fence: held.fence });
      // Only the lease that is held, or was taken away and not yet let go, can be handed back; both only once.
      if (verdict === 'accepted') expect(run.released.has(`${held.task} ${held.fence}`)).toBe(false);
      if (verdict === 'accepted') run.released.add(`${held.task} ${held.fence}`);
      return;
    }
    case 'pause':
      if (command.isOn) await controller.pauseBackend(setting.backend, setting.person);
      else await controller.unpauseBackend(setting.backend, setting.person);
      return;
    case 'maintenance':
      await controller.setMaintenance(setting.backend, command.setting, setting.person);
      return;
    case 'report': {
      const { by, sequence, maintenance, places } = command;
      const before = (await controller.backendStatus(setting.backend)).report;
      const { verdict } = await controller.applyReport(setting.backend, {
        agent: by,
        sequence,
        executor: 'bubblewrap',
        images: {},
        places: { database: places, other: places },
        limits: { memoryMegabytes: 4096, processors: 2 },
        maintenance,
        diskFree: 'over-100-gb',
      });
      const isOutdated = before?.agent === by && before.sequence >= sequence;
      expect(verdict).toBe(isOutdated ? 'outdated' : 'accepted');
      return;
    }
    case 'reboot':
      await controller.prepareReboot(setting.backend, setting.person);
      return;
    case 'kill': {
      const held = pick(run.leases, command.which);
      if (held) await controller.killJob(held.run.job, setting.person);
      return;
    }
    case 'weigh':
      await controller.setScheduling(
        setting.backend,
        { rules: [{ action: '[a-c]', weight: command.weight }] },
        setting.person,
      );
      return;
    case 'jump':
      run.clock.jump(command.seconds);
      await controller.expireLeases();
      return;
    case 'restart':
      run.controller = start(run.clock);
      await run.controller.renewLeases();
      return;
  }
}

/** Lets an agent that never fails finish what is open. */
async function drain(run: Run): Promise<void> {
  const { backend, person } = run.setting;
  await run.controller.unpauseBackend(backend, person);
  await run.controller.setMaintenance(backend, 'off', person);
  run.clock.advance(60);
  await run.controller.expireLeases();
  for (let leases = await lease(run, 99, 99); leases.length > 0; leases = await lease(run, 99, 99)) {
    for (const held of leases) await report(run, held, true);
  }
}

async function expectEveryJobExplained(run: Run): Promise<void> {
  const jobs = await store.db.selectFrom('jobs').selectAll().where('backend', '=', run.setting.backend).execute();
  for (const job of jobs) {
    const events = await store.db.selectFrom('events').selectAll().where('job', '=', job.id).orderBy('id').execute();
    const states = events.map((event): JobState => (event.code ? stateOf(event.code) : 'pending'));
    expect(isFinal(job.state)).toBe(true);
    expect(events[0]?.code).toBe('created');
    expect(events.at(-1)).toMatchObject({ state: job.state, code: job.code });
    expect(states.filter(isFinal)).toHaveLength(1);
    const codes = events.map((event): StatusCode => event.code ?? 'created');
    for (const [i, to] of codes.slice(1).entries()) expect(canFollow(codes[i] ?? 'succeeded', to)).toBe(true);
    const ranToTheEnd = job.code === 'succeeded' || job.code === 'nonzero_exit';
    expect(run.acceptedEnds.get(job.identifier) ?? 0).toBe(ranToTheEnd ? 1 : 0);
    expect(job.cause !== null).toBe(job.code === 'dependency_failed');
  }
  const active = await store.db
    .selectFrom('tasks')
    .select('identifier')
    .where('backend', '=', run.setting.backend)
    .where('state', 'in', ['ready', 'leased'])
    .execute();
  expect(active).toEqual([]);
  const open = await store.db
    .selectFrom('job_requests')
    .select('number')
    .where('backend', '=', run.setting.backend)
    .where('outcome', 'is', null)
    .execute();
  expect(open).toEqual([]);
}

test('whatever happens in whatever order, each job ends once and its events tell how', async () => {
  let ended = 0;
  await fc.assert(
    fc.asyncProperty(sketches, fc.array(commands, { minLength: 15, maxLength: 40 }), async (sketch, sequence) => {
      const clock = fakeClock();
      const setting = await makeSetting(store, clock.now());
      const lists = { leases: [], requests: [], acceptedEnds: new Map<string, number>(), released: new Set<string>() };
      const run: Run = { setting, clock, text: pipelineText(sketch), controller: start(clock), ...lists };
      await perform(run, { do: 'request', actions: ['f'], force: true });
      for (const command of sequence) await perform(run, command);
      await drain(run);
      await expectEveryJobExplained(run);
      ended += run.acceptedEnds.size;
    }),
    { numRuns: 20 },
  );
  expect(ended).toBeGreaterThan(0);
}, 120_000);
