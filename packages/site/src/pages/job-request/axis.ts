// The shared time axis of a job request's jobs: from when it was asked for until its last job ended, or until now.
// Places on it are percentages, so that the drawing stretches with the page without script.
import type { JobView } from '@glovebox/record';

export interface Axis {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly ticks: readonly { readonly percent: number; readonly text: string }[];
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 28].map((n) => n * day),
];
const mostTicks = 5;

function spanText(milliseconds: number): string {
  if (milliseconds === 0) return '0';
  if (milliseconds % day === 0) return `${milliseconds / day} d`;
  if (milliseconds % hour === 0) return `${milliseconds / hour} h`;
  if (milliseconds % minute === 0) return `${milliseconds / minute} min`;
  return milliseconds < minute
    ? `${milliseconds / second} s`
    : `${Math.floor(milliseconds / minute)} min ${(milliseconds % minute) / second} s`;
}

/** @param now ISO 8601; where the axis ends while a job has not */
export function axisOf(jobs: readonly JobView[], createdAt: string, now: string): Axis {
  const start = Date.parse(createdAt);
  const ends = jobs.map((job) => Date.parse(job.completedAt ?? now));
  const end = Math.max(start + second, ...ends);
  const step = steps.find((size) => (end - start) / size <= mostTicks) ?? (end - start) / mostTicks;
  const ticks: { percent: number; text: string }[] = [];
  for (let at = 0; at <= (end - start) * 0.94; at += step) {
    // A label that would run past the right edge is left out.
    ticks.push({ percent: (at / (end - start)) * 100, text: at <= (end - start) * 0.8 ? spanText(at) : '' });
  }
  return { start, end, ticks };
}

export interface Stretch {
  readonly from: number;
  readonly width: number;
}

/** Where a stretch of time stands on the axis, in percent; it never leaves the axis. */
export function stretchOn(axis: Axis, from: string, to: string): Stretch {
  const place = (iso: string) =>
    Math.min(100, Math.max(0, ((Date.parse(iso) - axis.start) / (axis.end - axis.start)) * 100));
  return { from: place(from), width: Math.max(0, place(to) - place(from)) };
}
