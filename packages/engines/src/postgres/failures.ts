// What PostgreSQL says when a statement fails, as a problem where a user can act on it. Its own text may quote values of
// the data, so none of it goes into a problem but the name of a table and the code of the failure.
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';

/** Codes of PostgreSQL's manual, appendix A. */
export function asProblem(error: unknown): Error {
  if (error instanceof ProblemError) return error;
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  switch (code) {
    case '57014':
      return new ProblemError(problem('query-cancelled', []));
    case '42P01':
      return new ProblemError(problem('table-missing', [/"([^"]+)"/.exec(message ?? '')?.[1] ?? 'that name']));
    case '42703':
      return new ProblemError(problem('column-missing', []));
    case '22003':
      return new ProblemError(
        problem(/bigint|integer/.test(message ?? '') ? 'integer-overflow' : 'float-overflow', []),
      );
    case '55P03':
      return new ProblemError(problem('database-importing', []));
    // Deadlock, serialization failure; too many connections; shutting down, crashed, starting.
    case '40001':
    case '40P01':
    case '53300':
    case '57P01':
    case '57P02':
    case '57P03':
      return new ProblemError(problem('database-busy', []));
    // Statement too complex, too many columns, too many arguments; stack depth shows as the first.
    case '54000':
    case '54001':
    case '54011':
    case '54023':
      return new ProblemError(problem('query-too-complex', []));
    case '53100':
    case '53200':
      return new ProblemError(problem('engine-out-of-memory', []));
    default:
      break;
  }
  const isConnection = typeof code === 'string' && /^(08|28|3D|57P|ECONN|ENOTFOUND|ENOENT|ETIMEDOUT|EPIPE)/.test(code);
  if (isConnection || /Connection terminated|timeout expired|password must be/.test(message ?? '')) {
    return new ProblemError(problem('database-not-reachable', []));
  }
  return new ProblemError(problem('database-failed', [typeof code === 'string' ? code : 'no code']), { cause: error });
}
