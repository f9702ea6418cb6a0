// Reads what an action printed back from its log, without the times and without Glovebox's own summary.
//
// An action may print anything: control characters are taken out, so that a log shown on a terminal moves no cursor and sets
// no title.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface LogTail {
  readonly lines: readonly string[];
  /** Whether there were more before them. */
  readonly isCut: boolean;
}

const stamp = /^\d{4}-\d\d-\d\dT[0-9:.]+Z /;

/** @param most how many lines to keep, from the end */
export async function readLogTail(file: string, most: number): Promise<LogTail> {
  const lines: string[] = [];
  let isCut = false;
  const input = createReadStream(file, 'utf8');
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    // Every line of the action has a time before it, so only the summary begins with this.
    if (line.startsWith('=============JOB SUMMARY')) break;
    if (!stamp.test(line) && line === '') continue;
    lines.push(line.replace(stamp, '').replace(/[^\P{Cc}\t]/gu, ''));
    if (lines.length <= most) continue;
    lines.shift();
    isCut = true;
  }
  input.destroy();
  return { lines, isCut };
}
