// Says how a command ended as the outcome of its job, and the outcome in words.
import { failureReasons, statusCodes, type ConfinedResult, type FailureReason } from '@glovebox/record';
import type { Outcome } from './manifest.js';

const extractionReasons: Readonly<Partial<Record<number, FailureReason>>> = {
  2: 'arguments_wrong',
  3: 'database_busy',
  4: 'database_importing',
  5: 'database_problem',
  6: 'query_too_complex',
  10: 'definition_wrong',
  11: 'data_file_wrong',
  12: 'permission_missing',
  13: 'assurance_failed',
  14: 'query_too_slow',
};

/** Exit codes that tell of a query. A definition can end with them too (`sys.exit(3)`), before there is one. */
const ofQueries = new Set([3, 4, 6, 14]);

/**
 * Undefined when nothing was wrong with how the command itself ended.
 *
 * @param extraction undefined for other commands; whether its definition was evaluated to the end
 */
export function failureOf(
  result: ConfinedResult,
  extraction: { readonly isEvaluated: boolean } | undefined,
): Outcome | undefined {
  if (result.ended === 'memory') return { code: 'nonzero_exit', reason: 'out_of_memory' };
  if (result.ended === 'time') return { code: 'nonzero_exit', reason: 'timed_out' };
  if (result.ended !== 'exited') return { code: 'nonzero_exit', reason: 'killed' };
  const { exitCode } = result;
  if (exitCode === 0) return undefined;
  const isTold = extraction !== undefined && (extraction.isEvaluated || !ofQueries.has(exitCode));
  const reason = isTold ? extractionReasons[exitCode] : undefined;
  return { code: 'nonzero_exit', exitCode, ...(reason ? { reason } : {}) };
}

/** What the public page says. */
export function publicWords(outcome: Outcome): string {
  const reason = 'reason' in outcome && outcome.reason ? ` ${failureReasons[outcome.reason].message}` : '';
  return statusCodes[outcome.code].message + reason;
}

/** Of the reason alone: what the status would say is to read this log. */
export const nextStep = (outcome: Outcome): string | undefined =>
  'reason' in outcome && outcome.reason ? failureReasons[outcome.reason].hint : undefined;
