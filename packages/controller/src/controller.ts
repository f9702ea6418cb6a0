// The controller: every change to job requests, jobs and tasks goes through here, each in a transaction of its own, and
// is announced after the commit. On a server, PostgreSQL may break off one of two transactions that met in an unlucky
// order; such a one is simply done again.
import type { PlanEntry } from '@glovebox/record';
import type {
  BackendReport,
  BackendReportResponse,
  BackendScheduling,
  Heartbeat,
  HeartbeatResponse,
  Lease,
  LeaseRequest,
  MaintenanceSetting,
  TaskRelease,
  TaskReleaseResponse,
  TaskResult,
  TaskResultResponse,
} from '@glovebox/wire';
import { type BackendStatus, readBackendStatus } from '@glovebox/store';
import { applyResult } from './apply-result.js';
import { cancel, type Cancellation, killJob } from './cancel.js';
import { type Changes, createChanges } from './changes.js';
import type { Change, ControllerContext } from './context.js';
import { type CreatedRequest, createJobRequest, type Submission } from './create-job-request.js';
import { expireLeases, renewLeases } from './expire-leases.js';
import { heartbeat } from './heartbeat.js';
import { applyReport, pauseBackend, prepareReboot, setMaintenance, unpauseBackend } from './hold-up.js';
import { leaseTasks } from './lease-tasks.js';
import { type Asked, planRequest } from './plan-request.js';
import { release } from './release.js';
import { setScheduling } from './set-scheduling.js';

export interface Controller {
  /** Throws ProblemError with everything that is wrong with the submission. */
  createJobRequest(submission: Submission): Promise<CreatedRequest>;
  /** What a request would do and why, without making it. Throws ProblemError like `createJobRequest`. */
  preview(asked: Asked): Promise<readonly PlanEntry[]>;
  /** @param backend row number of the backend whose token was shown; likewise below */
  leaseTasks(backend: number, request: Omit<LeaseRequest, 'waitSeconds'>): Promise<readonly Lease[]>;
  /** As `leaseTasks`, but with nothing to hand out waits for work, up to `waitSeconds` or until the signal aborts. */
  awaitLeases(backend: number, request: LeaseRequest, signal: AbortSignal): Promise<readonly Lease[]>;
  heartbeat(backend: number, task: string, report: Heartbeat): Promise<HeartbeatResponse>;
  applyResult(backend: number, task: string, result: TaskResult): Promise<TaskResultResponse>;
  /** An agent hands a lease back, or says that what it was told to stop has ended. */
  release(backend: number, task: string, body: TaskRelease): Promise<TaskReleaseResponse>;
  applyReport(backend: number, report: BackendReport): Promise<BackendReportResponse>;
  cancel(cancellation: Cancellation): Promise<number>;
  /** @param job identifier; `person` the row number of the member of staff, here and below */
  killJob(job: string, person: number): Promise<boolean>;
  /** False when there is nothing to change, here and for `unpauseBackend`. */
  pauseBackend(backend: number, person: number): Promise<boolean>;
  unpauseBackend(backend: number, person: number): Promise<boolean>;
  /** How many jobs were stopped. Whether the machine may restart, `backendStatus` says. */
  prepareReboot(backend: number, person: number): Promise<number>;
  setMaintenance(backend: number, setting: MaintenanceSetting, person: number): Promise<void>;
  /** What of the configuration will not do what it seems to say. */
  setScheduling(backend: number, scheduling: BackendScheduling, person: number): Promise<readonly string[]>;
  backendStatus(backend: number): Promise<BackendStatus>;
  expireLeases(): Promise<number>;
  renewLeases(): Promise<void>;
  readonly changes: Changes;
}

/** PostgreSQL's codes for a deadlock and for a transaction that could not be ordered. */
const isWorthRepeating = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001');

export function createController(context: ControllerContext): Controller {
  const { db, clock, monotonic, leaseSeconds } = context;
  const changes = createChanges();
  const [madeAt, madeAtMonotonic] = [clock().getTime(), monotonic()];
  const leaseClock = (): Date => new Date(madeAt + monotonic() - madeAtMonotonic);

  async function inOneTransaction<T>(work: (change: Change) => Promise<T>, attempts = 3): Promise<T> {
    const touched = { requests: new Set<number>(), backends: new Set<number>(), standings: new Set<number>() };
    try {
      const result = await db
        .transaction()
        .execute((tx) => work({ tx, now: clock(), leaseNow: leaseClock(), leaseSeconds, ...touched }));
      changes.publish(touched);
      return result;
    } catch (error) {
      if (attempts <= 1 || !isWorthRepeating(error)) throw error;
      return inOneTransaction(work, attempts - 1);
    }
  }

  const lease: Controller['leaseTasks'] = async (backend, request) => {
    if (request.freeDatabase + request.freeOther === 0) return [];
    return inOneTransaction((change) => leaseTasks(change, backend, request));
  };

  const awaitLeases: Controller['awaitLeases'] = async (backend, request, signal) => {
    const deadline = performance.now() + request.waitSeconds * 1000;
    const wait = changes.awaitWork(backend);
    try {
      for (;;) {
        const leases = signal.aborted ? [] : await lease(backend, request);
        const left = deadline - performance.now();
        if (leases.length > 0 || left <= 0 || signal.aborted) return leases;
        await wait.until(left, signal);
      }
    } finally {
      wait.cancel();
    }
  };

  return {
    createJobRequest: (submission) => inOneTransaction((change) => createJobRequest(change, submission)),
    preview: async (asked) => (await planRequest(db, asked)).plan.entries,
    leaseTasks: lease,
    awaitLeases,
    heartbeat: (backend, task, report) => inOneTransaction((change) => heartbeat(change, backend, task, report)),
    applyResult: (backend, task, result) => inOneTransaction((change) => applyResult(change, backend, task, result)),
    release: (backend, task, body) => inOneTransaction((change) => release(change, backend, task, body)),
    applyReport: (backend, report) => inOneTransaction((change) => applyReport(change, backend, report)),
    cancel: (cancellation) => inOneTransaction((change) => cancel(change, cancellation)),
    killJob: (job, person) => inOneTransaction((change) => killJob(change, job, person)),
    pauseBackend: (backend, person) => inOneTransaction((change) => pauseBackend({ change, backend, person })),
    unpauseBackend: (backend, person) => inOneTransaction((change) => unpauseBackend({ change, backend, person })),
    prepareReboot: (backend, person) => inOneTransaction((change) => prepareReboot({ change, backend, person })),
    setMaintenance: (backend, setting, person) =>
      inOneTransaction((change) => setMaintenance({ change, backend, person }, setting)),
    setScheduling: (backend, scheduling, person) =>
      inOneTransaction((change) => setScheduling(change, backend, scheduling, person)),
    backendStatus: (backend) => readBackendStatus(db, backend, leaseClock()),
    expireLeases: () => inOneTransaction(expireLeases),
    renewLeases: () => inOneTransaction(renewLeases),
    changes,
  };
}
