// Where the rows of a result come from: a database, tables made by hand, or made-up patients.
import { stat } from 'node:fs/promises';
import {
  asStream,
  measuresTable,
  readTables,
  runDataset,
  runMeasures,
  tableFiles,
  tablePerMeasure,
  type MeasureOptions,
  type ResultTable,
  type Tables,
} from '@glovebox/engines';
import { definitionRoots, type DatasetDefinition, type MeasuresDefinition, type Series } from '@glovebox/language';
import type { Shortfall } from '@glovebox/synth';
import type { Terminal } from '../../command-line.js';
import type { DefinitionSource } from './load-definition.js';
import { info } from './log.js';
import { warnOfShortfall } from './shortfall.js';

export interface RowSource {
  dataset(definition: DatasetDefinition): readonly ResultTable[];
  /** One table of all measures or, with `isSplit`, one for each measure: those come from one pass, to be read together. */
  measures(definition: MeasuresDefinition, isSplit: boolean, options?: MeasureOptions): readonly ResultTable[];
  /** Stops what a database runs for these rows; reading them then fails. */
  cancel?(): void | Promise<void>;
}

/** Results over tables in memory. */
export function inMemory(tables: Tables): RowSource {
  return {
    dataset: (definition) => runDataset(definition, tables).map(asStream),
    measures(definition, isSplit) {
      const rows = runMeasures(definition, tables);
      return (isSplit ? tablePerMeasure(definition, rows) : [measuresTable(definition, rows)]).map(asStream);
    },
  };
}

/** Up to this size files are read into memory: a small result is sooner there than an engine. */
const mostBytesInMemory = 2 ** 22;

/** Hands over rows from a folder of tables made by hand; both engines give the same rows in the same order. */
export async function withDummyTables<T>(
  folder: string,
  definition: DatasetDefinition | MeasuresDefinition,
  terminal: Terminal,
  use: (rows: RowSource) => Promise<T>,
): Promise<T> {
  info(terminal, `Reading table data from ${folder}`);
  const roots = definitionRoots(definition);
  const files = await tableFiles(folder, roots);
  const sizes = await Promise.all(
    files.map(({ path }) =>
      stat(path).then(
        ({ size }) => (path.endsWith('.csv') ? size : size * 8),
        () => 0,
      ),
    ),
  );
  if (sizes.reduce((sum, size) => sum + size, 0) > mostBytesInMemory) {
    const { withDuckDb } = await import('./database.js');
    return withDuckDb({ files }, use);
  }
  return use(inMemory(await readTables(folder, roots)));
}

/**
 * Tables of patients who don't exist and satisfy the definition; warns when they are fewer than asked for.
 *
 * @param source the definition's file, which is evaluated again for the lines to name in a warning
 * @param also series whose tables and columns are made too
 */
export async function madeUpTables(
  definition: DatasetDefinition | MeasuresDefinition,
  source: DefinitionSource,
  terminal: Terminal,
  also: readonly Series[] = [],
): Promise<Tables> {
  // Loaded only here: most runs have no use for it.
  const { generateDummyTables } = await import('@glovebox/synth');
  let missing: Shortfall | undefined;
  const tables = generateDummyTables(definition, { also, onShortfall: (shortfall) => (missing = shortfall) });
  if (missing) await warnOfShortfall(missing, definition, source, terminal);
  return tables;
}

export async function madeUpRows(
  definition: DatasetDefinition | MeasuresDefinition,
  source: DefinitionSource,
  terminal: Terminal,
): Promise<RowSource> {
  return inMemory(await madeUpTables(definition, source, terminal));
}
