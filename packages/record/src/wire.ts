// Everything that crosses between the secure side and the public side, as closed schemas. This is the only door:
// states, codes, buckets, numbers and hashes pass; free text from an action, undeclared file names and data values have no
// field to travel in. Objects are strict, so an unknown key is refused rather than dropped.
import { z } from 'zod';
import { identifierPattern } from './identifier.js';
import { failureReasons, type FailureReason } from './job-state.js';
import { privacyLevels } from './privacy.js';

const identifier = z.string().regex(identifierPattern);
const commit = z.string().regex(/^[0-9a-f]{40}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();

/** The parts of a running job that the agent reports. */
export const phases = ['preparing', 'prepared', 'executing', 'executed', 'finalizing'] as const;

// ---- Public side to agent (this text comes from the public repository, so it may be free) ---------------------------

/** How to run one action; everything in it is public already. */
export const runDefinition = z.strictObject({
  job: identifier,
  request: identifier,
  workspace: z.string().max(200),
  repository: z.string().max(2000),
  branch: z.string().max(500),
  commit,
  action: z.string().max(1000),
  image: z.string().max(500),
  tag: z.string().max(100),
  args: z.array(z.string()),
  outputs: z.partialRecord(z.enum(privacyLevels), z.record(z.string(), z.string())),
  /** The succeeded jobs whose outputs are this action's inputs, by action name. */
  inputs: z.record(z.string(), identifier),
  usesDatabase: z.boolean(),
  permissions: z.array(z.string().max(200)),
});
export type RunDefinition = z.infer<typeof runDefinition>;

/** A lease on one task. Reports must carry the fence; a higher fence for the same task means that this lease is lost. */
export const lease = z.strictObject({
  task: identifier,
  fence: z.number().int().positive(),
  kind: z.literal('run'),
  /** The agent must report again within this time or lose the lease. */
  leaseSeconds: z.number().positive(),
  run: runDefinition,
});
export type Lease = z.infer<typeof lease>;

/** POST /api/agent/leases. Answers at once when there is work, else after `waitSeconds` with none. */
export const leaseRequest = z.strictObject({
  /** Names the running agent process, so that two agents with one token are told apart. */
  agent: identifier,
  /** Free places: actions that query the database, and others. */
  freeDatabase: count.max(1000),
  freeOther: count.max(1000),
  waitSeconds: z.number().min(0).max(30),
});
export type LeaseRequest = z.infer<typeof leaseRequest>;
export const leaseResponse = z.strictObject({ leases: z.array(lease) });
export type LeaseResponse = z.infer<typeof leaseResponse>;

// ---- Agent to public side -------------------------------------------------------------------------------------------

export const failureReason = z.enum(Object.keys(failureReasons) as [FailureReason, ...FailureReason[]]);

/** What one action used; whole numbers, so that nothing hides in decimals. */
export const usage = z.strictObject({
  wallMilliseconds: count,
  cpuMilliseconds: count.optional(),
  peakMemoryMegabytes: count.optional(),
  memoryLimitMegabytes: count.optional(),
});

/** POST /api/agent/tasks/:task/heartbeat. */
export const heartbeat = z.strictObject({
  agent: identifier,
  fence: z.number().int().positive(),
  phase: z.enum(phases),
});
export type Heartbeat = z.infer<typeof heartbeat>;
/** `stop` when the lease is lost or the job was cancelled: kill the action, keep nothing. */
export const heartbeatResponse = z.strictObject({ verdict: z.enum(['go-on', 'stop']) });
export type HeartbeatResponse = z.infer<typeof heartbeatResponse>;

/** What one declared output pattern matched: numbers only, never names. `pattern` repeats what project.yaml declares. */
export const patternResult = z.strictObject({
  level: z.enum(privacyLevels),
  name: z.string().max(500),
  files: count,
  bytes: count,
});

/** POST /api/agent/tasks/:task/result. */
export const taskResult = z.strictObject({
  agent: identifier,
  fence: z.number().int().positive(),
  outcome: z.discriminatedUnion('code', [
    z.strictObject({ code: z.literal('succeeded'), excludedFiles: count }),
    z.strictObject({
      code: z.literal('nonzero_exit'),
      exitCode: count.max(255).optional(),
      reason: failureReason.optional(),
    }),
    z.strictObject({ code: z.literal('unmatched_patterns'), nearMisses: count }),
    z.strictObject({ code: z.literal('job_error'), reason: failureReason.optional() }),
    z.strictObject({ code: z.literal('internal_error') }),
    z.strictObject({ code: z.literal('cancelled_by_user') }),
  ]),
  outputs: z.array(patternResult),
  /** Digest of the job's whole output manifest, so that what is released later can be tied to this run. */
  manifest: sha256.optional(),
  usage: usage.optional(),
  /** The named state of the backend's database that was read, for example `synthetic-2026-11-01`. */
  dataRelease: z
    .string()
    .regex(/^[a-z0-9.-]{1,64}$/)
    .optional(),
});
export type TaskResult = z.infer<typeof taskResult>;
export const taskResultResponse = z.strictObject({ verdict: z.enum(['accepted', 'refused']) });
export type TaskResultResponse = z.infer<typeof taskResultResponse>;

// ---- Researchers and staff to the public side -------------------------------------------------------------------------

const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(100);
const workspaceName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*$/)
  .max(100);

/** POST /api/workspaces/:workspace/job-requests. */
export const newJobRequest = z.strictObject({
  backend: slug,
  /** The commit to run; the branch's newest when absent. */
  commit: commit.optional(),
  /** Action names, or `run_all`. */
  actions: z.array(z.string().min(1).max(1000)).min(1).max(10_000),
  force: z.boolean().default(false),
});
export type NewJobRequest = z.infer<typeof newJobRequest>;
/** 201: the request was made. 422 answers `{problems: Problem[]}`. */
export const jobRequestCreated = z.strictObject({
  number: count,
  identifier,
  url: z.string(),
  jobs: count,
  message: z.string(),
});
export type JobRequestCreated = z.infer<typeof jobRequestCreated>;

/** POST /api/workspaces/:workspace/job-requests/:number/cancel: the open jobs of these actions, or all of them. */
export const cancelJobRequest = z.strictObject({
  actions: z.array(z.string().min(1).max(1000)).min(1).max(10_000).optional(),
});
export const jobRequestCancelled = z.strictObject({ cancelled: count });

export const roles = ['researcher', 'output-checker', 'staff'] as const;
export type Role = (typeof roles)[number];

export const newOrganisation = z.strictObject({ slug, name: z.string().min(1).max(200) });
export const newProject = z.strictObject({
  slug,
  name: z.string().min(1).max(300),
  organisation: slug,
  permissions: z.array(z.string().max(100)).default([]),
});
export const newWorkspace = z.strictObject({
  name: workspaceName,
  project: slug,
  repository: z.string().min(1).max(2000),
  branch: z.string().min(1).max(500),
  purpose: z.string().max(2000).default(''),
});
export const newBackend = z.strictObject({
  slug,
  name: z.string().min(1).max(200),
  isSynthetic: z.boolean().default(false),
});
export const newPerson = z.strictObject({
  username: slug,
  name: z.string().min(1).max(200),
  roles: z.array(z.enum(roles)),
  /** Projects whose jobs the person may run, and backends on which. */
  projects: z.array(slug).default([]),
  backends: z.array(slug).default([]),
});
