// How a backend stands, in one sentence for a list and in several for its page.
import type { BackendSummary } from '@glovebox/store';
import { between } from '@glovebox/ui';
import type { BackendView } from './view.js';

/** An agent calls at least twice a minute; after this long it counts as away. */
export const awayMilliseconds = 120_000;

export const isAway = (lastSeenAt: string | null, now: string): boolean =>
  lastSeenAt === null || between(lastSeenAt, now) > awayMilliseconds;

/** @param now ISO 8601 */
export function summaryWords(backend: BackendSummary, now: string): string {
  if (backend.isPaused) return 'Paused';
  if (isAway(backend.lastSeenAt, now)) return backend.lastSeenAt === null ? 'Not heard of yet' : 'Its agent is away';
  return backend.isInMaintenance ? 'Database being maintained' : 'Runs jobs';
}

/** What keeps jobs from running, in sentences; empty when nothing does. @param now ISO 8601 */
export function hindrances(view: BackendView, now: string): readonly string[] {
  const { pausedSince, reboot, maintenance, lastSeenAt, stopping } = view;
  const found: string[] = [];
  if (reboot)
    found.push(
      reboot.isReady
        ? 'It is ready to restart: nothing runs on it. Jobs start again when the pause ends.'
        : `A restart is being prepared; ${view.openJobs.running + stopping} still to stop.`,
    );
  else if (pausedSince !== null)
    found.push('It is paused: what runs goes on, and nothing new starts until the pause ends.');
  if (maintenance.since !== null) found.push('Its database is being maintained: actions that query it wait.');
  if (isAway(lastSeenAt, now))
    found.push(
      lastSeenAt === null
        ? 'Its agent has not been heard of yet.'
        : 'Its agent has not been heard of for a while; jobs wait until it is back.',
    );
  return found;
}
