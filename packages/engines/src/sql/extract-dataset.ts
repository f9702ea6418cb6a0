// Runs a dataset definition on a database and streams its tables.
import type { DatasetDefinition } from '@glovebox/language';
import type { Database } from '../database.js';
import { datasetColumns } from '../reference/run-dataset.js';
import type { ResultTable } from '../tables.js';
import { datasetSql } from './dataset.js';
import { printSteps } from './printer.js';

export interface DatasetOptions {
  /** Told, before the first statement, how many there are. */
  readonly onPlan?: (statements: number) => void;
}

/**
 * The tables of a dataset: `dataset`, then the event tables. Rows are ordered by patient id; nothing runs before the
 * rows are asked for, and the tables are read one after the other.
 *
 * @throws ProblemError, here or while reading, for what a user can act on.
 */
export function extractDataset(
  db: Database,
  definition: DatasetDefinition,
  options: DatasetOptions = {},
): readonly ResultTable[] {
  const { statements, uploads } = datasetSql(definition, db.dialect);
  const steps = statements.map(({ statement }) => printSteps(statement, db.dialect));
  options.onPlan?.(steps.reduce((sum, { before, after }) => sum + before.length + 1 + after.length, uploads.length));
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
      const { before, query, after } = steps[at]!;
      for (const sql of before) await db.execute(sql);
      yield* db.stream(query, columns);
      for (const sql of after) await db.execute(sql);
    })(),
  }));
}
