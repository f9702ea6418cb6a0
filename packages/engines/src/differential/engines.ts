// The engines that generated definitions run on. A database stays open from one example to the next.
import type { DatasetDefinition, MeasuresDefinition } from '@glovebox/language';
import type { Database } from '../database.js';
import { openDuckDb } from '../duckdb/connection.js';
import { csvLines } from '../files/csv-text.js';
import { extractMeasures } from '../measures/measures-result.js';
import { openPostgres } from '../postgres/connection.js';
import { measuresTable } from '../reference/measure-rows.js';
import { runDataset } from '../reference/run-dataset.js';
import { runMeasures } from '../reference/run-measures.js';
import { printDatasetSql } from '../sql/print-dataset.js';
import { extractDataset } from '../sql/extract-dataset.js';
import type { Row, Tables } from '../tables.js';
import type { Rows } from './outcome.js';
import { oneRowTables } from './values.js';

export const byReference = {
  dataset: (definition: DatasetDefinition, tables: Tables): readonly Rows[] =>
    runDataset(definition, tables).map(({ rows }) => rows),
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
  close(): void | Promise<void>;
}

export const duckDbUnderTest = (): Promise<DatabaseUnderTest> => underTest(() => openDuckDb({ threads: 1 }));
export const postgresUnderTest = (url: string): Promise<DatabaseUnderTest> => underTest(() => openPostgres({ url }));

async function underTest(open: () => Promise<Database>): Promise<DatabaseUnderTest> {
  let db = await open();
  /** A statement that failed may leave tables of its run behind, so another database takes over. */
  const withFresh = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      await db.close();
      db = await open();
      throw error;
    }
  };
  return {
    dataset: (definition, tables) =>
      withFresh(async () => {
        await load(db, tables);
        const found: Rows[] = [];
        for (const { rows } of extractDataset(db, definition)) found.push(await collect(rows));
        return found;
      }),
    measures: (definition, tables) =>
      withFresh(async () => {
        await load(db, tables);
        return [await collect(extractMeasures(db, definition).rows)];
      }),
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
async function load(db: Database, tables: Tables): Promise<void> {
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
