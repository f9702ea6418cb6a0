// What is printed about each job when all have ended: its message, where its log is, what it made, and why it failed.
import { randomBytes } from 'node:crypto';
import type { Manifest } from '@glovebox/execution';
import { failureReasons, statusCodes } from '@glovebox/record';
import type { LogTail } from './log-tail.js';
import { placeInLog } from './place-in-log.js';

/** A job that ran to its end. */
export interface FinishedJob {
  readonly action: string;
  readonly isGood: boolean;
  readonly message: string;
  readonly manifest: Manifest;
  /** Relative to the study. */
  readonly log: string;
  readonly removed: readonly string[];
}

export const tailLines = 32;

const table = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(0, ...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `     ${first.padEnd(width)}  - ${second}`);
};
const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`   ${title}:`, ...lines];

/** In a sentence, how a job ended. */
export function messageOf({ outcome, usage }: Manifest): string {
  const { message } = statusCodes[outcome.code];
  if (outcome.code === 'succeeded') return 'Completed successfully';
  const code = 'exitCode' in outcome && outcome.exitCode !== undefined ? ` Exit code ${outcome.exitCode}.` : '';
  if (!('reason' in outcome) || !outcome.reason) return `${message}${code}`;
  const gigabytes = ((usage?.memoryLimitBytes ?? 0) / 2 ** 30).toFixed(1);
  const limit = outcome.reason === 'out_of_memory' ? ` The limit was ${gigabytes} GB; --memory changes it.` : '';
  return `${failureReasons[outcome.reason].message}${code}${limit}`;
}

/** The same for other programs. */
export function resultOf({ action, isGood, message, manifest, log, removed }: FinishedJob): object {
  const { outcome, outputs, patterns, nearMisses, refused } = manifest;
  return {
    action,
    state: isGood ? 'succeeded' : 'failed',
    code: outcome.code,
    ...('reason' in outcome ? { reason: outcome.reason } : {}),
    ...('exitCode' in outcome ? { exitCode: outcome.exitCode } : {}),
    message,
    log,
    outputs: isGood ? outputs.map(({ path, level, excluded }) => ({ path, level, excluded })) : [],
    unmatched: patterns.filter(({ files }) => files === 0).map(({ pattern }) => pattern),
    nearMisses,
    refused,
    removed,
  };
}

/** @param tail what the action printed last; shown only for an action that failed */
export function summaryText(job: FinishedJob, tail: LogTail, isForGithub: boolean): string {
  const { manifest, removed } = job;
  const hasMissing = manifest.outcome.code === 'unmatched_patterns';
  const unmatched = manifest.patterns.filter(({ files }) => files === 0);
  const excluded = manifest.outputs.flatMap(({ path, excluded }) =>
    excluded === null ? [] : [[path, excluded] as const],
  );
  const heading = `=> ${job.action}`;
  const place = manifest.outcome.code === 'nonzero_exit' ? placeInLog(tail.lines) : undefined;
  const lines = [
    isForGithub ? `\u001b[1m${heading}\u001b[0m` : heading,
    `   ${job.message}`,
    ...(hasMissing
      ? section('no file was written that matches', table(unmatched.map((p) => [p.pattern, p.level])))
      : []),
    ...(hasMissing
      ? section(
          'did one of these have the wrong name?',
          manifest.nearMisses.map((path) => `     ${path}`),
        )
      : []),
    ...section(
      'refused, because only regular files can be outputs',
      manifest.refused.map((path) => `     ${path}`),
    ),
    ...(place === undefined ? [] : [`   it stopped at ${place}`]),
    '',
    `   log file: ${job.log}`,
    ...section('outputs', job.isGood ? table(manifest.outputs.map(({ path, level }) => [path, level])) : []),
    ...(job.isGood && manifest.outputs.length === 0 ? ['   outputs:', '     (no outputs)'] : []),
    ...section(
      'removed, because the action no longer makes it',
      removed.map((path) => `     ${path}`),
    ),
    ...section('invalid moderately_sensitive outputs, which reviewers would not be shown', table(excluded)),
    ...logLines(job, tail, isForGithub),
  ];
  return `${lines.join('\n')}\n`;
}

function logLines(job: FinishedJob, { lines, isCut }: LogTail, isForGithub: boolean): string[] {
  if (isForGithub) {
    // What the action printed must not be taken for commands to the workflow.
    const token = randomBytes(12).toString('hex');
    return [`::group:: log file: ${job.log}`, `::stop-commands::${token}`, ...lines, `::${token}::`, '::endgroup::'];
  }
  if (job.isGood || job.manifest.outcome.code === 'succeeded') return [];
  return ['', `   logs${isCut ? ' (truncated)' : ''}:`, '', ...lines.map((line) => `     ${line}`.trimEnd())];
}
