// How far measures are, on standard error: intervals and rows done and the time left. One line that changes where a person
// watches, log lines elsewhere. A run of a couple of seconds says nothing.
import type { MeasureProgress } from '@glovebox/engines';
import type { MeasuresDefinition } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import type { Terminal } from '../../command-line.js';
import { info } from './log.js';
import { problem } from './problems.js';

export interface ProgressReport {
  readonly show: (progress: MeasureProgress) => void;
  /** Says what the whole came to, when anything was said before. */
  readonly finish: () => void;
  /** Leaves nothing of a live line, so that what comes next has a line of its own. */
  readonly clear: () => void;
}

/** Milliseconds: before anything is said, between two lines of a log, and between two changes of a live line. */
const silence = 2000;
const betweenLines = 10_000;
const betweenChanges = 200;

/** Back to the start of the line, and rub it out. */
const clearedLine = '\r\u001b[K';

/** The most that a whole run of measures may take, in milliseconds: three days. */
export const mostMilliseconds = 72 * 60 * 60 * 1000;

/** How many intervals tell how long the others will take. A run of fewer has no limit. */
const enoughIntervals = 12;

export function hasTimeLimit({ measures }: MeasuresDefinition): boolean {
  return (
    new Set(measures.flatMap(({ intervals }) => intervals.map(({ start, end }) => `${start} ${end}`))).size >=
    enoughIntervals
  );
}

/**
 * Ends a run of measures that would take longer than is allowed, as soon as that can be told.
 *
 * @param elapsed in milliseconds.
 * @throws ProblemError `measures-too-slow`.
 */
export function refuseEndless({ intervalsTimed, intervals }: MeasureProgress, elapsed: number): void {
  if (intervalsTimed < enoughIntervals || intervalsTimed === intervals) return;
  const whole = (elapsed / intervalsTimed) * intervals;
  if (whole <= mostMilliseconds) return;
  const hours = (milliseconds: number): string => (milliseconds / 3_600_000).toFixed(1);
  throw new ProblemError(
    problem('measures-too-slow', [intervalsTimed, intervals, hours(elapsed), hours(whole - elapsed)]),
  );
}

/** @param now a clock in milliseconds. */
export function reportProgress(terminal: Terminal, now: () => number = () => performance.now()): ProgressReport {
  const { isInteractive } = terminal;
  const started = now();
  let said: number | undefined;
  let last: MeasureProgress | undefined;
  const clear = (): void => {
    if (isInteractive && said !== undefined) terminal.error(clearedLine);
  };
  return {
    clear,
    show(progress) {
      last = progress;
      const time = now();
      refuseEndless(progress, time - started);
      if (time - (said ?? -Infinity) < (isInteractive ? betweenChanges : betweenLines) || time - started < silence)
        return;
      said = time;
      const line = progressLine(progress, time - started);
      if (isInteractive) terminal.error(`${clearedLine}${line}`);
      else info(terminal, line);
    },
    finish() {
      if (said === undefined || !last) return;
      clear();
      const { intervals, rows } = last;
      info(terminal, `${counted(intervals, 'interval')}, ${counted(rows, 'row')} in ${durationOf(now() - started)}`);
    },
  };
}

/** @param elapsed in milliseconds. */
export function progressLine(progress: MeasureProgress, elapsed: number): string {
  const { intervalsDone, intervalsTimed, intervals, rows } = progress;
  const done = `${number(intervalsDone)} of ${counted(intervals, 'interval')} done, ${counted(rows, 'row')}`;
  if (intervalsTimed === 0) return done;
  return `${done}, about ${durationOf((elapsed / intervalsTimed) * (intervals - intervalsTimed))} left`;
}

const number = (value: number): string => value.toLocaleString('en-GB');
const counted = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;

function durationOf(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
