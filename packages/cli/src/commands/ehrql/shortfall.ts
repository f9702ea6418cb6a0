// What is said when fewer dummy patients were made than asked for: why, and which lines of the definition get in the way.
import { withFileTables } from '@glovebox/engines';
import type { DatasetDefinition, MeasuresDefinition } from '@glovebox/language';
import type { Condition, Shortfall } from '@glovebox/synth';
import type { Terminal } from '../../command-line.js';
import { locateDefinition, type DefinitionSource } from './load-definition.js';
import { warning } from './log.js';

/** Conditions beyond these would hide the ones that matter. */
const mostConditions = 8;
const longestText = 160;

export async function warnOfShortfall(
  shortfall: Shortfall,
  definition: DatasetDefinition | MeasuresDefinition,
  source: DefinitionSource,
  terminal: Terminal,
): Promise<void> {
  const { wanted, found, timeoutSeconds, limitedTo } = shortfall;
  warning(terminal, `Made ${found} of ${wanted} dummy patients: ${reasonFor(shortfall)}`);
  if (timeoutSeconds !== undefined || found === limitedTo) return;
  const { explainShortfall } = await import('@glovebox/synth');
  const located = await locateDefinition(source, definition.kind);
  const conditions = explainShortfall(located ? await withFileTables(located, process.cwd()) : definition, shortfall);
  if (found === 0 && conditions.length > 0) {
    const exclude =
      conditions.length === 1 ? 'This condition excludes everyone' : 'These conditions exclude each other';
    warning(terminal, `  ${exclude}:`);
  }
  for (const condition of conditions.slice(0, mostConditions)) warning(terminal, `    ${lineOf(condition)}`);
}

function reasonFor({ tried, timeoutSeconds, limitedTo }: Shortfall): string {
  if (timeoutSeconds !== undefined) return `the definition's time limit of ${timeoutSeconds} seconds has passed`;
  if (limitedTo !== undefined) return `the population is limited to a table that has ${limitedTo} patients`;
  return `of ${tried} tried, no more satisfied the population`;
}

function lineOf({ text, place, made, satisfied }: Condition): string {
  const whole = place ? `${place.path}:${place.line}: ${place.text}` : text;
  const line = whole.length > longestText ? `${whole.slice(0, longestText)}...` : whole;
  return made === undefined ? line : `${line} (satisfied by ${satisfied} of ${made} made for the other conditions)`;
}
