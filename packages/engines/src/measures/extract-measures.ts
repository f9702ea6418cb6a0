// Runs measures on a database: for each batch one statement an interval, or one for all it needs and a small one for each
// grouping; what intervals have in common is put into a temporary table first.
import {
  definitionRoots,
  tablesUnder,
  typeOf,
  type Measure,
  type MeasuresDefinition,
  type Nullable,
  type Table,
} from '@glovebox/language';
import type { DuckDb } from '../duckdb/connection.js';
import { rowsOf, valueOf } from '../duckdb/rows.js';
import { sqlTypeOf } from '../sql/plan/compile.js';
import { namesBeside, type Names } from '../sql/plan/names.js';
import { uploads as newUploads, type Uploads } from '../sql/plan/uploads.js';
import { printStatement } from '../sql/printer.js';
import type { StatementNode } from '../sql/tree/index.js';
import { baseSql, type Base } from './base.js';
import { batchesOf, fillBatch, type Batch, type Filled, type Grouping } from './batches.js';
import { controlled, countsOf, type CellBatch } from './cells.js';
import { sharedRows } from './shared-rows.js';
import { cellsSql, fromCellsSql, singleGroupingSql } from './interval-sql.js';

export interface MeasureProgress {
  readonly intervalsDone: number;
  readonly intervals: number;
  readonly rows: number;
}

export interface MeasureOptions {
  readonly onProgress?: (progress: MeasureProgress) => void;
}

/**
 * The cells of all measures, in output order: by batch, interval, grouping and the values of the groups, NULL first.
 * Disclosure control is applied when the definition asks for it.
 *
 * @throws ProblemError for what a user can act on.
 */
export async function* extractCells(
  db: DuckDb,
  definition: MeasuresDefinition,
  options: MeasureOptions = {},
): AsyncGenerator<CellBatch> {
  const names = namesBeside(tablesUnder(definitionRoots(definition)).tables.map((table) => table.name));
  const session: Session = { db, names, uploads: newUploads(names), uploaded: 0 };
  const batches = batchesOf(definition.measures);
  const intervals = batches.reduce((sum, batch) => sum + batch.intervals.length, 0);
  let [intervalsDone, rows] = [0, 0];
  for (const batch of batches) {
    const base = batch.intervals.length > 1 ? await prepareBase(session, batch) : undefined;
    for (const interval of batch.intervals) {
      const filled = fillBatch(batch, interval);
      for await (const { grouping, chunk, keys } of groupingChunks(session, batch, filled, base)) {
        const cells = cellsOf({ chunk, grouping, keys, filled, interval });
        rows += cells.size * grouping.measures.length;
        yield definition.disclosureControl ? controlledCells(cells) : cells;
      }
      intervalsDone += 1;
      options.onProgress?.({ intervalsDone, intervals, rows });
    }
    for (const name of base?.temporary ?? []) await dropTable(session, name);
  }
}

interface Session {
  readonly db: DuckDb;
  readonly names: Names;
  readonly uploads: Uploads;
  uploaded: number;
}

type Chunk = Parameters<typeof rowsOf>[0];

interface GroupingChunk {
  readonly grouping: Grouping;
  readonly chunk: Chunk;
  /** The places of the groups whose values come first in the chunk. */
  readonly keys: readonly number[];
}

