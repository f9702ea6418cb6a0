// Measures as output tables: one of all measures together, or one for each. Lines of CSV are made straight from the cells,
// because there can be many millions of them and most say 0 of 1.
import type { MeasuresDefinition, Nullable } from '@glovebox/language';
import type { Database } from '../database.js';
import { csvLines } from '../files/csv-text.js';
import { pythonFloat } from '../files/python-float.js';
import { groupColumns, measuresColumns } from '../reference/measure-rows.js';
import type { ResultColumn, ResultTable } from '../tables.js';
import type { CellBatch, Count } from './cells.js';
import { extractCells, type MeasureOptions } from './extract-measures.js';
import { fanOut, type Addressed } from './fan-out.js';

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
      for await (const cells of extractCells(db, definition, options)) yield rowsOfCells(cells, groups);
    })(),
    lines: (async function* () {
      for await (const cells of extractCells(db, definition, options)) yield linesOfCells(cells, groups);
    })(),
  };
}

/**
 * A table for each measure, named after it, also for a measure without rows. All come from one pass over the data: read
 * together, they hold little in memory; read one after another, what comes for the later ones is kept until then.
 */
export function extractEachMeasure(
  db: Database,
  definition: MeasuresDefinition,
  options: MeasureOptions = {},
): readonly ResultTable[] {
  const { measures } = definition;
  const source = (async function* (): AsyncGenerator<Addressed<CellBatch>> {
    for await (const cells of extractCells(db, definition, options)) {
      for (const [at, measure] of cells.measures.entries()) {
        const item = { ...cells, measures: [measure], numerators: [cells.numerators[at]!] };
        yield { to: measures.indexOf(measure), item };
      }
    }
  })();
  const streams = fanOut(source, measures.length);
  return measures.map((measure, at) => {
    const groups = groupColumns([measure]);
    return {
      name: measure.name,
      columns: measuresColumns({ ...definition, measures: [measure] }).slice(1),
      rows: (async function* () {
        for await (const cells of streams[at]!) yield rowsOfCells(cells, groups).map((row) => row.slice(1));
      })(),
      lines: (async function* () {
        for await (const cells of streams[at]!) yield linesOfCells(cells, groups, false);
      })(),
    };
  });
}

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

function linesOfCells(cells: CellBatch, groups: readonly ResultColumn[], hasName = true): string {
  const { interval, measures, denominators, numerators } = cells;
  const prefixes = measures.map(({ name }) => `${hasName ? `${name},` : ''}${interval.start},${interval.end},`);
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
