// The jobs of a request, a page of rows at a time on a shared time axis; a row that has not succeeded has a second line with the
// reason, the cause and the next step, or how it stands. Headings are links that sort, so that sorting works without script.
import type { JobRequestView, JobView } from '@glovebox/record';
import { between, inWords, LevelChips, Name, Prose, Span, StatusBadge, statusWords, Table } from '@glovebox/ui';
import { CancelForm } from '../cancel.js';
import { Standing } from '../job/standing.js';
import { jobHref } from '../links.js';
import { axisOf, type Axis } from './axis.js';
import { AxisHeading, JobBar } from './job-bar.js';

export const jobOrders = ['started', 'status', 'action', 'runtime'] as const;
export type JobOrder = (typeof jobOrders)[number];

const stateRank = { failed: 0, running: 1, pending: 2, succeeded: 3 } as const;
const runOf = (job: JobView): number =>
  job.startedAt === null || job.completedAt === null ? -1 : between(job.startedAt, job.completedAt);

/** Jobs that have not started come last, in the order of the pipeline. */
function byStart(a: JobView, b: JobView): number {
  if (a.startedAt === null || b.startedAt === null) return Number(a.startedAt === null) - Number(b.startedAt === null);
  return Date.parse(a.startedAt) - Date.parse(b.startedAt);
}

const comparisons: Readonly<Record<JobOrder, (a: JobView, b: JobView) => number>> = {
  started: byStart,
  status: (a, b) => stateRank[a.state] - stateRank[b.state],
  action: (a, b) => (a.action < b.action ? -1 : 1),
  runtime: (a, b) => runOf(b) - runOf(a),
};

export const sortJobs = (jobs: readonly JobView[], order: JobOrder): readonly JobView[] =>
  [...jobs].sort(comparisons[order]);

/** The jobs that this one still waits for. */
const awaited = (job: JobView, jobs: readonly JobView[]): readonly JobView[] =>
  job.code === 'waiting_on_dependencies'
    ? jobs.filter((other) => job.needs.includes(other.action) && other.state !== 'succeeded')
    : [];

const Why = ({ request, job }: { readonly request: JobRequestView; readonly job: JobView }) => {
  const waitsFor = awaited(job, request.jobs);
  return (
    <div class="why">
      <p>
        {job.message} <code class="quiet">{job.code}</code>
      </p>
      {job.cause && (
        <p>
          Cause:{' '}
          <a href={jobHref({ ...request, number: job.cause.request }, job.cause.identifier)}>{job.cause.action}</a>{' '}
          failed.
        </p>
      )}
      {waitsFor.length > 0 && (
        <p>
          Waits for{' '}
          {waitsFor.map((other, i) => (
            <>
              {i > 0 && ', '}
              <a href={jobHref(request, other.identifier)}>{other.action}</a> ({statusWords[other.state].toLowerCase()})
            </>
          ))}
          .
        </p>
      )}
      {job.hint && <p>Next step: {job.hint}</p>}
      <Standing job={job} areNeedsShown={waitsFor.length > 0} />
      {job.completedAt === null && <CancelForm request={request} action={job.action} />}
    </div>
  );
};

const originWords = { requested: 'asked for', dependency: 'came along' } as const;

