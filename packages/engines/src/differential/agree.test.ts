import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProblemError } from '@glovebox/record';
import type { DatasetDefinition, Nullable } from '@glovebox/language';
import { openDuckDb } from '../duckdb/connection.js';
import { extractDataset } from '../sql/extract-dataset.js';
import { datasetSql } from '../sql/dataset.js';
import { printStatement } from '../sql/printer.js';
import { populationProblem } from '../reference/population.js';
import { csvLines } from '../files/csv-text.js';
import { extractMeasures } from '../measures/measures-result.js';
import { measuresTable } from '../reference/measure-rows.js';
import { runDataset } from '../reference/run-dataset.js';
import { runMeasures } from '../reference/run-measures.js';
import { generateQuery, type Generated } from './generate-query.js';

const examples = Number(process.env['GLOVEBOX_EXAMPLES'] ?? 300);

const queries = fc.gen().map((g) => generateQuery((below) => g(fc.nat, below - 1)));

function definitionOf({ population, outputs }: Generated): DatasetDefinition {
  const columns = outputs.map((series, at) => ({ name: `c${at}`, series }));
  return { kind: 'dataset', population, columns, eventTables: [], dummyData: {} };
}

/** Rows in a form that compares floats to nine digits; a problem gives its code. */
async function outcome(run: () => Promise<readonly (readonly Nullable[])[]>): Promise<unknown> {
  try {
    const rows = await run();
    return rows.map((row) =>
      row.map((v) => (typeof v === 'number' ? Number(v.toPrecision(9)) + 0 : typeof v === 'bigint' ? `${v}n` : v)),
    );
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map((p) => p.code);
    throw error;
  }
}

test('DuckDB and the reference engine agree on generated queries', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(queries, async (generated) => {
      const definition = definitionOf(generated);
      // Ints of these queries can overflow; engines may then differ in which patients they look at.
      const expected = await outcome(async () => runDataset(definition, generated.tables)[0]!.rows);
      if (populationProblem(generated.population) || !Array.isArray((expected as unknown[])[0] ?? [])) return;
      const db = await openDuckDb({ tables: generated.tables, oneRowTables: generated.oneRowTables, threads: 1 });
      try {
        const found = await outcome(async () => {
          const rows: (readonly Nullable[])[] = [];
          for await (const batch of extractDataset(db, definition)[0]!.rows) rows.push(...batch);
          return rows;
        });
        if (JSON.stringify(found) === '["integer-overflow"]') return;
        const sql = (): string =>
          printStatement(datasetSql(definition, db.dialect).statements[0]!.statement, db.dialect);
        expect(found, JSON.stringify(found) === JSON.stringify(expected) ? '' : sql()).toEqual(expected);
      } catch (error) {
        const sql = datasetSql(definition, db.dialect);
        throw new Error(
          `${printStatement(sql.statements[0]!.statement, db.dialect)}\n${String((error as Error).cause ?? error)}`,
          { cause: error },
        );
      } finally {
        db.close();
      }
    }),
    { numRuns: examples, seed: 7 },
  );
});

test('DuckDB and the reference engine agree on generated measures', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(queries, async ({ measures, tables, oneRowTables }) => {
      const expected = await outcome(async () => measuresTable(measures, runMeasures(measures, tables)).rows);
      if (!Array.isArray((expected as unknown[])[0] ?? [])) return;
      const db = await openDuckDb({ tables, oneRowTables, threads: 1 });
      try {
        const result = extractMeasures(db, measures);
        const rows: (readonly Nullable[])[] = [];
        const found = await outcome(async () => {
          for await (const batch of result.rows) rows.push(...batch);
          return rows;
        });
        if (JSON.stringify(found) === '["integer-overflow"]') return;
        expect(found).toEqual(expected);
        let text = '';
        for await (const lines of result.lines!) text += lines;
        expect(text).toBe(csvLines(result.columns)(rows));
      } finally {
        db.close();
      }
    }),
    { numRuns: examples, seed: 7 },
  );
});
