// Measures as output tables: one of all measures together, or one for each. Lines of CSV are made straight from the cells,
// because there can be many millions of them and most say 0 of 1.
import { type Measure, type MeasuresDefinition, type Nullable } from '@glovebox/language';
import type { Database } from '../database.js';
import type { DuckDb } from '../duckdb/connection.js';
import { csvLines } from '../files/csv-text.js';
import { pythonFloat } from '../files/python-float.js';
import { groupColumns, measuresColumns } from '../reference/measure-rows.js';
import type { ResultColumn, ResultTable } from '../tables.js';
import type { CellBatch, Count } from './cells.js';
import { extractCells, type MeasureOptions } from './extract-measures.js';
import { plainCells } from './plain-cells.js';

/**
 * The table of all measures. Nothing runs before its rows or lines are asked for.
 *
 * @throws ProblemError, while reading, for what a user can act on.
 */
export function extractMeasures(
  db: Database,
  definition: MeasuresDefinition,
  options: MeasureOptions = {},
): ResultTable {
  const columns = measuresColumns(definition);
  const groups = groupColumns(definition.measures);
  return {
    name: 'measures',
    columns,
    rows: (async function* () {
      for await (const cells of cellsOf(db, definition, options)) yield rowsOfCells(cells, groups);
    })(),
    lines: (async function* () {
      for await (const cells of cellsOf(db, definition, options)) yield linesOfCells(cells, groups);
    })(),
  };
}

/**
 * A table for each measure, named after it, also for a measure without rows. Each is a query of its own when it is read,
 * so that nothing is held in memory.
 */
export function extractEachMeasure(db: Database, definition: MeasuresDefinition): readonly ResultTable[] {
  return definition.measures.map((measure) => {
    const alone = extractMeasures(db, { ...definition, measures: [measure] });
    const rows = (async function* () {
      for await (const batch of alone.rows) yield batch.map((row) => row.slice(1));
    })();
    return { name: measure.name, columns: alone.columns.slice(1), rows };
  });
}

/** DuckDB's own way where the database is one. */
const cellsOf = (db: Database, definition: MeasuresDefinition, options: MeasureOptions): AsyncIterable<CellBatch> =>
  'chunks' in db ? extractCells(db as DuckDb, definition, options) : plainCells(db, definition, options);

function rowsOfCells(cells: CellBatch, groups: readonly ResultColumn[]): readonly (readonly Nullable[])[] {
  const { interval, measures, denominators, numerators } = cells;
  const rows: Nullable[][] = [];
  for (let cell = 0; cell < cells.size; cell++) {
    const values = groups.map(({ name }) => cells.groups.get(name)?.[cell] ?? null);
    const denominator = denominators[cell]!;
    for (const [at, measure] of measures.entries()) {
      const numerator = numerators[at]![cell]!;
      const ratio = Number(denominator) === 0 ? null : Number(numerator) / Number(denominator);
      rows.push([measure.name, interval.start, interval.end, ratio, BigInt(numerator), BigInt(denominator), ...values]);
    }
  }
  return rows;
}

function linesOfCells(cells: CellBatch, groups: readonly ResultColumn[]): string {
  const { interval, measures, denominators, numerators } = cells;
  const prefixes = measures.map((measure: Measure) => `${measure.name},${interval.start},${interval.end},`);
  const lines = csvLines([{ name: '', type: 'str' }, ...groups]);
  let text = '';
  for (let cell = 0; cell < cells.size; cell++) {
    // With an empty field before them the groups begin with a comma.
    const suffix = lines([['', ...groups.map(({ name }) => cells.groups.get(name)?.[cell] ?? null)]]);
    const denominator = denominators[cell]!;
    const ending = `,${denominator}${groups.length === 0 ? '\r\n' : suffix}`;
    for (let at = 0; at < prefixes.length; at++) {
      const numerator = numerators[at]![cell]!;
      text += `${prefixes[at]!}${ratioText(numerator, denominator)},${numerator}${ending}`;
    }
  }
  return text;
}

function ratioText(numerator: Count, denominator: Count): string {
  if (denominator === 0) return '';
  if (numerator === 0) return '0.0';
  return numerator === denominator ? '1.0' : pythonFloat(Number(numerator) / Number(denominator));
}
