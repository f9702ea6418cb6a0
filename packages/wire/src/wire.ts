// Everything that crosses between the secure side and the public side, as closed schemas. This is the only door:
// states, codes, buckets, numbers and hashes pass; free text from an action, undeclared file names and data values have no
// field to travel in. Objects are strict, so an unknown key is refused rather than dropped.
import { z } from 'zod';
import { failureReasons, identifierPattern, phases, privacyLevels, type FailureReason } from '@glovebox/record';

const identifier = z.string().regex(identifierPattern);
const commit = z.string().regex(/^[0-9a-f]{40}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();
const fence = z.number().int().positive();
/** A named state of a backend's database, for example `synthetic-2026-11-01`. */
const dataRelease = z.string().regex(/^[a-z0-9.-]{1,64}$/);

// ---- Public side to agent (this text comes from the public repository, so it may be free) ---------------------------

/** What an action asks for; what is absent is the backend's own. An agent never gives more than its own limits. */
export const resourceRequest = z.strictObject({
  memoryMegabytes: z.number().int().min(64).max(16_777_216).optional(),
  wallSeconds: z.number().int().min(1).max(31_536_000).optional(),
  processors: z.number().int().min(1).max(1024).optional(),
});
export type ResourceRequest = z.infer<typeof resourceRequest>;

/** How to run one action; everything in it is public already. */
export const runDefinition = z.strictObject({
  job: identifier,
  request: identifier,
  /** The name of the person who made the request. */
  user: z.string().max(1000).optional(),
  workspace: z.string().max(200),
  repository: z.string().max(2000),
  branch: z.string().max(500),
  commit,
  /** The code that runs when it is not the study's: a reusable action's repository and commit. */
  code: z.strictObject({ repository: z.string().max(2000), commit }).optional(),
  action: z.string().max(1000),
  image: z.string().max(500),
  tag: z.string().max(100),
  args: z.array(z.string()),
  outputs: z.partialRecord(z.enum(privacyLevels), z.record(z.string(), z.string())),
  /** The succeeded jobs whose outputs are this action's inputs, by action name. */
  inputs: z.record(z.string(), identifier),
  usesDatabase: z.boolean(),
  permissions: z.array(z.string().max(200)),
  requests: resourceRequest,
});
export type RunDefinition = z.infer<typeof runDefinition>;

/** A lease on one task. Reports must carry the fence; a higher fence for the same task means that this lease is lost. */
export const lease = z.strictObject({
  task: identifier,
  fence,
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

/** Memory that was used is told in steps, because an action could spell something with an exact number. */
const memoryStepMegabytes = 64;
/**
 * The next step up: 64 MB up to 1 GB, and beyond that eight steps to each doubling.
 *
 * @returns whole megabytes
 */
export function memoryInSteps(bytes: number): number {
  const megabytes = bytes / 1e6;
  const step = memoryStepMegabytes * 2 ** Math.max(0, Math.ceil(Math.log2(megabytes / 1024)));
  return Math.ceil(megabytes / step) * step;
}
const memory = count.refine((megabytes) => memoryInSteps(megabytes * 1e6) === megabytes, 'Only steps are accepted.');

/** What one action used; whole numbers, so that nothing hides in decimals. */
export const usage = z.strictObject({
  wallMilliseconds: count,
  cpuMilliseconds: count.optional(),
  peakMemoryMegabytes: memory.optional(),
  memoryLimitMegabytes: count.optional(),
});

/** POST /api/agent/tasks/:task/heartbeat. */
export const heartbeat = z.strictObject({
  agent: identifier,
  fence,
  phase: z.enum(phases),
  /** How long the action's command has run; absent before it starts. */
  elapsedSeconds: count.optional(),
  /** In use at this moment. */
  memoryMegabytes: memory.optional(),
});
export type Heartbeat = z.infer<typeof heartbeat>;
/** `stop` when the lease is lost or the job was cancelled: kill the action, keep nothing. */
export const heartbeatResponse = z.strictObject({ verdict: z.enum(['go-on', 'stop']) });
export type HeartbeatResponse = z.infer<typeof heartbeatResponse>;

/** POST /api/agent/tasks/:task/release: what the lease was for has been killed and is forgotten; another may run it. */
export const taskRelease = z.strictObject({ agent: identifier, fence });
export type TaskRelease = z.infer<typeof taskRelease>;
/** `refused` when the lease had ended before; there is nothing left to do either way. */
export const taskReleaseResponse = z.strictObject({ verdict: z.enum(['accepted', 'refused']) });
export type TaskReleaseResponse = z.infer<typeof taskReleaseResponse>;

/** As `ImageIdentity` of the records. */
export const imageIdentity = z.strictObject({
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional(),
  version: z
    .string()
    .regex(/^\d[0-9A-Za-z.+-]{0,31}$/)
    .optional(),
  /** SHA-256 of the list of packages with their versions. */
  packages: sha256.optional(),
});

export const executors = ['bubblewrap', 'docker', 'slurm'] as const;
/** How much room an agent's disk has: the sizes that decide what to do, never a number of bytes. */
export const diskRooms = ['under-1-gb', 'under-10-gb', 'under-100-gb', 'over-100-gb'] as const;

/** POST /api/agent/backend: what the agent can run and with what. Sent at start, on change, and every few minutes. */
export const backendReport = z.strictObject({
  agent: identifier,
  /** Rises by one with each report of this agent process: one that was overtaken on the way is dropped. */
  sequence: z.number().int().positive(),
  executor: z.enum(executors),
  /** By image name, or by name and tag where tags differ. */
  images: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9._/-]{0,99}(:[A-Za-z0-9._-]{1,99})?$/), imageIdentity)
    .refine((images) => Object.keys(images).length <= 500, 'At most 500 images would be accepted.'),
  /** Absent on a backend without a database. */
  dataRelease: dataRelease.optional(),
  places: z.strictObject({ database: count.max(1000), other: count.max(1000) }),
  /** The most that one action can have. */
  limits: z.strictObject({
    memoryMegabytes: count,
    wallSeconds: count.optional(),
    processors: count,
  }),
  /** Whether the database is being maintained; actions that query it then wait. */
  maintenance: z.enum(['off', 'on']),
  diskFree: z.enum(diskRooms),
});
export type BackendReport = z.infer<typeof backendReport>;
export const backendReportResponse = z.strictObject({
  verdict: z.enum(['accepted', 'outdated']),
  /**
   * Of workspaces whose last request took over jobs that are not the latest of their actions: by action, the job whose outputs
   * the workspace shows for it from now on.
   */
  standing: z
    .array(z.strictObject({ workspace: z.string().max(200), jobs: z.record(z.string().max(1000), identifier) }))
    .optional(),
});
export type BackendReportResponse = z.infer<typeof backendReportResponse>;

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
  fence,
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
  /** The state of the backend's database that was read. */
  dataRelease: dataRelease.optional(),
  /** What ran it. */
  runtime: imageIdentity.optional(),
  /**
   * Files of the commit that the definition was evaluated from. Absent when what it read could have been chosen by data; the
   * site keeps only paths that the commit has.
   */
  read: z.array(z.string().min(1).max(500)).max(5000).optional(),
});
export type TaskResult = z.infer<typeof taskResult>;
export const taskResultResponse = z.strictObject({ verdict: z.enum(['accepted', 'refused']) });
export type TaskResultResponse = z.infer<typeof taskResultResponse>;
