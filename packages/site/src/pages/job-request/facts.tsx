// What stands at the side of a job request's page: facts and the timeline.
import type { JobRequestView } from '@glovebox/record';
import { between, Copyable, count, Facts, Moment, Span, StatusBadge } from '@glovebox/ui';
import { backendHref, jobHref, organisationHref, projectHref, repositoryHref, workspaceHref } from '../links.js';

/** The backend's name, with what kind of data it holds unless the name says that already. */
export const backendInWords = ({ name, isSynthetic }: JobRequestView['backend']): string =>
  isSynthetic && !/synthetic/i.test(name) ? `${name} (synthetic data)` : name;

export const RepositoryLink = ({ repository }: { readonly repository: string }) => {
  const href = repositoryHref(repository);
  return href ? <a href={href}>{href.replace(/^https?:\/\//, '')}</a> : <code>{repository.split('/').at(-1)}</code>;
};

/** More than these are folded away. */
const mostListedActions = 12;

const RequestedActions = ({ request }: { readonly request: JobRequestView }) => {
  const jobs = new Map(request.jobs.map((job) => [job.action, job.identifier]));
  const list = (
    <ul>
      {request.requestedActions.map((action) => {
        const identifier = jobs.get(action);
        return <li>{identifier ? <a href={jobHref(request, identifier)}>{action}</a> : action}</li>;
      })}
    </ul>
  );
  if (request.requestedActions.length <= mostListedActions) return list;
  return (
    <details>
      <summary>{count(request.requestedActions.length, 'action')}</summary>
      {list}
    </details>
  );
};

export const RequestFacts = ({ request }: { readonly request: JobRequestView }) => (
  <section>
    <h2>Request</h2>
    <Facts
      facts={[
        ['Status', <StatusBadge status={request.status} />],
        ['Identifier', <Copyable text={request.identifier} label="the identifier" />],
        ['Organisation', <a href={organisationHref(request.organisation)}>{request.organisation.name}</a>],
        ['Project', <a href={projectHref(request.project)}>{request.project.name}</a>],
        ['Workspace', <a href={workspaceHref(request.project, request.workspace)}>{request.workspace}</a>],
        ['Backend', <a href={backendHref(request.backend)}>{backendInWords(request.backend)}</a>],
        ['Requested by', request.requestedBy.name],
        ['Requested actions', <RequestedActions request={request} />],
        ['Force run dependencies', request.force ? 'Yes' : 'No'],
        ['Repository', <RepositoryLink repository={request.repository} />],
        ['Branch', <code>{request.branch}</code>],
        ['Commit', request.commit === '' ? 'none' : <Copyable text={request.commit} label="the commit" />],
      ]}
    />
  </section>
);

export const Timeline = ({ request, now }: { readonly request: JobRequestView; readonly now: string }) => {
  const { createdAt, startedAt, completedAt } = request;
  const missing = request.jobs.length === 0 ? 'nothing ran' : 'not yet';
  return (
    <section>
      <h2>Timeline</h2>
      <Facts
        facts={[
          ['Created', <Moment at={createdAt} />],
          ['Started', startedAt === null ? missing : <Moment at={startedAt} />],
          ['Finished', completedAt === null ? missing : <Moment at={completedAt} />],
          request.jobs.length === 0
            ? null
            : [
                completedAt === null ? 'Since the request' : 'From request to end',
                <Span milliseconds={between(createdAt, completedAt ?? now)} />,
              ],
          ['Run time of its finished jobs', <Span milliseconds={request.runMilliseconds} />],
        ]}
      />
    </section>
  );
};
