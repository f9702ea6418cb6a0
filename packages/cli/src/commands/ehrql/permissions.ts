// Some data takes a permission. On real data only the job's grant counts (EHRQL_PERMISSIONS); on dummy data the
// definition must claim it, so that a study doesn't first fail on the secure side.
import { permissionFor, tablesUsed, type DatasetDefinition, type MeasuresDefinition } from '@glovebox/language';
import { CommandFailure } from '../../command-line.js';
import { exitCodes } from './exit-codes.js';
import { problem } from './problems.js';

type Definition = DatasetDefinition | MeasuresDefinition;

interface Need {
  readonly permission: string;
  readonly why: string;
}

/** What the definition needs permission for, worked out from its tables and shape, never from what it says. */
export function permissionsNeeded(definition: Definition): readonly Need[] {
  const needs = tablesUsed(definition).tables.flatMap(({ name }) => {
    const permission = permissionFor(name);
    return permission === undefined ? [] : [{ permission, why: `${permission} (for the table ${name})` }];
  });
  if (definition.kind === 'dataset' && definition.eventTables.length > 0) {
    needs.push({ permission: 'event_level_data', why: 'event_level_data (for output with several rows a patient)' });
  }
  return [...new Map(needs.map((need) => [need.why, need])).values()];
}

export function checkClaimed(definition: Definition, claimed: readonly string[]): void {
  const missing = permissionsNeeded(definition).filter(({ permission }) => !claimed.includes(permission));
  if (missing.length === 0) return;
  const names = [...new Set(missing.map((need) => need.permission))].sort();
  const why = missing.map((need) => need.why);
  throw new CommandFailure(exitCodes.permission, [problem('permission-not-claimed', [names, why])]);
}

export function checkGranted(definition: Definition): void {
  const granted = grantedPermissions(process.env['EHRQL_PERMISSIONS']);
  const missing = permissionsNeeded(definition).filter(({ permission }) => !granted.includes(permission));
  if (missing.length === 0) return;
  const why = missing.map((need) => need.why);
  throw new CommandFailure(exitCodes.permission, [problem('permission-not-granted', [why])]);
}

/** No variable grants nothing. */
export function grantedPermissions(text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return [];
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  } catch {
    // Reported below, like any other malformed value.
  }
  throw new CommandFailure(exitCodes.permission, [problem('permissions-unreadable', [])]);
}
