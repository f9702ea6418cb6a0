// The difference between two texts as runs of lines: what changed with a little context, and folds of what did not.
// Bounded in time and size: where there is too much, the answer is `null` and the page says so.
import { diffLines } from 'diff';

export interface DiffLine {
  readonly sign: 'ins' | 'del' | 'same';
  /** Line numbers from 1 on the side where the line is. */
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

export interface Hunk {
  /** A fold holds only lines that are the same on both sides. */
  readonly isFold: boolean;
  readonly lines: readonly DiffLine[];
}

const context = 3;
// A fold shorter than this would save nothing.
const shortestFold = 4;
const mostEdits = 4000;
const mostMilliseconds = 200;

function linesOf(before: string, after: string): readonly DiffLine[] | null {
  const changes = diffLines(before, after, { maxEditLength: mostEdits, timeout: mostMilliseconds });
  if (!changes) return null;
  const lines: DiffLine[] = [];
  let old = 1;
  let now = 1;
  for (const change of changes) {
    const texts = change.value.replace(/\n$/, '').split('\n');
    for (const raw of texts) {
      const text = raw.replace(/\r$/, '');
      if (change.added) lines.push({ sign: 'ins', before: null, after: now++, text });
      else if (change.removed) lines.push({ sign: 'del', before: old++, after: null, text });
      else lines.push({ sign: 'same', before: old++, after: now++, text });
    }
  }
  return lines;
}

/** @returns hunks from the first line to the last, or `null` when the texts differ too much to be shown */
export function hunksOf(before: string, after: string): readonly Hunk[] | null {
  const lines = linesOf(before, after);
  if (!lines) return null;
  const isNear = Array.from(lines, () => false);
  lines.forEach((line, i) => {
    if (line.sign !== 'same') isNear.fill(true, Math.max(0, i - context), i + context + 1);
  });
  const hunks: { isFold: boolean; lines: DiffLine[] }[] = [];
  lines.forEach((line, i) => {
    const isFold = isNear[i] === false;
    const last = hunks.at(-1);
    if (last?.isFold === isFold) last.lines.push(line);
    else hunks.push({ isFold, lines: [line] });
  });
  return hunks.map((hunk) => (hunk.lines.length < shortestFold ? { ...hunk, isFold: false } : hunk));
}
