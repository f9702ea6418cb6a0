// Takes the report of a complete job to the site until it is answered, and does what the answer says: only what the site
// accepted counts here, so a job that was cancelled while it ended shows nothing of what it made.
import type { OutputStore } from '@glovebox/execution';
import { backOff } from './backoff.js';
import type { Log } from './log.js';
import type { Report, Reports } from './reports.js';
import { SiteRefusal, type SiteClient } from './site-client.js';

export interface Delivery {
  readonly store: OutputStore;
  readonly reports: Reports;
  readonly client: SiteClient;
  readonly log: Log;
}

/** Answers after which it is worth asking again, though they name a fault of the question. */
const passing = [401, 403, 408, 429];

/**
 * Sends a report until the site has answered it, and does what the answer says.
 *
 * @param signal when it aborts, this rejects, and the report stays kept for the next start
 * @returns what the site said; `refused` too when it found the report wrong
 */
export async function deliver(
  report: Report,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<'accepted' | 'refused'> {
  const { store, reports } = delivery;
  const { job, result } = report;
  // Kept only where something is to count: without a manifest the job is run again, or was never here.
  const isComplete = result.manifest !== undefined;
  if (isComplete) await again(delivery, report, signal, 'could not keep a report', () => reports.keep(report));
  const verdict = await ask(report, delivery, signal);
  if (!isComplete) return verdict;
  // The site has made up its mind: a disk that is full for the moment must not leave this side behind it.
  if (verdict === 'accepted') {
    await again(delivery, report, signal, 'could not count a job', () => store.accept(job));
  }
  await reports.remove(report);
  return verdict;
}

async function ask(report: Report, { client, log }: Delivery, signal: AbortSignal) {
  const { task, result } = report;
  for (let attempt = 1; ; attempt++) {
    try {
      const { verdict } = await client.report(task, result, signal);
      log.info(`report ${verdict}`, { ...fieldsOf(report), code: result.outcome.code });
      return verdict;
    } catch (error) {
      signal.throwIfAborted();
      const status = error instanceof SiteRefusal ? error.status : undefined;
      log.warn('report failed', { ...fieldsOf(report), attempt, ...(status === undefined ? {} : { status }) }, error);
      // The site understood and does not want it: asking again would not change that.
      if (status !== undefined && status >= 400 && status < 500 && !passing.includes(status)) return 'refused';
      await backOff(attempt, signal);
    }
  }
}

const fieldsOf = ({ job, task, result }: Report) => ({ job, task, fence: result.fence });

async function again(
  { log }: Delivery,
  report: Report,
  signal: AbortSignal,
  event: string,
  act: () => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await act();
      return;
    } catch (error) {
      signal.throwIfAborted();
      log.warn(event, { ...fieldsOf(report), attempt }, error);
      await backOff(attempt, signal);
    }
  }
}

/** Sends again what an earlier process kept. Never rejects. */
export async function deliverKept(delivery: Delivery, stopping: AbortSignal): Promise<void> {
  const kept = await delivery.reports.all();
  await Promise.all(kept.map((report) => deliver(report, delivery, stopping).catch(() => undefined)));
}
