// Writes what an action prints, a time before each line, and at the end a summary for whoever reads it inside. A log has a
// limit, so that an action that prints without end fills no disk; what was printed first is kept, and the cut is marked.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '@glovebox/record';
import type { Manifest } from './manifest.js';

const longestLine = 64 * 1024;

export interface ActionLog {
  write(chunk: Buffer, stream: 'stdout' | 'stderr'): void;
  /** A line of Glovebox's own. */
  say(text: string): void;
  /** Adds the summary and closes the file. */
  end(summary: string): void;
  /** The error of the disk, when the log could not be written. */
  fault(): Error | undefined;
}

/** @param mostBytes where it is cut */
export function openActionLog(path: string, clock: Clock, mostBytes = 64 * 2 ** 20): ActionLog {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const descriptor = openSync(path, 'w', 0o600);
  const rest: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  let bytes = 0;
  let isCut = false;
  let fault: Error | undefined;

  function append(text: string): void {
    if (fault) return;
    try {
      bytes += writeSync(descriptor, text);
    } catch (error) {
      fault = error as Error;
    }
  }
  function line(text: string): void {
    if (isCut) return;
    isCut = bytes > mostBytes;
    append(`${clock().toISOString()} ${isCut ? '(the log is cut here: it is too long)' : text}\n`);
  }

  return {
    fault: () => fault,
    write(chunk, stream) {
      const lines = (rest[stream] + chunk.toString('utf8')).split('\n');
      rest[stream] = lines.pop() ?? '';
      for (const text of lines) line(text);
      if (rest[stream].length > longestLine) {
        line(rest[stream]);
        rest[stream] = '';
      }
    },
    say: line,
    end(summary) {
      for (const text of Object.values(rest)) if (text) line(text);
      // By now there may be room again, and the summary says what happened.
      fault = undefined;
      append(summary);
      closeSync(descriptor);
    },
  };
}

const table = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  - ${second}\n`).join('');
};

function exitCodeOf({ outcome }: Pick<Manifest, 'outcome'>): number | undefined {
  if (outcome.code === 'nonzero_exit') return outcome.exitCode;
  return outcome.code === 'job_error' ? undefined : 0;
}

const inMegabytes = (bytes: number | null | undefined): number | undefined =>
  typeof bytes === 'number' ? Math.ceil(bytes / 1e6) : undefined;

/** The block at the end of a log. */
export function summaryOf(manifest: Omit<Manifest, 'order'>, message: string, hint: string | undefined): string {
  const { usage } = manifest;
  const facts = [
    ['job', manifest.job],
    ['job_request', manifest.request],
    ['action', manifest.action],
    ['commit', manifest.commit],
    ['image', manifest.image],
    ['command', manifest.args.join(' ')],
    ['runtime', manifest.runtime],
    ['runtime_version', manifest.program?.version],
    ['runtime_packages', manifest.program?.packages],
    ['exit_code', exitCodeOf(manifest)],
    ['seconds', usage && (usage.wallMilliseconds / 1000).toFixed(1)],
    ['memory_peak_megabytes', inMegabytes(usage?.peakMemoryBytes)],
    ['memory_limit_megabytes', inMegabytes(usage?.memoryLimitBytes)],
    ['started_at', manifest.startedAt],
    ['completed_at', manifest.completedAt],
    ['data_release', manifest.dataRelease],
    ['status_message', message],
    ['hint', hint],
  ] as const;
  const lines = facts
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${key}: ${value}\n`);
  const outputs = manifest.outputs.map(({ path, level }) => [path, level] as const);
  const excluded = manifest.outputs.filter((o) => o.excluded !== null).map((o) => [o.path, o.excluded!] as const);
  const unmatched = manifest.patterns.filter(({ files }) => files === 0).map((p) => [p.pattern, p.level] as const);
  const isUnmatched = manifest.outcome.code === 'unmatched_patterns';
  return [
    '\n=============JOB SUMMARY=============\n',
    ...lines,
    '\noutputs:\n',
    outputs.length > 0 ? table(outputs) : '  (no outputs)\n',
    ...(isUnmatched ? ['\nPatterns that no written file matches:\n', table(unmatched)] : []),
    ...(isUnmatched && manifest.nearMisses.length > 0
      ? [
          '\nFiles that were written and match no pattern; did one of these have the wrong name?\n',
          ...manifest.nearMisses.map((p) => `  ${p}\n`),
        ]
      : []),
    ...(manifest.refused.length > 0
      ? ['\nRefused, because only regular files can be outputs:\n', ...manifest.refused.map((p) => `  ${p}\n`)]
      : []),
    ...(excluded.length > 0 ? ['\nInvalid moderately_sensitive outputs:\n', table(excluded)] : []),
  ].join('');
}
