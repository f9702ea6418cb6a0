// Looks every second for leases that ran out. A failure is logged and the next look tries again: the loop must not end
// while the site runs, or lost tasks would stay with agents that are gone.
import type { Controller } from '@glovebox/controller';
import type { Logger } from 'pino';

/** @returns what stops the loop and waits for a look that is under way */
export function startExpiry(controller: Controller, log: Logger): () => Promise<void> {
  let current: Promise<void> = Promise.resolve();
  let isLooking = false;
  const look = async (): Promise<void> => {
    try {
      const count = await controller.expireLeases();
      if (count > 0) log.warn({ count }, 'leases ran out');
    } catch (err) {
      log.error({ err }, 'looking for lost leases failed');
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    current = look();
  }, 1000);
  return async () => {
    clearInterval(timer);
    await current;
  };
}
