// Runs `glovebox ehrql ...` for an action: the only process that is given the database. It evaluates the study's definition
// in a sandbox of its own; the study's other code never runs in it. It never falls back to an unconfined evaluation or to
// made-up patients, as the same command does on a researcher's machine.
import { ProblemError, type ConfinedResult } from '@glovebox/record';
import type { Extraction } from '@glovebox/execution';
import { runTrusted } from '@glovebox/sandbox';
import type { Configuration } from './configuration.js';
import { problem } from './problems.js';

/**
 * @param usesDatabase whether the job was handed out as one that queries the database
 * @param permissions what the project may use, which the extraction itself holds to
 * @throws ProblemError when it needs the database and may not have it
 */
export async function extract(
  extraction: Extraction,
  configuration: Configuration,
  usesDatabase: boolean,
  permissions: readonly string[],
): Promise<ConfinedResult> {
  const { folder, scratch, filesRead, limits, onOutput, onMemory, signal } = extraction;
  const [subcommand, ...args] = extraction.args;
  const { database } = configuration;
  if (extraction.readsPatients && !(usesDatabase && database)) throw new ProblemError(problem('no-database', []));
  const connection = extraction.readsPatients && database ? ['--dsn', database.path] : [];
  return runTrusted({
    argv: [configuration.glovebox, 'ehrql', ...(subcommand === undefined ? [] : [subcommand]), ...connection, ...args],
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
      HOME: process.env['HOME'] ?? '/tmp',
      LANG: 'C.UTF-8',
      // Rows that do not fit in memory go where the job's folder goes, also when the process is killed.
      TMPDIR: scratch,
      GLOVEBOX_FILES_READ: filesRead,
      // The rest of the job's memory is for the process around the database, so that the database spills before it is killed.
      GLOVEBOX_QUERY_MEMORY: `${Math.floor((limits.memoryBytes * 5) / 8 / 2 ** 20)}MiB`,
      EHRQL_ISOLATE_USER_CODE: 'always',
      OPENSAFELY_BACKEND: configuration.backend,
      EHRQL_PERMISSIONS: JSON.stringify(permissions),
    },
    limits,
    onOutput,
    ...(onMemory ? { onMemory } : {}),
    signal,
  });
}
