// Job requests as an Atom feed (RFC 4287), newest first. Links are relative to the feed, so that nothing in it depends on the
// name under which a visitor reached the site; entries are named by the identifier of their request.
import type { RequestSummaryView } from '@glovebox/record';
import { statusWords, written } from '@glovebox/ui';
import type { Context } from 'hono';
import { requestHref } from './links.js';

/** When the request last changed, as far as its summary knows. */
const changedAt = (request: RequestSummaryView): string =>
  request.completedAt ?? request.startedAt ?? request.createdAt;

// JSX writes elements without content as `<link />`, which is what XML wants too.
const Entry = ({ request }: { readonly request: RequestSummaryView }) => (
  <entry>
    <id>{`urn:glovebox:job-request:${request.identifier}`}</id>
    <title>{`Job request ${request.number}: ${request.workspace}, ${statusWords[request.status].toLowerCase()}`}</title>
    <link rel="alternate" type="text/html" href={requestHref(request)} />
    <published>{request.createdAt}</published>
    <updated>{changedAt(request)}</updated>
    <author>
      <name>{request.requestedBy.name}</name>
    </author>
    <summary type="text">
      {`${request.requestedBy.name} of ${request.organisation.name} at ${request.backend.name}: ${request.jobCounts.succeeded} succeeded, ${request.jobCounts.failed} failed.`}
    </summary>
  </entry>
);

export interface Feed {
  readonly title: string;
  /** The page that shows the same. */
  readonly href: string;
  readonly requests: readonly RequestSummaryView[];
  /** ISO 8601; what a feed without entries says of itself. */
  readonly now: string;
}

export function answerFeed(c: Context, { title, href, requests, now }: Feed): Response {
  const updated = requests.map(changedAt).sort().at(-1) ?? now;
  const feed = (
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">
      <id>{`urn:glovebox:feed:${href}`}</id>
      <title>{title}</title>
      <updated>{updated}</updated>
      <link rel="self" type="application/atom+xml" href={`${href}.atom`} />
      <link rel="alternate" type="text/html" href={href} />
      {requests.map((request) => (
        <Entry request={request} />
      ))}
    </feed>
  );
  return c.body(`<?xml version="1.0" encoding="utf-8"?>\n${String(written(feed))}`, 200, {
    'content-type': 'application/atom+xml; charset=utf-8',
  });
}
