// Runs a dataset definition on a database and streams its tables.
import type { DatasetDefinition } from '@glovebox/language';
import type { DuckDb } from '../duckdb/connection.js';
import { datasetColumns } from '../reference/run-dataset.js';
import type { ResultTable } from '../tables.js';
import { datasetSql } from './dataset.js';
import { printStatement } from './printer.js';

/**
 * The tables of a dataset: `dataset`, then the event tables. Rows are ordered by patient id; nothing runs before the
 * rows are asked for, and the tables are read one after the other.
 *
 * @throws ProblemError, here or while reading, for what a user can act on.
 */
export function extractDataset(db: DuckDb, definition: DatasetDefinition): readonly ResultTable[] {
  const { statements, uploads } = datasetSql(definition, db.dialect);
  let uploaded: Promise<void> | undefined;
  const upload = async (): Promise<void> => {
    for (const each of uploads) await db.upload(each);
  };
  return datasetColumns(definition).map(({ name, columns }, at) => ({
    name,
    columns,
    rows: (async function* () {
      uploaded ??= upload();
      await uploaded;
      yield* db.stream(printStatement(statements[at]!.statement, db.dialect), columns);
    })(),
  }));
}
