// A job with its needs and outputs as one row, and how it becomes a view. Part of the statements that read jobs.
import {
  type FailureReason,
  failureReasons,
  type JobState,
  type JobView,
  type OutputView,
  type ProblemText,
  type StatusCode,
  statusCodes,
} from '@glovebox/record';
import { sql } from 'kysely';
import { isoTime } from './request-summary.js';

export interface JobRow {
  readonly id: number;
  readonly identifier: string;
  readonly action: string;
  readonly origin: 'requested' | 'dependency';
  readonly state: JobState;
  readonly code: StatusCode;
  readonly reason: FailureReason | null;
  readonly exit_code: number | null;
  readonly excluded_files: number | null;
  readonly cause: { readonly identifier: string; readonly action: string } | null;
  readonly command: string;
  readonly needs: readonly string[];
  readonly outputs: readonly OutputView[];
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  readonly cpu_milliseconds: number | null;
  readonly peak_memory_megabytes: number | null;
  readonly memory_limit_megabytes: number | null;
  readonly data_release: string | null;
}

/** Follows `select`; stands on `jobs j`. */
export const jobColumns = sql`
  j.id, j.identifier, j.action, j.origin, j.state, j.code, j.reason, j.exit_code, j.excluded_files, j.command,
  j.created_at, j.started_at, j.completed_at, j.cpu_milliseconds::float8 as cpu_milliseconds,
  j.peak_memory_megabytes, j.memory_limit_megabytes, j.data_release,
  (select json_build_object('identifier', f.identifier, 'action', f.action) from jobs f where f.id = j.cause) as cause,
  coalesce((select json_agg(i.need order by i.position) from job_inputs i where i.job = j.id), '[]') as needs,
  coalesce((
    select json_agg(json_build_object('level', x.level, 'name', x.name, 'pattern', x.pattern, 'files', x.files)
      order by x.position)
    from job_outputs x where x.job = j.id
  ), '[]') as outputs`;

function messageOf(row: JobRow): string {
  const parts: string[] = [statusCodes[row.code].message];
  if (row.reason) parts.push(failureReasons[row.reason].message);
  if (row.exit_code !== null && row.code === 'nonzero_exit') parts.push(`Exit code ${row.exit_code}.`);
  if (row.excluded_files === 1) parts.push('One moderately sensitive file did not pass the checks and is kept back.');
  if (row.excluded_files !== null && row.excluded_files > 1) {
    parts.push(`${row.excluded_files} moderately sensitive files did not pass the checks and are kept back.`);
  }
  return parts.join(' ');
}

function hintOf(row: JobRow): string | null {
  const reason: ProblemText | null = row.reason ? failureReasons[row.reason] : null;
  const code: ProblemText = statusCodes[row.code];
  return reason?.hint ?? code.hint ?? null;
}

export function toJobView(row: JobRow): JobView {
  return {
    identifier: row.identifier,
    action: row.action,
    origin: row.origin,
    state: row.state,
    code: row.code,
    reason: row.reason,
    exitCode: row.exit_code,
    message: messageOf(row),
    hint: hintOf(row),
    cause: row.cause,
    command: row.command,
    needs: row.needs,
    outputs: row.outputs,
    createdAt: row.created_at.toISOString(),
    startedAt: isoTime(row.started_at),
    completedAt: isoTime(row.completed_at),
    usage: {
      cpuMilliseconds: row.cpu_milliseconds,
      peakMemoryMegabytes: row.peak_memory_megabytes,
      memoryLimitMegabytes: row.memory_limit_megabytes,
    },
    dataRelease: row.data_release,
  };
}
