// `glovebox ehrql generate-dataset`: from a definition to its dataset, over real data, given dummy data or made-up data.
import { populationProblem, withFileTables } from '@glovebox/engines';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { assure } from './assure.js';
import { datasetFromFile } from './dummy-data-file.js';
import { exitCodes, orExit } from './exit-codes.js';
import { statementLog } from './log-statements.js';
import { info } from './log.js';
import { loadDataset } from './load-definition.js';
import { checkClaimed, checkGranted } from './permissions.js';
import { madeUpRows, withDummyTables, type RowSource } from './rows.js';
import { isDatabase, withDatabase } from './database.js';
import { placeOf, writeResults } from './write-results.js';

export interface DataOptions {
  readonly definition: string;
  /** What the definition gets as its own arguments. */
  readonly parameters: readonly string[];
  readonly output?: string;
  readonly dummyDataFile?: string;
  readonly dummyTables?: string;
  readonly dsn?: string;
  /** The kind of database: it decides who is left out of every query. */
  readonly backend?: string;
}

export interface GenerateDatasetOptions extends DataOptions {
  readonly testDataFile?: string;
}

export async function generateDataset(options: GenerateDatasetOptions, terminal: Terminal): Promise<void> {
  const place = await orExit(async () => placeOf(options.output));
  const hasData = options.dsn !== undefined;
  info(terminal, `Compiling dataset definition from ${options.definition}`);
  const source = { file: options.definition, args: options.parameters };
  const loaded = await loadDataset({ ...source, isSecure: isDatabase(options.dsn) }, terminal);
  const endless = populationProblem(loaded.definition.population);
  if (endless) throw new CommandFailure(exitCodes.definition, [endless]);
  if (options.testDataFile !== undefined) {
    info(terminal, `Testing dataset definition with tests in ${options.testDataFile}`);
    await assure(
      { file: options.testDataFile, parameters: options.parameters, isSecure: isDatabase(options.dsn) },
      terminal,
    );
  }
  if (hasData) checkGranted(loaded.definition);
  else checkClaimed(loaded.definition, loaded.claimedPermissions);
  await orExit(async () => {
    const definition = await withFileTables(loaded.definition, process.cwd());
    if (options.dsn !== undefined) {
      info(terminal, 'Generating dataset');
      const { dsn, backend } = options;
      await withDatabase({ dsn, backend, log: statementLog(terminal) }, definition, (rows) =>
        writeResults(rows.dataset(definition), place, terminal),
      );
      return;
    }
    info(terminal, 'Generating dummy dataset');
    const { dummyDataFile, dummyTables } = options;
    if (dummyDataFile !== undefined) {
      info(terminal, `Reading dummy data from ${dummyDataFile}`);
      await writeResults(await datasetFromFile(definition, dummyDataFile), place, terminal);
      return;
    }
    const write = (rows: RowSource) => writeResults(rows.dataset(definition), place, terminal);
    if (dummyTables === undefined) await write(await madeUpRows(definition, source, terminal));
    else await withDummyTables(dummyTables, definition, terminal, write);
  });
}
