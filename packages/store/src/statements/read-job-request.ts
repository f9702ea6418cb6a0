// Everything on a job request's page, in two statements: the request with its neighbours, and its jobs.
import { entryWords, type JobRequestView, type OutputView, type WithoutJob } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database, PipelineActionRow } from '../tables.js';
import { jobColumns, type JobRow, toJobView } from './job-rows.js';
import { readQueue } from './read-queue.js';
import { summaryColumns, type SummaryRow, summaryTables, toSummary } from './request-summary.js';

type Neighbour = { readonly number: number; readonly commit: string };

interface RequestRow extends SummaryRow {
  readonly repository: string;
  readonly branch: string;
  readonly force: boolean;
  readonly requested_actions: readonly string[];
  readonly message: string | null;
  readonly pipeline_text: string;
  readonly actions: readonly PipelineActionRow[];
  readonly without_job: readonly WithoutJob[];
  readonly previous: Neighbour | null;
  readonly previous_succeeded: Neighbour | null;
}

/** How many files each output matched is known for the actions that this request has a job for. */
function actionsOf(
  actions: readonly PipelineActionRow[],
  outputsByAction: ReadonlyMap<string, readonly OutputView[]>,
): JobRequestView['actions'] {
  return actions.map(({ name, needs, outputs }) => ({
    name,
    needs,
    outputs: outputsByAction.get(name) ?? outputs.map((output) => ({ ...output, files: null })),
  }));
}

/** @returns null when there is no request of that number */
export async function readJobRequest(db: Kysely<Database>, number: number): Promise<JobRequestView | null> {
  const { rows } = await sql<RequestRow>`
    select ${summaryColumns}, r.repository, r.branch, r.force, r.requested_actions, r.message, r.without_job,
      y.text as pipeline_text, y.actions,
      (select json_build_object('number', x.number, 'commit', x.commit) from job_requests x
        where x.workspace = r.workspace and x.backend = r.backend and x.number < r.number
        order by x.number desc limit 1) as previous,
      (select json_build_object('number', x.number, 'commit', x.commit) from job_requests x
        where x.workspace = r.workspace and x.backend = r.backend and x.number < r.number
          and x.outcome = 'succeeded'
        order by x.number desc limit 1) as previous_succeeded
    from ${summaryTables} join pipelines y on y.digest = r.pipeline
    where r.number = ${number}`.execute(db);
  const row = rows[0];
  if (!row) return null;
  const jobs = await sql<JobRow>`
    select ${jobColumns} from jobs j where j.request = ${number} order by j.position`.execute(db);
  const queue = await readQueue(db, number);
  return {
    ...toSummary(row),
    repository: row.repository,
    branch: row.branch,
    force: row.force,
    requestedActions: row.requested_actions,
    message: row.message,
    runMilliseconds: row.run_milliseconds,
    jobs: jobs.rows.map((job) => toJobView(job, queue.get(job.id) ?? null)),
    pipelineText: row.pipeline_text,
    actions: actionsOf(row.actions, new Map(jobs.rows.map((job) => [job.action, job.outputs]))),
    previous: row.previous,
    previousSucceeded: row.previous_succeeded,
    withoutJob: row.without_job.map((entry) => ({ ...entry, words: entryWords(entry) })),
  };
}
