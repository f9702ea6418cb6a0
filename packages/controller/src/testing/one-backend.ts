// A backend with a controller over a test's database, and short words for what its agent, researchers and clock do.
import { readPipeline } from '@glovebox/pipeline';
import { newIdentifier, type StatusCode } from '@glovebox/record';
import type { BackendReport, Lease, TaskResult } from '@glovebox/wire';
import { readJob, readJobRequest, type Store } from '@glovebox/store';
import { type ActionSketch, fakeClock, makeSetting, pipelineText } from '@glovebox/testkit';
import { createController } from '../controller.js';
import type { Submission } from '../create-job-request.js';

export const agent = 'aaaaaaaaaaaaaaaa';
const succeeded = { code: 'succeeded' as const, excludedFiles: 0 };

export type OneBackend = Awaited<ReturnType<typeof oneBackend>>;
type Held = Lease;

/** @param clock shared by the tests of a file, so that time only goes on */
export async function oneBackend(store: Store, clock = fakeClock()) {
  const { db } = store;
  const make = () => createController({ db, clock: clock.now, monotonic: clock.monotonic, leaseSeconds: 15 });
  const controller = make();
  const setting = await makeSetting(store, clock.now());
  const { workspace, backend, person } = setting;

  /** Requests all actions, forced, unless told otherwise. @returns the number of the request */
  async function requestText(text: string, more: Partial<Pick<Submission, 'actions' | 'force'>> = {}): Promise<number> {
    const { pipeline } = readPipeline(text, 'project.yaml');
    if (!pipeline) throw new Error('the sketch is not a pipeline');
    const study = { pipeline, files: new Map(), reads: new Map(), codelistProblems: [] };
    const asked = { study, pipelineText: text, commit: 'c'.repeat(40), actions: ['run_all'], force: true, ...more };
    const ids = { identifier: newIdentifier(), workspace, backend, person };
    return (await controller.createJobRequest({ ...ids, ...asked })).number;
  }

  async function jobs(number: number) {
    const view = await readJobRequest(db, number);
    if (!view) throw new Error(`no request ${number}`);
    return Object.fromEntries(view.jobs.map((job) => [job.action, job]));
  }

  return {
    clock,
    controller,
    make,
    setting,
    backend,
    person,
    requestText,
    jobs,
    request: (sketch: readonly ActionSketch[], more?: Parameters<typeof requestText>[1]) =>
      requestText(pipelineText(sketch), more),
    lease: (freeDatabase = 9, freeOther = 9) => controller.leaseTasks(backend, { agent, freeDatabase, freeOther }),
    finish: ({ task, fence }: Held, more: Partial<TaskResult> = {}) =>
      controller.applyResult(backend, task, { agent, fence, outcome: succeeded, outputs: [], ...more }),
    beat: ({ task, fence }: Held) => controller.heartbeat(backend, task, { agent, fence, phase: 'executing' }),
    release: ({ task, fence }: Held) => controller.release(backend, task, { agent, fence }),
    status: () => controller.backendStatus(backend),
    codes: async (number: number) =>
      Object.fromEntries(Object.entries(await jobs(number)).map(([action, { code }]) => [action, code])),
    history: async (job: string): Promise<readonly StatusCode[]> =>
      (await readJob(db, job))?.events.map(({ code }) => code) ?? [],
  };
}

export const names = (leases: readonly Held[]): string[] => leases.map(({ run }) => run.action).sort();

/** The lease, where a test can't go on without one. */
export function only(leases: readonly Held[]): Held {
  const [first] = leases;
  if (!first) throw new Error('nothing was leased');
  return first;
}

export const reportOf = (more: Partial<BackendReport> = {}): BackendReport => ({
  agent,
  sequence: 1,
  executor: 'bubblewrap',
  images: { 'python:v2': { version: '3.11.2' } },
  dataRelease: 'synthetic-1',
  places: { database: 2, other: 2 },
  limits: { memoryMegabytes: 4096, processors: 2 },
  maintenance: 'off',
  diskFree: 'over-100-gb',
  ...more,
});
