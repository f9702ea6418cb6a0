// A result that the researcher made by hand takes the place of a generated one. Its columns, types and categories are
// checked against the definition, so that what is developed on it works on the real result.
import { join } from 'node:path';
import {
  controlledRow,
  datasetColumns,
  folderAndFormat,
  measuresColumns,
  ratioOf,
  readFile,
  tableFileName,
  type FileColumn,
  type ResultColumn,
  type ResultTable,
} from '@glovebox/engines';
import type { DatasetDefinition, MeasuresDefinition, Nullable } from '@glovebox/language';

const required = (column: ResultColumn): FileColumn => ({
  ...column,
  isRequired: true,
  isNullRefused: column.name === 'patient_id',
});

/** The tables of a dataset from a file, or from a folder when there are event tables (`folder/:csv`). */
export function datasetFromFile(definition: DatasetDefinition, file: string): readonly ResultTable[] {
  const tables = datasetColumns(definition);
  const place = folderAndFormat(file);
  return tables.map(({ name, columns }) => ({
    name,
    columns,
    rows: readFile(place ? join(place.folder, tableFileName(name, place.format)) : file, columns.map(required)),
  }));
}

/** The table of all measures from a file, with small counts hidden as the definition says. */
export function measuresFromFile(definition: MeasuresDefinition, file: string): readonly ResultTable[] {
  const columns = measuresColumns(definition);
  const rows = readFile(file, columns.map(required));
  return [{ name: 'measures', columns, rows: definition.disclosureControl ? controlled(rows, columns) : rows }];
}

async function* controlled(
  batches: AsyncIterable<readonly (readonly Nullable[])[]>,
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
