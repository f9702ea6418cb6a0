// The job request page, the pattern for all others: what was asked, what ran, what it makes, and what changed since before.
import type { JobRequestView } from '@glovebox/record';
import { FactLine, Moment, Notice, StatusBadge } from '@glovebox/ui';
import { CancelForm } from '../cancel.js';
import {
  backendHref,
  organisationHref,
  projectHref,
  requestFormHref,
  requestHref,
  shortCommit,
  workspaceHref,
} from '../links.js';
import { SitePage } from '../site-layout.js';
import type { StudyCode } from '../study-code.js';
import { Account, LevelMeanings, WithoutJobs } from './account.js';
import { type Against, comparisonSection } from './comparison-section.js';
import { RequestFacts, Timeline } from './facts.js';
import { countsInWords, type JobOrder, JobsTable } from './jobs-table.js';
import { pipelineSection } from './pipeline-section.js';

export interface JobRequestPageOptions {
  readonly order: JobOrder;
  readonly against: Against;
  /** Which job is the first to be shown, counted from 1. */
  readonly from: number;
  /** ISO 8601. */
  readonly now: string;
}

const Jobs = ({ request, options }: { readonly request: JobRequestView; readonly options: JobRequestPageOptions }) => {
  if (request.jobs.length > 0)
    return <JobsTable request={request} order={options.order} from={options.from} now={options.now} />;
  return (
    <Notice isBad={request.status === 'refused'}>
      <p>{request.message ?? 'This request has no jobs.'}</p>
      {request.status === 'nothing_to_do' && (
        <p>
          To run the actions again all the same,{' '}
          <a href={requestFormHref(request, { backend: request.backend.slug, action: 'run_all', force: 'true' })}>
            request them even if they are up to date
          </a>
          .
        </p>
      )}
    </Notice>
  );
};

const isOpen = (request: JobRequestView): boolean => request.status === 'pending' || request.status === 'running';

const Heading = ({ request }: { readonly request: JobRequestView }) => (
  <div class="intro">
    <h1>Job request {request.number}</h1>
    <FactLine
      facts={[
        ['Status', <StatusBadge status={request.status} />],
        ['Backend', <a href={backendHref(request.backend)}>{request.backend.name}</a>],
        ['Workspace', <a href={workspaceHref(request.project, request.workspace)}>{request.workspace}</a>],
        ['Organisation', <a href={organisationHref(request.organisation)}>{request.organisation.name}</a>],
        ['Requested by', request.requestedBy.name],
        request.commit === '' ? null : ['Commit', <code>{shortCommit(request.commit)}</code>],
        ['ID', <code>{request.identifier}</code>],
        ['Created', <Moment at={request.createdAt} />],
      ]}
    />
    <Account request={request} />
    <LevelMeanings request={request} />
  </div>
);

export async function jobRequestPage(request: JobRequestView, code: StudyCode, options: JobRequestPageOptions) {
  const href = requestHref(request);
  const [pipeline, comparison] = await Promise.all([
    pipelineSection(request, code),
    comparisonSection(request, options.against, code),
  ]);
  const counts = countsInWords(request.jobCounts);
  return (
    <SitePage
      title={`Job request ${request.number}: ${request.workspace}`}
      description={`${request.requestedBy.name}, ${request.organisation.name}: ${counts}`}
      crumbs={[
        { text: 'Glovebox', href: '/' },
        { text: request.project.name, href: projectHref(request.project) },
        { text: request.workspace, href: workspaceHref(request.project, request.workspace) },
        { text: `Job request ${request.number}` },
      ]}
      jsonHref={`${href}.json`}
      feedHref={`${workspaceHref(request.project, request.workspace)}.atom`}
      live={{ events: `${href}/events`, isActive: isOpen(request) }}
    >
      <Heading request={request} />
      <div class="beside">
        <div>
          <section>
            <h2>Jobs</h2>
            {request.jobs.length > 0 && <p class="quiet small">{counts}</p>}
            {isOpen(request) && <CancelForm request={request} />}
            <Jobs request={request} options={options} />
            <WithoutJobs request={request} />
          </section>
          <section>
            <h2>Pipeline</h2>
            <p class="quiet small">
              Each action stands to the right of those whose outputs it needs. A box leads to its job; dashed ones are
              not part of this request.
            </p>
            {pipeline}
          </section>
          <section id="comparison">
            <h2>Code comparison</h2>
            {comparison}
          </section>
        </div>
        <aside>
          <Timeline request={request} now={options.now} />
          <RequestFacts request={request} />
        </aside>
      </div>
    </SitePage>
  );
}
