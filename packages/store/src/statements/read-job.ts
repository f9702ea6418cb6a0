// Everything on a job's page: the job, the request that it belongs to, and its states over time.
import type { JobPageView, JobState, StatusCode } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';
import { jobColumns, type JobRow, toJobView } from './job-rows.js';
import { readQueue } from './read-queue.js';
import { summaryColumns, type SummaryRow, summaryTables, toSummary } from './request-summary.js';

interface EventRow {
  readonly at: Date;
  readonly state: JobState;
  readonly code: StatusCode;
}

/** @returns null when there is no job of that identifier */
export async function readJob(db: Kysely<Database>, identifier: string): Promise<JobPageView | null> {
  const found = await sql<JobRow & { readonly request: number }>`
    select ${jobColumns}, j.request from jobs j where j.identifier = ${identifier}`.execute(db);
  const job = found.rows[0];
  if (!job) return null;
  const requests = await sql<SummaryRow & { readonly repository: string; readonly branch: string }>`
    select ${summaryColumns}, r.repository, r.branch from ${summaryTables} where r.number = ${job.request}`.execute(db);
  const request = requests.rows[0];
  if (!request) throw new Error(`job ${identifier} has no request`);
  const queue = job.state === 'pending' ? ((await readQueue(db, job.request)).get(job.id) ?? null) : null;
  const events = await sql<EventRow>`
    select at, state, code from events where job = ${job.id} and state is not null order by id`.execute(db);
  return {
    request: { ...toSummary(request), repository: request.repository, branch: request.branch },
    job: toJobView(job, queue),
    events: events.rows.map(({ at, state, code }) => ({ at: at.toISOString(), state, code })),
  };
}
