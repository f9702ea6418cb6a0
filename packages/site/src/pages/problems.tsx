// Problems on a page: message, the line of the file that it is about with the part underlined, the next step.
import type { Place, Problem } from '@glovebox/record';
import { Prose } from '@glovebox/ui';

const whereOf = ({ path, line, column }: Place): string =>
  line === undefined
    ? path
    : column === undefined
      ? `${path}, line ${line}`
      : `${path}, line ${line}, column ${column}`;

/** The line with its marked part. Columns count from 1. */
const Excerpt = ({ place }: { readonly place: Place }) => {
  const { excerpt, line, column, endColumn } = place;
  if (excerpt === undefined || line === undefined) return <></>;
  const from = (column ?? 1) - 1;
  const to = column === undefined ? 0 : Math.max(from + 1, (endColumn ?? column + 1) - 1);
  return (
    <div class="code" tabindex={0} role="region" aria-label={`Line ${line} of ${place.path}`}>
      <div class="row">
        <span class="gutter">{line}</span>
        <code class="text">
          {excerpt.slice(0, from)}
          <mark>{excerpt.slice(from, to)}</mark>
          {excerpt.slice(Math.max(from, to))}
        </code>
      </div>
    </div>
  );
};

export const Problems = ({ problems }: { readonly problems: readonly Problem[] }) =>
  problems.length === 0 ? (
    <></>
  ) : (
    <div class="notice bad stack" role="alert">
      {problems.map((problem) => (
        <div class="problem">
          <p>
            <Prose text={problem.message} />
          </p>
          {problem.place && <p class="quiet small">{whereOf(problem.place)}</p>}
          {problem.place && <Excerpt place={problem.place} />}
          {problem.hint && (
            <p>
              Next step: <Prose text={problem.hint} />
            </p>
          )}
        </div>
      ))}
    </div>
  );
