// Turns one submission into a job request and its jobs, in one transaction: either all of it is there or nothing.
// The study has been read before (that takes a network); the plan is made here, under the backend's lock, because it
// depends on what has run. The same identifier sent again gives the same request, so a caller may repeat.
import { createHash } from 'node:crypto';
import type { Plan } from '@glovebox/pipeline';
import { ProblemError, type WithoutJob } from '@glovebox/record';
import { jobsThatCanStart, lockBackend, readSituation, settleRequests } from '@glovebox/store';
import type { Change } from './context.js';
import { flatOutputs, insertPlan, type RequestRow } from './insert-plan.js';
import { makeReady } from './make-ready.js';
import { planRequest, type RequestPlan, type StudyAtCommit } from './plan-request.js';
import { problem } from './problems.js';
import { letWait } from './waiting.js';

export interface Submission {
  /** Decides whether this is a repetition; a new one from `newIdentifier()` otherwise. */
  readonly identifier: string;
  /** Row numbers, from the caller that checked them. */
  readonly workspace: number;
  readonly backend: number;
  readonly person: number;
  readonly commit: string;
  readonly study: StudyAtCommit;
  /** The text that the pipeline was read from. */
  readonly pipelineText: string;
  readonly actions: readonly string[];
  readonly force: boolean;
}

export interface CreatedRequest {
  readonly number: number;
  readonly identifier: string;
  /** How many jobs it has; none when there was nothing to do. */
  readonly jobs: number;
  readonly message: string;
  /** False when it had been made before with the same identifier. */
  readonly isNew: boolean;
}

/** Throws ProblemError when an action is unknown or the identifier stands for another request. */
export async function createJobRequest(change: Change, submission: Submission): Promise<CreatedRequest> {
  const { tx } = change;
  await lockBackend(tx, submission.backend);
  const before = await findBefore(change, submission);
  if (before) return before;

  const planned = await planRequest(tx, submission);
  const { plan, ids } = planned;
  const message = plan.jobs.length === 0 ? nothingToDo(plan) : null;
  const request = await insertRequest(change, submission, planned, message);
  const jobs = await insertPlan(change, request, plan.jobs, ids);
  const ready = await jobsThatCanStart(
    tx,
    jobs.map((job) => job.id),
  );
  const readyIds = new Set(ready.map((job) => job.id));
  await makeReady(change, submission.backend, ready);
  const waiting = jobs.filter((job) => !readyIds.has(job.id)).map((job) => ({ ...job, hasTask: false }));
  await letWait(change, await readSituation(tx, submission.backend), waiting);
  await settleRequests(tx, [request.number]);
  change.requests.add(request.number);
  change.standings.add(submission.backend);
  return { ...answer(request, jobs.length, message), isNew: true };
}

const answer = ({ number, identifier }: RequestRow, jobs: number, message: string | null) => {
  const created = jobs === 1 ? 'Created one job.' : `Created ${jobs} jobs.`;
  return { number, identifier, jobs, message: message ?? created };
};

function nothingToDo({ entries }: Plan): string {
  return entries.some(({ does }) => does === 'wait')
    ? 'Nothing to do: what was asked for is already waiting or running in an earlier request.'
    : 'Nothing to do: every action is up to date. Force the run or name the actions to run them again.';
}

async function findBefore({ tx }: Change, submission: Submission): Promise<CreatedRequest | null> {
  const found = await tx
    .selectFrom('job_requests')
    .selectAll()
    .where('identifier', '=', submission.identifier)
    .executeTakeFirst();
  if (!found) return null;
  const isSame =
    found.workspace === submission.workspace &&
    found.backend === submission.backend &&
    found.requested_by === submission.person &&
    found.commit === submission.commit &&
    found.force === submission.force &&
    JSON.stringify(found.requested_actions) === JSON.stringify(submission.actions);
  if (!isSame) throw new ProblemError(problem('request-repeated-differently', []));
  const { count } = await tx
    .selectFrom('jobs')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('request', '=', found.number)
    .executeTakeFirstOrThrow();
  return { ...answer(found, Number(count), found.message), isNew: false };
}

async function insertPipeline({ tx }: Change, { study: { pipeline }, pipelineText }: Submission): Promise<string> {
  const digest = createHash('sha256').update(pipelineText).digest('hex');
  const actions = pipeline.actions.map(({ name, needs, outputs }) => ({ name, needs, outputs: flatOutputs(outputs) }));
  await tx
    .insertInto('pipelines')
    .values({ digest, text: pipelineText, actions: JSON.stringify(actions) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return digest;
}

async function insertTree({ tx }: Change, { tree }: RequestPlan): Promise<string> {
  const { digest, files } = tree;
  await tx
    .insertInto('code_trees')
    .values({ digest, files: JSON.stringify(Object.fromEntries(files)) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return digest;
}

async function insertRequest(
  change: Change,
  submission: Submission,
  planned: RequestPlan,
  message: string | null,
): Promise<RequestRow> {
  const { tx, now } = change;
  const { identifier, workspace, backend, person, commit, force } = submission;
  const names = await tx
    .selectFrom('workspaces as w')
    .innerJoin('projects as p', 'p.id', 'w.project')
    .innerJoin('organisations as o', 'o.id', 'p.organisation')
    .innerJoin('people as q', (join) => join.on('q.id', '=', person))
    .select(['w.repository', 'w.branch', 'q.name as requester_name'])
    .select(['o.slug as organisation_slug', 'o.name as organisation_name'])
    .where('w.id', '=', workspace)
    .executeTakeFirstOrThrow();
  const request = { identifier, workspace, backend, commit, force, message, requested_by: person, created_at: now };
  const requested_actions = [...submission.actions];
  const pipeline = await insertPipeline(change, submission);
  const code_tree = await insertTree(change, planned);
  const without_job = JSON.stringify(planned.plan.entries.filter((entry): entry is WithoutJob => entry.does !== 'run'));
  const { number } = await tx
    .insertInto('job_requests')
    .values({ ...request, ...names, requested_actions, pipeline, code_tree, without_job, outcome: null })
    .returning('number')
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('events')
    .values({ at: now, kind: 'request-created', person, request: number, detail: '{}' })
    .execute();
  return { number, identifier, workspace, backend };
}
