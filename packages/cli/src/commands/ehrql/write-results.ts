// Sends results where --output says, or to standard output.
import { csvText, filesFor, outputPlace, writeTable, type OutputPlace, type ResultTable } from '@glovebox/engines';
import type { Terminal } from '../../command-line.js';

/** Checks the option before anything slow is done. */
export function placeOf(output: string | undefined): OutputPlace | undefined {
  return output === undefined ? undefined : outputPlace(output);
}

/** Writes each table; without a place they are printed one after another, with their names when there are several. */
export async function writeResults(
  tables: readonly ResultTable[],
  place: OutputPlace | undefined,
  terminal: Terminal,
): Promise<void> {
  if (place !== undefined) {
    const files = filesOf(tables, place);
    for (const [i, table] of tables.entries()) await writeTable(table, files[i]!);
    return;
  }
  for (const table of tables) {
    if (tables.length > 1) terminal.out(`${table.name}\n`);
    for await (const text of csvText(table)) {
      terminal.out(text);
      await drained();
    }
  }
}

/** Writes tables that come from one pass over the data, all at once; the first problem is thrown when all have ended. */
export async function writeTogether(tables: readonly ResultTable[], place: OutputPlace): Promise<void> {
  const files = filesOf(tables, place);
  const written = await Promise.allSettled(tables.map((table, i) => writeTable(table, files[i]!)));
  for (const one of written) if (one.status === 'rejected') throw one.reason;
}

const filesOf = (tables: readonly ResultTable[], place: OutputPlace): readonly string[] =>
  filesFor(
    place,
    tables.map((table) => table.name),
  );

/** Waits while a slow reader of standard output has more than enough. */
async function drained(): Promise<void> {
  if (process.stdout.writableNeedDrain) await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
}
