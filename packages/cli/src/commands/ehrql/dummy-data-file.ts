// A result that the researcher made by hand takes the place of a generated one. Its columns, types and categories are
// checked against the definition, so that what is developed on it works on the real result.
import { join } from 'node:path';
import {
  controlledRow,
  datasetColumns,
  inputFolder,
  measuresColumns,
  ratioOf,
  readFile,
  tableFileName,
  type FileColumn,
  type ResultColumn,
  type ResultTable,
} from '@glovebox/engines';
import type { DatasetDefinition, Measure, MeasuresDefinition, Nullable } from '@glovebox/language';

const required = (column: ResultColumn): FileColumn => ({
  ...column,
  isRequired: true,
  isNullRefused: column.name === 'patient_id',
});

/** The tables of a dataset from a file, or from a folder, which there must be when there are event tables. */
export async function datasetFromFile(definition: DatasetDefinition, file: string): Promise<readonly ResultTable[]> {
  const tables = datasetColumns(definition);
  const place = await inputFolder(file);
  return tables.map(({ name, columns }) => ({
    name,
    columns,
    rows: readFile(place ? join(place.folder, tableFileName(name, place.format)) : file, columns.map(required)),
  }));
}

type Rows = AsyncIterable<readonly (readonly Nullable[])[]>;

/**
 * Measures from a file of all, or from a folder with one for each, with small counts hidden as the definition says.
 *
 * @param isSplit whether a table for each is wanted, whichever form the input has
 */
export async function measuresFromFile(
  definition: MeasuresDefinition,
  file: string,
  isSplit: boolean,
): Promise<readonly ResultTable[]> {
  const all = measuresColumns(definition);
  const own = (measure: Measure) => measuresColumns({ ...definition, measures: [measure] }).slice(1);
  const place = await inputFolder(file);
  const ownRows = (measure: Measure): Rows => {
    if (!place) return arranged(readFile(file, all.map(required)), { from: all, to: own(measure), only: measure.name });
    return readFile(join(place.folder, tableFileName(measure.name, place.format)), own(measure).map(required));
  };
  const table = (name: string, columns: readonly ResultColumn[], rows: Rows): ResultTable => ({
    name,
    columns,
    rows: definition.disclosureControl ? controlled(rows, columns) : rows,
  });
  if (isSplit) return definition.measures.map((measure) => table(measure.name, own(measure), ownRows(measure)));
  if (!place) return [table('measures', all, readFile(file, all.map(required)))];
  const together = async function* (): Rows {
    for (const measure of definition.measures) {
      yield* arranged(ownRows(measure), { from: own(measure), to: all, named: measure.name });
    }
  };
  return [table('measures', all, together())];
}

interface Arrangement {
  readonly from: readonly ResultColumn[];
  readonly to: readonly ResultColumn[];
  /** Leaves out the rows of other measures. */
  readonly only?: string;
  /** What the column `measure` says, where the rows have none. */
  readonly named?: string;
}

/** The same rows with other columns; one that they lack is NULL. */
async function* arranged(batches: Rows, { from, to, only, named }: Arrangement): AsyncGenerator<readonly Nullable[][]> {
  const places = to.map(({ name }) => from.findIndex((column) => column.name === name));
  for await (const batch of batches) {
    const kept = only === undefined ? batch : batch.filter((row) => row[0] === only);
    yield kept.map((row) =>
      places.map((at, i) => (at === -1 ? (to[i]!.name === 'measure' ? (named ?? null) : null) : row[at]!)),
    );
  }
}

async function* controlled(
  batches: Rows,
  columns: readonly ResultColumn[],
): AsyncGenerator<readonly (readonly Nullable[])[]> {
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const [ratio, numerator, denominator] = [at('ratio'), at('numerator'), at('denominator')];
  for await (const batch of batches) {
    yield batch.map((row) => {
      const counts = controlledRow({
        numerator: (row[numerator] ?? 0n) as bigint,
        denominator: (row[denominator] ?? 0n) as bigint,
      });
      const changed = [...row];
      changed[ratio] = ratioOf(counts);
      changed[numerator] = counts.numerator;
      changed[denominator] = counts.denominator;
      return changed;
    });
  }
}
