// Where the rows of a result come from: a database, tables made by hand, or made-up patients.
import {
  asStream,
  measuresTable,
  readTables,
  runDataset,
  runMeasures,
  tablePerMeasure,
  type ResultTable,
  type Tables,
} from '@glovebox/engines';
import { definitionRoots, type DatasetDefinition, type MeasuresDefinition } from '@glovebox/language';
import type { Terminal } from '../../command-line.js';
import { info, warning } from './log.js';

export interface RowSource {
  dataset(definition: DatasetDefinition): readonly ResultTable[];
  /** One table of all measures or, with `isSplit`, one for each measure. */
  measures(definition: MeasuresDefinition, isSplit: boolean): readonly ResultTable[];
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

/** Rows from a folder of tables made by hand. */
export async function dummyTablesFrom(
  folder: string,
  definition: DatasetDefinition | MeasuresDefinition,
  terminal: Terminal,
): Promise<RowSource> {
  info(terminal, `Reading table data from ${folder}`);
  return inMemory(await readTables(folder, definitionRoots(definition)));
}

/** Tables of patients who don't exist and satisfy the definition; warns when they are fewer than asked for. */
export async function madeUpTables(
  definition: DatasetDefinition | MeasuresDefinition,
  terminal: Terminal,
): Promise<Tables> {
  // Loaded only here: most runs have no use for it.
  const { generateDummyTables } = await import('@glovebox/synth');
  return generateDummyTables(definition, {
    onShortfall({ wanted, found, tried, conditions }) {
      warning(
        terminal,
        `Made ${found} of ${wanted} dummy patients: of ${tried} tried, no more satisfied the population`,
      );
      for (const { text, made, satisfied } of conditions.slice(0, 3)) {
        warning(terminal, `  ${satisfied} of ${made} made for the other conditions satisfy: ${text}`);
      }
    },
  });
}

export async function madeUpRows(
  definition: DatasetDefinition | MeasuresDefinition,
  terminal: Terminal,
): Promise<RowSource> {
  return inMemory(await madeUpTables(definition, terminal));
}
