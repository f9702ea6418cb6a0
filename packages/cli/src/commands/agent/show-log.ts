// Prints the log of a job from an agent's folder, while it grows if that is asked for. It only reads, so it can't disturb the
// agent. An action may print anything: control characters are taken out, so that a log moves no cursor and sets no title.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { readLog, tailOffset } from '@glovebox/execution';
import { identifierPattern, ProblemError } from '@glovebox/record';
import type { Terminal } from '../../command-line.js';
import { problem } from './problems.js';

export interface LogOptions {
  readonly data: string;
  readonly follow?: true;
  readonly from?: number;
  readonly tail?: number;
}

const printable = (text: string): string => text.replace(/[^\P{Cc}\t\n]/gu, '');

/** @throws ProblemError when there is no such log */
export async function showLog(job: string, options: LogOptions, terminal: Terminal): Promise<void> {
  const { data, follow = false, from, tail } = options;
  if (from !== undefined && tail !== undefined) throw new ProblemError(problem('log-range-unclear', []));
  const jobs = join(resolve(data), 'outputs/jobs');
  if (!existsSync(jobs)) throw new ProblemError(problem('folder-not-of-agent', [data]));
  const folder = join(jobs, job);
  if (!identifierPattern.test(job) || !existsSync(join(folder, 'log.txt'))) {
    throw new ProblemError(problem('job-not-here', [job]));
  }
  const start = tail === undefined ? (from ?? 0) : await tailOffset(folder, tail);
  if (tail !== undefined && start > 0) terminal.error(`${start} bytes come before this; --from 0 prints them too.\n`);
  const decoder = new StringDecoder('utf8');
  let end = start;
  for await (const { bytes, offset } of readLog(folder, { from: start, isFollowing: follow })) {
    if (offset < end) terminal.error('The job was started again, and its log with it.\n');
    terminal.out(printable(decoder.write(bytes)));
    end = offset + bytes.length;
  }
  terminal.error(`${end} bytes; --from ${end} prints what comes after.\n`);
}
