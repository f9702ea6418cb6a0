// What DuckDB says when a statement fails, as a problem where a user can act on it. Its own text may quote values of
// the data, so none of it goes into a problem but the name of a table and the kind of failure.
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';

export function asProblem(error: unknown): Error {
  if (error instanceof ProblemError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/^INTERRUPT Error/i.test(text)) return new ProblemError(problem('query-cancelled', []));
  if (/^Out of Memory Error/i.test(text)) return new ProblemError(problem('engine-out-of-memory', []));
  if (/Max expression depth limit|stack (?:depth|limit)|Maximum recursion|too many columns/i.test(text)) {
    return new ProblemError(problem('query-too-complex', []));
  }
  const missing = /^Catalog Error: Table with name (\S+) does not exist/.exec(text);
  if (missing) return new ProblemError(problem('table-missing', [missing[1]!]));
  if (/^Binder Error: .*column/i.test(text)) return new ProblemError(problem('column-missing', []));
  const isOverflow = /^Out of Range Error: Overflow|^Conversion Error: .*out of range for the destination type INT64/;
  if (isOverflow.test(text)) return new ProblemError(problem('integer-overflow', []));
  const kind = /^([A-Za-z ]{3,40}) Error/.exec(text)?.[1] ?? 'unknown';
  return new ProblemError(problem('database-failed', [kind]), { cause: error });
}
