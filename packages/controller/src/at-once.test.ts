// Several agents, a person who cancels and the clock that takes leases back, all at the same time. On the embedded database
// their transactions take turns; on a PostgreSQL server (GLOVEBOX_TEST_POSTGRES) they truly meet.
import { readPipeline } from '@glovebox/pipeline';
import { newIdentifier, systemClock, systemMonotonic } from '@glovebox/record';
import { readJobRequest } from '@glovebox/store';
import { makeSetting, pipelineText, testStore } from '@glovebox/testkit';
import { afterAll, expect, test } from 'vitest';
import { createController } from './controller.js';

const store = await testStore();
afterAll(() => store.close());

test('agents that compete do every job once, while others cancel and leases run out', async () => {
  const setting = await makeSetting(store, new Date());
  // A lease of no length: every look at the clock takes all of them back.
  const hasty = createController({ db: store.db, clock: systemClock, monotonic: systemMonotonic, leaseSeconds: 0 });
  const controller = createController({
    db: store.db,
    clock: systemClock,
    monotonic: systemMonotonic,
    leaseSeconds: 60,
  });
  const names = Array.from({ length: 24 }, (_, i) => `a${i}`);
  const sketch = names.map((name, i) => (i < 4 ? { name } : { name, needs: [`a${i % 4}`, `a${Math.floor(i / 2)}`] }));
  const text = pipelineText(sketch);
  const { pipeline } = readPipeline(text, 'project.yaml');
  if (!pipeline) throw new Error('the sketch is not a pipeline');
  const study = { pipeline, files: new Map(), reads: new Map(), codelistProblems: [] };
  const { workspace, backend, person } = setting;
  const submission = { workspace, backend, person, commit: 'c'.repeat(40), study, pipelineText: text, force: true };
  const make = () => controller.createJobRequest({ ...submission, identifier: newIdentifier(), actions: ['run_all'] });
  const kept = await make();

  const ended: string[] = [];
  let isOpen = true;
  const work = async (): Promise<void> => {
    const agent = newIdentifier();
    while (isOpen) {
      const leases = await controller.leaseTasks(backend, { agent, freeDatabase: 2, freeOther: 2 });
      await Promise.all(
        leases.map(async ({ task, fence, run }) => {
          await controller.heartbeat(backend, task, { agent, fence, phase: 'executing' });
          const outcome = { code: 'succeeded' as const, excludedFiles: 0 };
          const result = { agent, fence, outcome, outputs: [] };
          const { verdict } = await controller.applyResult(backend, task, result);
          if (verdict === 'accepted') ended.push(run.job);
        }),
      );
      const view = await readJobRequest(store.db, kept.number);
      if (view?.completedAt) isOpen = false;
    }
  };
  const disturb = async (): Promise<void> => {
    for (let i = 0; i < 8; i += 1) {
      const agent = newIdentifier();
      await hasty.leaseTasks(backend, { agent, freeDatabase: 1, freeOther: 1 });
      await hasty.expireLeases();
      const { number } = await make();
      await controller.cancel({ request: number, person });
    }
  };
  await Promise.all([work(), work(), work(), disturb()]);

  const view = await readJobRequest(store.db, kept.number);
  expect(view?.status).toBe('succeeded');
  expect(new Set(ended).size).toBe(ended.length);
  const own = new Set(view?.jobs.map((job) => job.identifier));
  expect(ended.filter((job) => own.has(job))).toHaveLength(24);
});
