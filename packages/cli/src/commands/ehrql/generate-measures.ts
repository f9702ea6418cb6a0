// `glovebox ehrql generate-measures`: counts and ratios over time and by group, as one table or one for each measure.
import { withFileTables } from '@glovebox/engines';
import type { MeasuresDefinition } from '@glovebox/language';
import type { Terminal } from '../../command-line.js';
import { isDatabase, withDatabase } from './database.js';
import { measuresFromFile } from './dummy-data-file.js';
import { orExit } from './exit-codes.js';
import type { DataOptions } from './generate-dataset.js';
import { statementLog } from './log-statements.js';
import { info } from './log.js';
import { loadMeasures } from './load-definition.js';
import { hasTimeLimit, mostMilliseconds, reportProgress } from './measures-progress.js';
import { checkClaimed, checkGranted } from './permissions.js';
import { problem } from './problems.js';
import { madeUpRows, withDummyTables, type RowSource } from './rows.js';
import { withTimeLimit } from './time-limit.js';
import { placeOf, writeResults, writeTogether } from './write-results.js';

export async function generateMeasures(options: DataOptions, terminal: Terminal): Promise<void> {
  const place = await orExit(async () => placeOf(options.output));
  const isSplit = place?.isFolder === true;
  const hasData = options.dsn !== undefined;
  info(terminal, `Compiling measure definitions from ${options.definition}`);
  const source = { file: options.definition, args: options.parameters };
  const loaded = await loadMeasures({ ...source, isSecure: isDatabase(options.dsn) }, terminal);
  if (hasData) checkGranted(loaded.definition);
  else checkClaimed(loaded.definition, loaded.claimedPermissions);
  await orExit(async () => {
    const definition = await withFileTables(loaded.definition, process.cwd());
    const write = async (rows: RowSource): Promise<void> => {
      const progress = reportProgress(terminal);
      const tables = rows.measures(definition, isSplit, { onProgress: progress.show });
      try {
        await endingInTime(definition, rows, async () => {
          if (place?.isFolder === true) await writeTogether(tables, place);
          else await writeResults(tables, place, terminal);
        });
        progress.finish();
      } catch (error) {
        progress.clear();
        throw error;
      }
    };
    if (options.dsn !== undefined) {
      info(terminal, 'Generating measures data');
      const { dsn, backend } = options;
      await withDatabase({ dsn, backend, log: statementLog(terminal) }, definition, write);
      return;
    }
    info(terminal, 'Generating dummy measures data');
    const { dummyDataFile, dummyTables } = options;
    if (dummyDataFile !== undefined) {
      info(terminal, `Reading dummy data from ${dummyDataFile}`);
      await writeResults(await measuresFromFile(definition, dummyDataFile, isSplit), place, terminal);
      return;
    }
    if (dummyTables === undefined) await write(await madeUpRows(definition, source, terminal));
    else await withDummyTables(dummyTables, definition, terminal, write);
  });
}

/** What intervals that are done tell of the others may come too late: a statement can be about all of them. */
function endingInTime(definition: MeasuresDefinition, rows: RowSource, run: () => Promise<void>): Promise<void> {
  if (!hasTimeLimit(definition)) return run();
  const outOfTime = () => problem('measures-out-of-time', [mostMilliseconds / 3_600_000]);
  return withTimeLimit({ milliseconds: mostMilliseconds, cancel: () => rows.cancel?.(), problem: outOfTime }, run);
}
