// The exit codes of ehrQL's commands: the platform turns them into reasons that researchers read, so they never change.
import { ProblemError, type Problem } from '@glovebox/record';
import { CommandFailure } from '../../command-line.js';

export const exitCodes = {
  failed: 1,
  usage: 2,
  databaseBusy: 3,
  databaseImporting: 4,
  database: 5,
  tooComplex: 6,
  definition: 10,
  dataFile: 11,
  permission: 12,
  assurance: 13,
  tooSlow: 14,
} as const;

const dataFileCodes = new Set([
  'folder-missing',
  'folder-mixed',
  'folder-empty',
  'table-file-missing',
  'file-unreadable',
  'file-kind',
  'file-empty',
  'file-column-type',
  'output-value',
  'output-one-file',
]);

const definitionCodes = new Set([
  'population-includes-everyone',
  'file-outside',
  'table-not-offered',
  'table-shape',
  'parameter-in-dataset',
  'integer-too-large',
  'name-not-usable',
  'text-not-storable',
  'float-not-storable',
]);
const databaseCodes = new Set([
  'table-missing',
  'column-missing',
  'database-not-readable',
  'database-not-reachable',
  'database-failed',
  'integer-overflow',
  'float-overflow',
  'engine-out-of-memory',
  'query-cancelled',
]);
const otherCodes: Readonly<Record<string, number>> = {
  'database-busy': exitCodes.databaseBusy,
  'database-importing': exitCodes.databaseImporting,
  'query-too-complex': exitCodes.tooComplex,
  'measures-too-slow': exitCodes.tooSlow,
  'measures-out-of-time': exitCodes.tooSlow,
  'output-kind': exitCodes.usage,
  'backend-differs': exitCodes.usage,
};

/** The exit code for a problem that an engine or a reader of files reports. */
export function exitCodeOf({ code }: Problem): number {
  if (code.startsWith('csv-') || dataFileCodes.has(code)) return exitCodes.dataFile;
  if (definitionCodes.has(code)) return exitCodes.definition;
  if (databaseCodes.has(code)) return exitCodes.database;
  return otherCodes[code] ?? exitCodes.failed;
}

/** Runs a step; its problems end the command with the exit code that belongs to them. */
export async function orExit<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ProblemError) throw new CommandFailure(exitCodeOf(error.problems[0]!), error.problems);
    throw error;
  }
}
