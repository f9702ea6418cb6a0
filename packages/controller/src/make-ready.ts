// Gives jobs whose needs are met their tasks, with the weight and the resources that the backend's rules say at this moment.
import { newIdentifier } from '@glovebox/record';
import { jobsToWeigh, type OpenJob, readSituation } from '@glovebox/store';
import { sql } from 'kysely';
import type { Change } from './context.js';
import { readRules, type Requirements } from './rules.js';
import { letWait } from './waiting.js';

/** The caller holds the backend's lock. */
export async function makeReady(change: Change, backend: number, jobs: readonly OpenJob[]): Promise<void> {
  if (jobs.length === 0) return;
  const situation = await readSituation(change.tx, backend);
  const ids = jobs.map((job) => job.id);
  const found = await jobsToWeigh(change.tx, ids);
  const requirementsOf = readRules(situation.scheduling);
  const tasks = jobs.map(({ id, usesDatabase }) => {
    const job = found.get(id);
    if (!job) throw new Error(`there is no job ${id}`);
    const { weight, requests } = requirementsOf(job);
    return { identifier: newIdentifier(), job: id, workspace: job.workspace, usesDatabase, weight, requests };
  });
  await sql`
    insert into tasks (identifier, job, backend, workspace, uses_database, weight, state, fence, created_at)
    select x.identifier, x.job, ${backend}, x.workspace, x."usesDatabase", x.weight, 'ready', 1, ${change.now}
    from json_to_recordset(${JSON.stringify(tasks)}::json)
      as x(identifier text, job int, workspace int, "usesDatabase" boolean, weight float8)`.execute(change.tx);
  await writeRequests(change, tasks);
  await letWait(
    change,
    situation,
    jobs.map((job) => ({ ...job, hasTask: true })),
  );
  change.backends.add(backend);
}

type Asking = { readonly job: number; readonly requests: Requirements['requests'] };

/** Writes down which resources jobs ask for. */
export async function writeRequests({ tx }: Change, jobs: readonly Asking[]): Promise<void> {
  const asking = jobs.filter(({ requests }) => Object.keys(requests).length > 0);
  if (asking.length === 0) return;
  const rows = asking.map(({ job, requests }) => ({ job, ...requests }));
  await sql`
    update jobs set requested_memory_megabytes = x."memoryMegabytes", requested_wall_seconds = x."wallSeconds",
      requested_processors = x.processors
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as x(job int, "memoryMegabytes" int, "wallSeconds" int, processors int)
    where jobs.id = x.job`.execute(tx);
}
