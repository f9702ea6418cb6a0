// One job: what was run, through which states, how it ended and what to do next, what it used and what it made.
import type { JobPageView, JobRequestView } from '@glovebox/record';
import {
  between,
  Copyable,
  FactLine,
  Facts,
  Moment,
  Notice,
  Prose,
  Span,
  StatusBadge,
  statusWords,
} from '@glovebox/ui';
import { CancelForm } from '../cancel.js';
import {
  backendHref,
  codeHref,
  jobHref,
  projectHref,
  requestFormHref,
  requestHref,
  shortCommit,
  workspaceHref,
} from '../links.js';
import { SitePage } from '../site-layout.js';
import { Standing } from './standing.js';
import { Outputs, States } from './tables.js';
import { Runtime, Usage } from './usage.js';
import { filesOf, type StudyCode } from '../study-code.js';
import { backendInWords, RepositoryLink } from '../job-request/facts.js';

const Outcome = ({ view }: { readonly view: JobPageView }) => {
  const { job, request } = view;
  return (
    <div class={job.state === 'failed' ? 'why failed-why' : 'why'}>
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
      {job.hint && <p>Next step: {job.hint}</p>}
      {job.state === 'failed' && (
        <p>
          <a href={requestFormHref(request, { backend: request.backend.slug, action: job.action })}>
            Request {job.action} again
          </a>
        </p>
      )}
      <Standing job={job} />
      {job.because !== '' && (
        <p>
          Made because <Prose text={job.because} />.
        </p>
      )}
      {job.completedAt === null && <CancelForm request={request} action={job.action} />}
    </div>
  );
};

/** The command with each word that is a file of the commit as a link to it. */
async function commandOf({ job, request }: JobPageView, code: StudyCode) {
  const files = await filesOf(code, request.commit);
  return (
    <code class="command" id="command">
      {job.command.split(/(\s+)/).map((word) => {
        const path = word.replace(/^\.\//, '');
        return files.has(path) ? <a href={codeHref(request, path)}>{word}</a> : word;
      })}
    </code>
  );
}

const JobFacts = ({ view, now }: { readonly view: JobPageView; readonly now: string }) => {
  const { job, request } = view;
  const { createdAt, startedAt, completedAt } = job;
  return (
    <aside>
      <section>
        <h2>Timeline</h2>
        <Facts
          facts={[
            ['Created', <Moment at={createdAt} />],
            ['Started', startedAt === null ? 'not yet' : <Moment at={startedAt} />],
            ['Finished', completedAt === null ? 'not yet' : <Moment at={completedAt} />],
            ['Waited', <Span milliseconds={between(createdAt, startedAt ?? completedAt ?? now)} />],
            startedAt === null ? null : ['Ran', <Span milliseconds={between(startedAt, completedAt ?? now)} />],
          ]}
        />
      </section>
      <Usage job={job} />
      <section>
        <h2>Job</h2>
        <Facts
          facts={[
            ['Identifier', <Copyable text={job.identifier} label="the identifier" />],
            ['Job request', <a href={requestHref(request)}>{request.number}</a>],
            ['Asked for', job.origin === 'requested' ? 'by name' : 'no: another action needs it'],
            ['Backend', <a href={backendHref(request.backend)}>{backendInWords(request.backend)}</a>],
            job.runtime === null ? null : ['Run with', <Runtime runtime={job.runtime} />],
            job.reusable === null
              ? null
              : [
                  'Reusable action',
                  <>
                    <RepositoryLink repository={job.reusable.repository} /> at{' '}
                    <code>{shortCommit(job.reusable.commit)}</code>
                  </>,
                ],
            job.dataRelease === null ? null : ['Data release', <code>{job.dataRelease}</code>],
            job.exitCode === null ? null : ['Exit code', job.exitCode],
            ['Requested by', request.requestedBy.name],
            ['Repository', <RepositoryLink repository={request.repository} />],
            ['Branch', <code>{request.branch}</code>],
            ['Commit', <Copyable text={request.commit} label="the commit" />],
          ]}
        />
      </section>
    </aside>
  );
};

/** An action that this job needs: its job in the same request, or the earlier one whose outputs are used. */
const Need = ({
  need,
  view,
  all,
}: {
  readonly need: string;
  readonly view: JobPageView;
  readonly all: JobRequestView;
}) => {
  const job = all.jobs.find((other) => other.action === need);
  if (job)
    return (
      <li>
        <a href={jobHref(view.request, job.identifier)}>{need}</a> <StatusBadge status={job.state} />
      </li>
    );
  const earlier = all.withoutJob.find(({ action }) => action === need);
  return (
    <li>
      {earlier ? <a href={`/jobs/${earlier.job}`}>{need}</a> : need}{' '}
      <span class="quiet">{earlier?.words ?? 'made by an earlier request'}</span>
    </li>
  );
};

/**
 * @param all the whole request
 * @param now ISO 8601
 */
export async function jobPage(view: JobPageView, all: JobRequestView, code: StudyCode, now: string) {
  const { job, request } = view;
  const href = jobHref(request, job.identifier);
  const isOpen = job.completedAt === null;
  return (
    <SitePage
      title={`${job.action}: job of request ${request.number}`}
      description={`${statusWords[job.state]}. ${job.message}`}
      crumbs={[
        { text: 'Glovebox', href: '/' },
        { text: request.project.name, href: projectHref(request.project) },
        { text: request.workspace, href: workspaceHref(request.project, request.workspace) },
        { text: `Job request ${request.number}`, href: requestHref(request) },
        { text: job.action },
      ]}
      jsonHref={`${href}.json`}
      live={{ events: `${requestHref(request)}/events`, isActive: isOpen }}
    >
      <div class="intro" id="outcome" data-announce={`${job.action}: ${statusWords[job.state].toLowerCase()}.`}>
        <h1>{job.action}</h1>
        <FactLine
          facts={[
            ['Status', <StatusBadge status={job.state} />],
            ['Backend', <a href={backendHref(request.backend)}>{request.backend.name}</a>],
            ['Job request', <a href={requestHref(request)}>{request.number}</a>],
            ['Commit', <code>{shortCommit(request.commit)}</code>],
            ['ID', <code>{job.identifier}</code>],
          ]}
        />
        <Outcome view={view} />
      </div>
      <div class="beside">
        <div>
          <section>
            <h2>Command</h2>
            {await commandOf(view, code)}
          </section>
          <section>
            <h2>States over time</h2>
            {view.events.length === 0 ? (
              <Notice>
                <p>Nothing has happened to this job yet.</p>
              </Notice>
            ) : (
              <States events={view.events} now={now} isOpen={isOpen} />
            )}
          </section>
          <section>
            <h2>Outputs</h2>
            <p class="quiet small">Names and patterns are those of project.yaml. The files stay inside the backend.</p>
            <Outputs job={job} />
          </section>
          {job.needs.length > 0 && (
            <section>
              <h2>Needs</h2>
              <ul class="plain">
                {job.needs.map((need) => (
                  <Need need={need} view={view} all={all} />
                ))}
              </ul>
            </section>
          )}
        </div>
        <JobFacts view={view} now={now} />
      </div>
    </SitePage>
  );
}
