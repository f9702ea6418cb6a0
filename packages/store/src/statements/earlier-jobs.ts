// The newest jobs of some actions in a workspace on a backend, cancelled ones left out, with what each was made from: what
// deciding about reuse builds on. One look into an index for each action, so that a workspace's history may be of any length.
import type { ImageIdentity, JobState } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface EarlierJobRow {
  readonly id: number;
  readonly identifier: string;
  readonly action: string;
  readonly state: JobState;
  readonly args: readonly string[];
  readonly image: string;
  readonly tag: string;
  readonly runtime: ImageIdentity | null;
  readonly manifest: string | null;
  readonly data_release: string | null;
  readonly files_read: readonly string[] | null;
  readonly code_repository: string | null;
  readonly code_commit: string | null;
  readonly code_tree: string | null;
  /** Digest of the pipeline that declared its outputs. */
  readonly pipeline: string;
}

/** @param most how many of each action, newest first */
export async function earlierJobs(
  db: Kysely<Database>,
  workspace: number,
  backend: number,
  actions: readonly string[],
  most: number,
): Promise<readonly EarlierJobRow[]> {
  if (actions.length === 0) return [];
  const { rows } = await sql<EarlierJobRow>`
    select j.*, r.code_tree, r.pipeline from unnest(${[...actions]}::text[]) as a(action)
    cross join lateral (
      select id, request, identifier, action, state, args, image, tag, runtime, manifest, data_release, files_read,
        code_repository, code_commit
      from jobs
      where workspace = ${workspace} and backend = ${backend} and action = a.action and code <> 'cancelled_by_user'
      order by id desc limit ${most}
    ) j
    join job_requests r on r.number = j.request
    order by j.id desc`.execute(db);
  return rows;
}

/** @returns needed action to what provided it, by the job's row number */
export async function inputsOf(
  db: Kysely<Database>,
  jobs: readonly number[],
): Promise<ReadonlyMap<number, Readonly<Record<string, string>>>> {
  if (jobs.length === 0) return new Map();
  const { rows } = await sql<{ job: number; need: string; digest: string }>`
    select i.job, i.need, coalesce(p.manifest, p.identifier) as digest
    from job_inputs i join jobs p on p.id = i.provider where i.job = any(${[...jobs]}::int[])`.execute(db);
  const inputs = new Map<number, Record<string, string>>();
  for (const { job, need, digest } of rows) {
    const known = inputs.get(job) ?? {};
    known[need] = digest;
    inputs.set(job, known);
  }
  return inputs;
}
