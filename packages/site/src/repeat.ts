// Does something again and again while the site runs. A failure is logged and the next turn tries again: lost leases would
// stay with agents that are gone, and the database would only grow, if one bad moment could end the loop.
import type { Logger } from 'pino';

/** @returns what stops it, after waiting for a turn that is under way; turns never overlap */
export function repeat(every: number, what: string, work: () => Promise<unknown>, log: Logger): () => Promise<void> {
  let current: Promise<void> | undefined;
  const turn = async (): Promise<void> => {
    try {
      await work();
    } catch (err) {
      log.error({ err }, `${what} failed`);
    } finally {
      current = undefined;
    }
  };
  const timer = setInterval(() => {
    current ??= turn();
  }, every * 1000);
  return async () => {
    clearInterval(timer);
    await current;
  };
}