async function* groupingChunks(
  session: Session,
  batch: Batch,
  filled: Filled,
  base: Shared | undefined,
): AsyncGenerator<GroupingChunk> {
  const { db, uploads } = session;
  // Names of stages are free again for the next statement; those of temporary tables are not.
  const input = {
    filled,
    dialect: db.dialect,
    names: session.names,
    uploads,
    base: base?.state,
    relationOf: base?.relationOf,
  };
  const keysOf = (grouping: Grouping): readonly number[] => [
    ...new Set(grouping.names.map((name) => filled.groupOf.get(name)!)),
  ];
  const [only, ...others] = batch.groupings;
  if (only && others.length === 0) {
    const keys = keysOf(only);
    const sql = singleGroupingSql(input, keys);
    await bringUploads(session);
    for await (const chunk of db.chunks(printStatement(sql, db.dialect))) yield { grouping: only, chunk, keys };
    return;
  }
  const cells = session.names('cells');
  await createTable(session, cells, cellsSql(input));
  for (const grouping of batch.groupings) {
    const keys = keysOf(grouping);
    const numerators = [...new Set(grouping.measures.map((measure) => filled.numeratorOf.get(measure)!))];
    const sql = printStatement(fromCellsSql(cells, keys, numerators), db.dialect);
    const ofGrouping = { ...grouping, numerators };
    for await (const chunk of db.chunks(sql)) yield { grouping: ofGrouping, chunk, keys };
  }
  await dropTable(session, cells);
}

/** What the intervals of a batch share, in temporary tables. */
interface Shared {
  readonly state: Base['state'];
  readonly relationOf: (table: Table) => string;
  readonly temporary: readonly string[];
}

async function prepareBase(session: Session, batch: Batch): Promise<Shared> {
  const { db, names, uploads } = session;
  const raw = fillBatch(batch, undefined);
  const { state, statement } = baseSql(raw, { names, uploads, dialect: db.dialect });
  await createTable(session, state.name, statement);
  const rows = sharedRows({
    roots: [raw.member, ...raw.numerators, ...raw.groups, ...(raw.weight ? [raw.weight] : [])],
    intervals: batch.intervals,
    pool: batch.pool,
    isGiven: (node) => state.columns.has(node),
    dialect: db.dialect,
    names,
    uploads,
  });
  for (const copy of rows) await createTable(session, copy.name, copy.statement);
  const copies = new Map(rows.map((copy) => [copy.table, copy.name]));
  return {
    state,
    relationOf: (table) => copies.get(table) ?? table.name,
    temporary: [state.name, ...copies.values()],
  };
}

async function createTable(session: Session, name: string, statement: StatementNode): Promise<void> {
  const { db } = session;
  await bringUploads(session);
  await db.execute(`CREATE TEMPORARY TABLE ${db.dialect.quote(name)} AS\n${printStatement(statement, db.dialect)}`);
}

const dropTable = ({ db }: Session, name: string): Promise<void> => db.execute(`DROP TABLE ${db.dialect.quote(name)}`);

/** Makes the temporary tables that plans have asked for since the last time. */
async function bringUploads(session: Session): Promise<void> {
  const all = session.uploads.all();
  for (; session.uploaded < all.length; session.uploaded++) await session.db.upload(all[session.uploaded]!);
}

function cellsOf(parts: {
  readonly chunk: Chunk;
  readonly grouping: Grouping & { readonly numerators?: readonly number[] };
  readonly keys: readonly number[];
  readonly filled: Filled;
  readonly interval: CellBatch['interval'];
}): CellBatch {
  const { chunk, grouping, keys, filled, interval } = parts;
  const values = keys.map((key, at): readonly Nullable[] => {
    const type = sqlTypeOf(typeOf(filled.groups[key]!));
    return chunk.getColumnValues(at).map((value) => valueOf(value, type));
  });
  const places = grouping.numerators ?? filled.numerators.map((_, at) => at);
  const counts = places.map((_, at) => countsOf(chunk, keys.length + 1 + at));
  const numeratorOf = (measure: Measure) => counts[places.indexOf(filled.numeratorOf.get(measure)!)]!;
  return {
    interval,
    measures: grouping.measures,
    size: chunk.rowCount,
    denominators: countsOf(chunk, keys.length),
    numerators: grouping.measures.map(numeratorOf),
    groups: new Map(grouping.names.map((name) => [name, values[keys.indexOf(filled.groupOf.get(name)!)]!])),
  };
}

function controlledCells(cells: CellBatch): CellBatch {
  return {
    ...cells,
    denominators: cells.denominators.map(controlled),
    numerators: cells.numerators.map((counts) => counts.map(controlled)),
  };
}
