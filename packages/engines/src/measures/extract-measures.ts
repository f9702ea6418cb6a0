// Runs measures on a database: for each batch one statement for one or several intervals, or one for all it needs and a
// small one for each grouping; what intervals have in common is put into temporary tables first.
import { definitionRoots, tablesUnder, type Interval, type MeasuresDefinition } from '@glovebox/language';
import type { Database } from '../database.js';
import type { DuckDb } from '../duckdb/connection.js';
import { namesBeside } from '../sql/plan/names.js';
import { uploads as newUploads } from '../sql/plan/uploads.js';
import { printStatement } from '../sql/printer.js';
import { batchesOf, fillBatch, type Batch, type Grouping } from './batches.js';
import { controlled, type CellBatch } from './cells.js';
import { cellsOf, cellsOfRows, columnsOf, runsOf } from './decode-cells.js';
import { mostIntervals } from './bits.js';
import { cellsSql, fromCellsSql, singleGroupingSql } from './interval-sql.js';
import { keyOf, packGroups } from './packed-groups.js';
import type { IntervalInput } from './patient-rows.js';
import { bringUploads, createTable, dropTable, prepare, type Session } from './session.js';

export interface MeasureProgress {
  readonly intervalsDone: number;
  /**
   * Those whose statements have ended. A statement about several intervals works on all of them before its first row, so only
   * these say how long others will take.
   */
  readonly intervalsTimed: number;
  /** Of all measures: those that share denominator and intervals count them once. */
  readonly intervals: number;
  /** Lines of the result so far. */
  readonly rows: number;
}

export interface MeasureOptions {
  /** Called now and then while rows are taken, and when intervals are done. */
  readonly onProgress?: (progress: MeasureProgress) => void;
  /** How many rows of patients or events a statement may look at, where it may be about several intervals. */
  readonly rowsPerStatement?: number;
}

/** Enough that what a statement costs by itself is little, and few enough that what it keeps fits in memory. */
const rowsPerStatement = 1_000_000;

/**
 * The cells of all measures, in output order: by batch, interval, grouping and the values of the groups, NULL first.
 * Disclosure control is applied when the definition asks for it.
 *
 * @throws ProblemError for what a user can act on.
 */
export async function* extractCells(
  db: Database,
  definition: MeasuresDefinition,
  options: MeasureOptions = {},
): AsyncGenerator<CellBatch> {
  const names = namesBeside(
    tablesUnder(definitionRoots(definition)).tables.map((table) => table.name),
    (stem) => db.dialect.temporaryName(stem),
  );
  const session: Session = {
    db,
    names,
    uploads: newUploads(names),
    uploaded: 0,
    rowsPerStatement: options.rowsPerStatement ?? rowsPerStatement,
  };
  const batches = batchesOf(definition.measures);
  const intervals = batches.reduce((sum, batch) => sum + batch.intervals.length, 0);
  let [intervalsTimed, rows] = [0, 0];
  for (const batch of batches) {
    for (const block of blocksOf(batch.intervals)) {
      const shared = block.length > 1 ? await prepare(session, batch, block) : undefined;
      const step = shared?.intervalsPerStatement ?? 1;
      for (let start = 0; start < block.length; start += step) {
        const some = block.slice(start, start + step);
        const input =
          shared?.inputOf({ from: start, to: start + some.length }) ?? inputAlone(session, batch, block[start]!);
        for await (const cells of cellsOfIntervals(session, batch, input, { block, start, some })) {
          rows += cells.size * cells.measures.length;
          yield definition.disclosureControl ? controlledCells(cells) : cells;
          const seen = intervalsTimed + some.indexOf(cells.interval);
          options.onProgress?.({ intervalsDone: seen, intervalsTimed, intervals, rows });
        }
        intervalsTimed += some.length;
        options.onProgress?.({ intervalsDone: intervalsTimed, intervalsTimed, intervals, rows });
      }
      for (const name of shared?.temporary ?? []) await dropTable(session, name);
    }
  }
}

/** Intervals that are prepared together. */
function blocksOf(intervals: readonly Interval[]): readonly (readonly Interval[])[] {
  const blocks: (readonly Interval[])[] = [];
  for (let start = 0; start < intervals.length; start += mostIntervals) {
    blocks.push(intervals.slice(start, start + mostIntervals));
  }
  return blocks;
}

/** An interval on its own. */
function inputAlone({ db, names, uploads }: Session, batch: Batch, interval: Interval): IntervalInput {
  const filled = fillBatch(batch, interval);
  const packed = db.dialect.joinsIntervals ? packGroups(filled.groups) : [];
  return { filled, keys: { packed, key: keyOf(packed) }, dialect: db.dialect, names, uploads };
}

/** Some intervals of a block, from its place `start`. */
interface Run {
  readonly block: readonly Interval[];
  readonly start: number;
  readonly some: readonly Interval[];
}

async function* cellsOfIntervals(
  session: Session,
  batch: Batch,
  input: IntervalInput,
  { block, start, some }: Run,
): AsyncGenerator<CellBatch> {
  const { db } = session;
  const { filled } = input;
  const [only, ...others] = batch.groupings;
  if (only && others.length === 0 && isDuckDb(db)) {
    const groups = groupsOf(only, input);
    const sql = singleGroupingSql(input, groups);
    await bringUploads(session);
    const { packed, place } = input.keys;
    for await (const chunk of db.chunks(printStatement(sql, db.dialect))) {
      const cells = cellsOf({ chunk, first: place ? 1 : 0, grouping: only, groups, packed, filled });
      if (!place) yield { ...cells, interval: some[0]! };
      else
        for (const run of runsOf(cells, chunk.getColumnValues(0) as number[]))
          yield { ...run, interval: block[run.place]! };
    }
    return;
  }
  const table = session.names('cells');
  await createTable(session, table, cellsSql(input));
  for (const [at, interval] of some.entries()) {
    for (const grouping of batch.groupings) {
      const groups = groupsOf(grouping, input);
      const numerators = [...new Set(grouping.measures.map((measure) => filled.numeratorOf.get(measure)!))];
      const place = input.keys.place ? start + at : undefined;
      const sql = printStatement(
        fromCellsSql(table, { keys: groups, numerators, dialect: db.dialect }, place),
        db.dialect,
      );
      const columns = { first: 0, grouping, groups, packed: [], filled, numerators };
      if (isDuckDb(db)) {
        for await (const chunk of db.chunks(sql)) yield { ...cellsOf({ ...columns, chunk }), interval };
      } else {
        for await (const rows of db.stream(sql, columnsOf(columns))) yield { ...cellsOfRows(columns, rows), interval };
      }
    }
  }
  await dropTable(session, table);
}

const isDuckDb = (db: Database): db is DuckDb => 'chunks' in db;

/** The places of the series that a grouping is by. */
const groupsOf = (grouping: Grouping, { filled }: IntervalInput): readonly number[] => [
  ...new Set(grouping.names.map((name) => filled.groupOf.get(name)!)),
];

function controlledCells(cells: CellBatch): CellBatch {
  return {
    ...cells,
    denominators: cells.denominators.map(controlled),
    numerators: cells.numerators.map((counts) => counts.map(controlled)),
  };
}