const JobRows = ({
  request,
  job,
  axis,
  now,
}: {
  readonly request: JobRequestView;
  readonly job: JobView;
  readonly axis: Axis;
  readonly now: string;
}) => {
  const needsExplaining = job.state !== 'succeeded';
  return (
    <tbody
      id={`job-${job.identifier}`}
      class={job.state === 'failed' ? 'failed-row' : undefined}
      data-announce={`${job.action}: ${statusWords[job.state].toLowerCase()}.`}
    >
      <tr>
        <td>
          <StatusBadge status={job.state} />
          <div class="small quiet">
            <code>{job.identifier}</code>
          </div>
        </td>
        <th scope="row">
          <a href={jobHref(request, job.identifier)}>
            <Name text={job.action} />
          </a>
          <div class="small quiet">
            {originWords[job.origin]}
            {job.because !== '' && job.reasons.some(({ kind }) => kind !== 'requested') && (
              <>
                {' '}
                · because <Prose text={job.because} />
              </>
            )}
            {!needsExplaining && ` · ${job.message}`}
          </div>
        </th>
        <td>
          <LevelChips levels={job.outputs.map((output) => output.level)} />
        </td>
        <td class="axis">
          <JobBar job={job} axis={axis} now={now} />
        </td>
        <td class="number">
          {job.startedAt === null ? (
            <span class="quiet">not started</span>
          ) : (
            <Span milliseconds={between(job.startedAt, job.completedAt ?? now)} />
          )}
        </td>
      </tr>
      {needsExplaining && (
        <tr class="more">
          <td />
          <td colspan={4}>
            <Why request={request} job={job} />
          </td>
        </tr>
      )}
    </tbody>
  );
};

const Sorting = ({
  order,
  current,
  children,
}: {
  readonly order: JobOrder;
  readonly current: JobOrder;
  readonly children: string;
}) => (order === current ? <>{children}</> : <a href={order === 'started' ? '?' : `?sort=${order}`}>{children}</a>);

const sortDirection = (order: JobOrder, current: JobOrder) => {
  if (order !== current) return undefined;
  return order === 'runtime' ? 'descending' : 'ascending';
};

/** More would take a browser seconds to lay out. */
export const jobsPerPage = 250;

const JobPages = ({ of, from, order }: { readonly of: number; readonly from: number; readonly order: JobOrder }) => {
  const to = Math.min(of, from + jobsPerPage - 1);
  const href = (start: number) => `?sort=${order}&from=${start}`;
  return (
    <nav class="pages" aria-label="Pages of jobs">
      <span>
        Jobs {from.toLocaleString('en-GB')} to {to.toLocaleString('en-GB')} of {of.toLocaleString('en-GB')}
      </span>
      {from > 1 && <a href={href(Math.max(1, from - jobsPerPage))}>Previous</a>}
      {to < of && <a href={href(to + 1)}>Next</a>}
    </nav>
  );
};

/** @param from which job is the first to be shown, counted from 1 */
export const JobsTable = ({
  request,
  order,
  from,
  now,
}: {
  readonly request: JobRequestView;
  readonly order: JobOrder;
  readonly from: number;
  readonly now: string;
}) => {
  const axis = axisOf(request.jobs, request.createdAt, now);
  const heading = (column: JobOrder, text: string) => (
    <Sorting order={column} current={order}>
      {text}
    </Sorting>
  );
  const first = from <= request.jobs.length ? from : 1;
  return (
    <>
      <Table label="Jobs" kind="jobs">
        <thead>
          <tr>
            <th scope="col" aria-sort={sortDirection('status', order)}>
              {heading('status', 'Status')}
            </th>
            <th scope="col" aria-sort={sortDirection('action', order)}>
              {heading('action', 'Action')}
            </th>
            <th scope="col">Outputs</th>
            <th scope="col" class="axis" aria-sort={sortDirection('started', order)}>
              {heading('started', 'Time since the request')}
              <AxisHeading axis={axis} />
            </th>
            <th scope="col" class="number" aria-sort={sortDirection('runtime', order)}>
              {heading('runtime', 'Run time')}
              <div class="small quiet">HH:MM:SS</div>
            </th>
          </tr>
        </thead>
        {sortJobs(request.jobs, order)
          .slice(first - 1, first - 1 + jobsPerPage)
          .map((job) => (
            <JobRows request={request} job={job} axis={axis} now={now} />
          ))}
      </Table>
      {request.jobs.length > jobsPerPage && <JobPages of={request.jobs.length} from={first} order={order} />}
    </>
  );
};

/** "Succeeded 5, failed 1": states that occur. */
export function countsInWords(counts: JobRequestView['jobCounts']): string {
  const parts = (['succeeded', 'failed', 'running', 'pending'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state].toLocaleString('en-GB')} ${statusWords[state].toLowerCase()}`);
  return inWords(parts);
}
