// `glovebox ehrql generate-measures`: counts and ratios over time and by group, as one table or one for each measure.
import { withFileTables, type ResultTable } from '@glovebox/engines';
import type { MeasuresDefinition } from '@glovebox/language';
import type { Terminal } from '../../command-line.js';
import { withDatabase } from './database.js';
import { measuresFromFile } from './dummy-data-file.js';
import { orExit } from './exit-codes.js';
import type { DataOptions } from './generate-dataset.js';
import { info } from './log.js';
import { loadMeasures } from './load-definition.js';
import { checkClaimed, checkGranted } from './permissions.js';
import { dummyTablesFrom, madeUpRows } from './rows.js';
import { placeOf, writeResults } from './write-results.js';

export async function generateMeasures(options: DataOptions, terminal: Terminal): Promise<void> {
  const place = await orExit(async () => placeOf(options.output));
  const isSplit = place?.isFolder === true;
  const isSecure = options.dsn !== undefined;
  info(terminal, `Compiling measure definitions from ${options.definition}`);
  const loaded = await loadMeasures({ file: options.definition, args: options.parameters, isSecure }, terminal);
  if (isSecure) checkGranted(loaded.definition);
  else checkClaimed(loaded.definition, loaded.claimedPermissions);
  await orExit(async () => {
    const definition = await withFileTables(loaded.definition, process.cwd());
    if (options.dsn !== undefined) {
      info(terminal, 'Generating measures data');
      await withDatabase(options.dsn, definition, (rows) =>
        writeResults(rows.measures(definition, isSplit), place, terminal),
      );
      return;
    }
    info(terminal, 'Generating dummy measures data');
    await writeResults(await dummyResult(definition, isSplit, options, terminal), place, terminal);
  });
}

async function dummyResult(
  definition: MeasuresDefinition,
  isSplit: boolean,
  { dummyDataFile, dummyTables }: DataOptions,
  terminal: Terminal,
): Promise<readonly ResultTable[]> {
  if (dummyDataFile !== undefined) {
    info(terminal, `Reading dummy data from ${dummyDataFile}`);
    return measuresFromFile(definition, dummyDataFile);
  }
  const rows =
    dummyTables === undefined
      ? await madeUpRows(definition, terminal)
      : await dummyTablesFrom(dummyTables, definition, terminal);
  return rows.measures(definition, isSplit);
}
