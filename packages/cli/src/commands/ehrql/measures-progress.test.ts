import { expect, test } from 'vitest';
import type { MeasureProgress } from '@glovebox/engines';
import { ProblemError } from '@glovebox/record';
import { progressLine, refuseEndless, reportProgress } from './measures-progress.js';

const after = (done: number, intervals: number, rows: number): MeasureProgress => ({
  intervalsDone: done,
  intervalsTimed: done,
  intervals,
  rows,
});

function watched(isInteractive: boolean) {
  let [text, time] = ['', 0];
  const terminal = {
    out: () => {
      throw new Error('nothing goes to standard output');
    },
    error: (more: string) => void (text += more),
    isInteractive,
  };
  const report = reportProgress(terminal, () => time);
  return { report, at: (milliseconds: number) => void (time = milliseconds), text: () => text };
}

test('a line says what is done and how long the rest will take', () => {
  expect(progressLine(after(13, 52, 1_234_567), 10_000)).toBe(
    '13 of 52 intervals done, 1,234,567 rows, about 30 s left',
  );
  expect(progressLine(after(1, 100, 1), 60_000)).toBe('1 of 100 intervals done, 1 row, about 99 min left');
  expect(progressLine(after(1, 1000, 0), 60_000)).toContain('about 16.6 h left');
  expect(progressLine(after(0, 1, 20), 60_000)).toBe('0 of 1 interval done, 20 rows');
});

test('a run of a couple of seconds says nothing', () => {
  for (const isInteractive of [true, false]) {
    const { report, at, text } = watched(isInteractive);
    report.show(after(0, 2, 10));
    at(1900);
    report.show(after(2, 2, 20));
    report.finish();
    expect(text()).toBe('');
  }
});

test('elsewhere than on a terminal there are log lines, ten seconds apart', () => {
  const { report, at, text } = watched(false);
  for (let second = 0; second <= 26; second++) {
    at(second * 1000);
    report.show(after(second, 52, second * 10));
  }
  at(52_000);
  report.finish();
  expect(text().split('\n')).toEqual([
    '[info   ] 2 of 52 intervals done, 20 rows, about 50 s left',
    '[info   ] 12 of 52 intervals done, 120 rows, about 40 s left',
    '[info   ] 22 of 52 intervals done, 220 rows, about 30 s left',
    '[info   ] 52 intervals, 260 rows in 52 s',
    '',
  ]);
});

test('on a terminal one line changes, and only what the whole came to stays', () => {
  const { report, at, text } = watched(true);
  for (let tenth = 0; tenth < 40; tenth++) {
    at(tenth * 100);
    report.show(after(tenth, 52, tenth));
  }
  report.finish();
  expect(text().match(/intervals done/g)!.length).toBeLessThanOrEqual(10);
  expect(text()).not.toContain('[info   ] 20 of');
  expect(text().trimEnd().endsWith('[info   ] 52 intervals, 39 rows in 4 s')).toBe(true);
});

test('a run that fails leaves no half line behind', () => {
  const { report, at, text } = watched(true);
  at(3000);
  report.show(after(1, 52, 1));
  report.clear();
  expect(text().endsWith('\r\u001b[K')).toBe(true);
});

test('rows of a statement about many intervals, which all took their time before the first, tell nothing of time left', () => {
  const streaming = { intervalsDone: 20, intervalsTimed: 0, intervals: 52, rows: 7 };
  expect(() => refuseEndless(streaming, 40 * 3_600_000)).not.toThrow();
  expect(progressLine(streaming, 40 * 3_600_000)).toBe('20 of 52 intervals done, 7 rows');
});

test('a run that would take more than three days ends once twelve intervals tell so', () => {
  const hours = 3_600_000;
  expect(() => refuseEndless(after(11, 520, 0), 100 * hours)).not.toThrow();
  expect(() => refuseEndless(after(12, 24, 0), 36 * hours)).not.toThrow();
  expect(() => refuseEndless(after(520, 520, 0), 100 * hours)).not.toThrow();
  const { report, at } = watched(false);
  at(10 * hours);
  expect(() => report.show(after(12, 104, 5))).toThrow(ProblemError);
  expect(() => refuseEndless(after(12, 104, 5), 10 * hours)).toThrow(
    '12 of 104 intervals took 10.0 hours, the others would take about 76.7 more',
  );
});
