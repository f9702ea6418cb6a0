// Ends a run on a database that takes longer than it may. A statement that is running can't look at a clock: it is cancelled.
import { ProblemError, type Problem } from '@glovebox/record';

export interface TimeLimit {
  readonly milliseconds: number;
  /** Stops the statement that is running, if one is; it then fails. */
  readonly cancel: () => void | Promise<void>;
  /** What the run failed of. */
  readonly problem: () => Problem;
}

/** Between two statements there is nothing to cancel, so it is tried again after so many milliseconds. */
const betweenTries = 1000;

/** @throws ProblemError with the problem of the limit when the run failed after its time was over. */
export async function withTimeLimit<T>(
  { milliseconds, cancel, problem }: TimeLimit,
  run: () => Promise<T>,
): Promise<T> {
  let again: NodeJS.Timeout | undefined;
  const stop = (): void => {
    // A server that can't be reached to cancel a statement can't answer it either.
    Promise.resolve(cancel()).catch(() => {});
  };
  const timer = setTimeout(() => {
    again = setInterval(stop, betweenTries);
    stop();
  }, milliseconds);
  try {
    return await run();
  } catch (error) {
    throw again === undefined ? error : new ProblemError(problem());
  } finally {
    clearTimeout(timer);
    clearInterval(again);
  }
}
