// The engines that generated definitions run on. A database stays open from one example to the next.
import type { DatasetDefinition, MeasuresDefinition } from '@glovebox/language';
import { openDuckDb, type DuckDb } from '../duckdb/connection.js';
import { csvLines } from '../files/csv-text.js';
import { extractMeasures } from '../measures/measures-result.js';
import { measuresTable } from '../reference/measure-rows.js';
import { runDataset } from '../reference/run-dataset.js';
import { runMeasures } from '../reference/run-measures.js';
import { printDatasetSql } from '../sql/print-dataset.js';
import { extractDataset } from '../sql/extract-dataset.js';
import type { Row, Tables } from '../tables.js';
import { inAnyOrder, type Rows } from './outcome.js';
import { oneRowTables } from './values.js';

/** The tables of a dataset, event tables in any order of rows. */
export const byReference = {
  dataset: (definition: DatasetDefinition, tables: Tables): readonly Rows[] =>
    runDataset(definition, tables).map(({ rows }, at) => (at === 0 ? rows : inAnyOrder(rows))),
  measures: (definition: MeasuresDefinition, tables: Tables): readonly Rows[] => [
    measuresTable(definition, runMeasures(definition, tables)).rows,
  ],
};

export interface DatabaseUnderTest {
  dataset(definition: DatasetDefinition, tables: Tables): Promise<readonly Rows[]>;
  measures(definition: MeasuresDefinition, tables: Tables): Promise<readonly Rows[]>;
  /** The same measures as text, and the text that `rows` are. */
  measuresText(definition: MeasuresDefinition, rows: Rows): Promise<readonly [found: string, expected: string]>;
  /** What it runs for a dataset. */
  sql(definition: DatasetDefinition): string;
  close(): void;
}

export async function duckDbUnderTest(): Promise<DatabaseUnderTest> {
  const db = await openDuckDb({ threads: 1 });
  return {
    async dataset(definition, tables) {
      await load(db, tables);
      const found: Rows[] = [];
      for (const [at, { rows }] of extractDataset(db, definition).entries()) {
        const all = await collect(rows);
        found.push(at === 0 ? all : inAnyOrder(all));
      }
      return found;
    },
    async measures(definition, tables) {
      await load(db, tables);
      return [await collect(extractMeasures(db, definition).rows)];
    },
    async measuresText(definition, rows) {
      const { lines, columns } = extractMeasures(db, definition);
      let text = '';
      for await (const some of lines!) text += some;
      return [text, csvLines(columns)(rows)];
    },
    sql: (definition) => printDatasetSql(definition, db.dialect),
    close: () => db.close(),
  };
}

/** Temporary tables take the place of those of the example before. */
async function load(db: DuckDb, tables: Tables): Promise<void> {
  for (const [name, { columns, rows }] of tables) {
    const kept = oneRowTables.has(name) ? lastOfEach(rows) : rows;
    await db.upload({ name, columns: [{ name: 'patient_id', type: 'int' }, ...columns], rows: kept });
  }
}

const lastOfEach = (rows: readonly Row[]): readonly Row[] => [...new Map(rows.map((row) => [row[0], row])).values()];

async function collect(batches: AsyncIterable<Rows>): Promise<Rows> {
  const all: Rows[number][] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}
