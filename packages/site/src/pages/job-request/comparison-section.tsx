// What changed in the code since the request before: words first, then files with counts, then the differences.
import type { JobRequestView } from '@glovebox/record';
import { count, Notice, written } from '@glovebox/ui';
import type { HtmlEscapedString } from 'hono/utils/html';
import { compareCommits, type Comparison } from '../../comparison/compare.js';
import { FileSection } from '../../comparison/difference.js';
import { kept } from '../kept.js';
import { requestHref, shortCommit } from '../links.js';
import { inTime, type StudyCode } from '../study-code.js';

export type Against = 'previous' | 'succeeded';

const keptComparisons = kept<Promise<Comparison>>(50);
const keptMarkup = kept<HtmlEscapedString>(50);

/** The request that the code is compared with, if there is one. */
export const earlierOf = (request: JobRequestView, against: Against): JobRequestView['previous'] =>
  against === 'succeeded' ? request.previousSucceeded : request.previous;

/** `null` when there is nothing to compare with, or both requests ran the same commit. */
export async function comparisonOf(
  request: JobRequestView,
  against: Against,
  code: StudyCode,
): Promise<Comparison | null> {
  const earlier = earlierOf(request, against);
  if (!earlier || earlier.commit === request.commit || request.commit === '') return null;
  const key = `${request.repository} ${earlier.commit} ${request.commit}`;
  return keptComparisons(key, () => compareCommits(code, earlier.commit, request.commit));
}

/** Open at once when the whole difference is short enough to be read in passing. */
const shortDifference = 120;

const Differences = ({ comparison }: { readonly comparison: Comparison }) => {
  const lines = comparison.files.reduce((sum, file) => sum + (file.added ?? 0) + (file.deleted ?? 0), 0);
  return (
    <div class="stack">
      <ul>
        {comparison.sentences.map((sentence) => (
          <li>{sentence}</li>
        ))}
      </ul>
      <p class="quiet small">
        {count(comparison.files.length + comparison.unlisted, 'file differs', 'files differ')} in all.
      </p>
      <div>
        {comparison.files.map((file) => (
          <FileSection file={file} isOpen={lines <= shortDifference} />
        ))}
      </div>
      {comparison.unlisted > 0 && <p>{count(comparison.unlisted, 'more file')} changed and are not listed.</p>}
    </div>
  );
};

const Choice = ({ request, against }: { readonly request: JobRequestView; readonly against: Against }) => {
  const { previous, previousSucceeded } = request;
  if (!previous || !previousSucceeded || previous.number === previousSucceeded.number) return <></>;
  return against === 'previous' ? (
    <a href="?compare=succeeded#comparison">Compare with the last that succeeded ({previousSucceeded.number})</a>
  ) : (
    <a href="?#comparison">Compare with the previous request ({previous.number})</a>
  );
};

export async function comparisonSection(request: JobRequestView, against: Against, code: StudyCode) {
  const earlier = earlierOf(request, against);
  if (!earlier) {
    return <p class="quiet">There is no earlier request of this workspace at this backend to compare with.</p>;
  }
  const other = (
    <a href={requestHref({ ...request, number: earlier.number })}>
      {against === 'succeeded' ? 'the last request that succeeded' : 'the previous request'}, {earlier.number}
    </a>
  );
  const heading = (
    <p>
      Compared with {other}, at commit <code>{shortCommit(earlier.commit)}</code>.{' '}
      <Choice request={request} against={against} />
    </p>
  );
  if (earlier.commit === request.commit) {
    return (
      <div class="stack">
        {heading}
        <p>Both ran the same commit, so the code is the same.</p>
      </div>
    );
  }
  const comparison = await inTime(comparisonOf(request, against, code));
  if (!comparison) {
    return (
      <div class="stack">
        {heading}
        <Notice>
          <p>The code can't be compared now: the repository did not answer, or one of the commits is gone from it.</p>
          <p>Load the page again later; everything else on it is complete.</p>
        </Notice>
      </div>
    );
  }
  const key = `${request.repository} ${comparison.from} ${comparison.to}`;
  const markup = keptMarkup(key, () => written(<Differences comparison={comparison} />));
  return (
    <div class="stack">
      {heading}
      {markup}
    </div>
  );
}
