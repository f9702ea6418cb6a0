// What researchers and staff send to the public side's API, and what it answers, as closed schemas.
import { z } from 'zod';
import { identifierPattern, reuseRules } from '@glovebox/record';
import { readPattern } from './pattern.js';
import { resourceRequest } from './wire.js';

const count = z.number().int().nonnegative();
const identifier = z.string().regex(identifierPattern);
const commit = z.string().regex(/^[0-9a-f]{40}$/);
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

/** GET /api/workspaces/:workspace/plan?backend=&action=&action=&commit=&force=true: what a request would do, and why. */
export const planRequest = z.strictObject({
  backend: slug,
  commit: commit.optional(),
  actions: z.array(z.string().min(1).max(1000)).min(1).max(10_000),
  action: z.string().optional(),
  force: z.enum(['true', 'false']).default('false'),
});

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
  /** Whether a dependency is kept because nothing that it is made from changed, or because its last job succeeded. */
  reuse: z.enum(reuseRules).default('by-content'),
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

// ---- Staff about a backend ---------------------------------------------------------------------------------------------

/** A regular expression that the whole name or command must match; case counts. See `readPattern`. */
const pattern = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (text) => readPattern(text) !== undefined,
    'A regular expression without look-around and references back would be accepted.',
  );

/**
 * One rule for the actions that it matches: those of a workspace by name, or, without a workspace, any by their command. For
 * each value the first rule that gives it counts, rules of a workspace before the others.
 */
const schedulingRule = z
  .strictObject({
    workspace: workspaceName.optional(),
    action: pattern.optional(),
    command: pattern.optional(),
    /** How much of its pool it takes up; 1 when no rule says. */
    weight: z.number().min(0.01).max(1000).optional(),
    ...resourceRequest.shape,
  })
  .refine(({ action, command }) => (action === undefined) !== (command === undefined), {
    message: 'Either an action or a command would be accepted, not both.',
  });
export type SchedulingRule = z.infer<typeof schedulingRule>;

/** PUT /api/backends/:backend/scheduling. */
export const backendScheduling = z.strictObject({
  /** The most weight that may run at once; the agent's places when absent. */
  pools: z.strictObject({ database: z.number().min(1).max(1000), other: z.number().min(1).max(1000) }).optional(),
  rules: z.array(schedulingRule).max(200).optional(),
});
export type BackendScheduling = z.infer<typeof backendScheduling>;

export const maintenanceSettings = ['automatic', 'on', 'off'] as const;
export type MaintenanceSetting = (typeof maintenanceSettings)[number];
/** POST /api/backends/:backend/maintenance. `automatic` follows the agent's report; the others hold whatever it reports. */
export const maintenanceChange = z.strictObject({ setting: z.enum(maintenanceSettings) });
