// Runs `glovebox ehrql ...` for an action: the only process that is given the database. It evaluates the study's definition
// in a sandbox of its own; the study's other code never runs in it.
import type { ConfinedResult } from '@glovebox/record';
import type { Extraction } from '@glovebox/execution';
import { runTrusted } from '@glovebox/sandbox';
import type { Configuration } from './configuration.js';

/** @param permissions what the project may use, which the extraction itself holds to */
export async function extract(
  extraction: Extraction,
  configuration: Configuration,
  usesDatabase: boolean,
  permissions: readonly string[],
): Promise<ConfinedResult> {
  const { folder, limits, onOutput, signal } = extraction;
  const [subcommand, ...args] = extraction.args;
  const { database } = configuration;
  const connection = usesDatabase && database ? ['--dsn', database.path] : [];
  return runTrusted({
    argv: [configuration.glovebox, 'ehrql', ...(subcommand === undefined ? [] : [subcommand]), ...connection, ...args],
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
      HOME: process.env['HOME'] ?? '/tmp',
      LANG: 'C.UTF-8',
      OPENSAFELY_BACKEND: configuration.backend,
      EHRQL_PERMISSIONS: JSON.stringify(permissions),
    },
    limits,
    onOutput,
    signal,
  });
}
