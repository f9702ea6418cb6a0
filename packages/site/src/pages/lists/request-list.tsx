// Job requests as a table, newest first, a page at a time. Paging is by number, so that new requests don't shift a page.
import type { RequestSummaryView } from '@glovebox/record';
import { Columns, between, Moment, Notice, Span, StatusBadge, Table } from '@glovebox/ui';
import { organisationHref, requestHref, workspaceHref } from '../links.js';

export const requestsPerPage = 25;

/** One page of requests and where the next one starts, if there is more. */
export interface RequestPage {
  readonly requests: readonly RequestSummaryView[];
  readonly next: number | null;
}

/** @param found one more than a page holds, when there is more */
export function pageOf(found: readonly RequestSummaryView[]): RequestPage {
  const requests = found.slice(0, requestsPerPage);
  return { requests, next: found.length > requestsPerPage ? (requests.at(-1)?.number ?? null) : null };
}

const runTime = (request: RequestSummaryView) =>
  request.startedAt !== null && request.completedAt !== null ? (
    <Span milliseconds={between(request.startedAt, request.completedAt)} />
  ) : (
    ''
  );

const doneOf = ({ jobCounts }: RequestSummaryView): string => {
  const total = jobCounts.pending + jobCounts.running + jobCounts.succeeded + jobCounts.failed;
  return `${jobCounts.succeeded.toLocaleString('en-GB')} of ${total.toLocaleString('en-GB')}`;
};

/** What all requests of a list have in common, and its table therefore does not repeat. */
export type Scope = 'organisation' | 'project' | 'workspace';

export const RequestTable = ({
  requests,
  scope,
}: {
  readonly requests: readonly RequestSummaryView[];
  readonly scope?: Scope | undefined;
}) => (
  <Table label="Job requests" kind="log">
    <Columns
      of={[
        'Status',
        'Request',
        ...(scope === 'workspace' ? [] : ['Workspace']),
        ...(scope === undefined ? ['Organisation'] : []),
        'Requested by',
        'Backend',
        { number: 'Jobs succeeded' },
        'Created',
        { number: 'Start to end', unit: 'HH:MM:SS' },
      ]}
    />
    <tbody>
      {requests.map((request) => (
        <tr>
          <td>
            <StatusBadge status={request.status} />
          </td>
          <th scope="row">
            <a href={requestHref(request)} aria-label={`Job request ${request.number}`}>
              {request.number}
            </a>
          </th>
          {scope !== 'workspace' && (
            <td>
              <a href={workspaceHref(request.project, request.workspace)}>{request.workspace}</a>
            </td>
          )}
          {scope === undefined && (
            <td>
              <a href={organisationHref(request.organisation)}>{request.organisation.name}</a>
            </td>
          )}
          <td>{request.requestedBy.name}</td>
          <td>{request.backend.name}</td>
          <td class="number">{doneOf(request)}</td>
          <td class="moment">
            <Moment at={request.createdAt} />
          </td>
          <td class="number">{runTime(request)}</td>
        </tr>
      ))}
    </tbody>
  </Table>
);

export const RequestList = ({
  page,
  before,
  scope,
}: {
  readonly page: RequestPage;
  readonly before: number | undefined;
  readonly scope?: Scope | undefined;
}) => {
  if (page.requests.length === 0) {
    return (
      <Notice>
        <p>{before === undefined ? 'Nothing has been requested here yet.' : 'There are no earlier requests.'}</p>
        <p>
          <a href="/event-log">See the job requests of all workspaces</a>
        </p>
      </Notice>
    );
  }
  return (
    <>
      <RequestTable requests={page.requests} scope={scope} />
      <nav class="pages" aria-label="Pages">
        {before !== undefined && <a href="?">Newest</a>}
        {page.next !== null && <a href={`?before=${page.next}`}>Earlier</a>}
      </nav>
    </>
  );
};
