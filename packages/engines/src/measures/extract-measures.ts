// Runs measures on a database: for each batch one statement an interval, or one for all it needs and a small one for each
// grouping; what intervals have in common is put into a temporary table first.
import {
  definitionRoots,
  tablesUnder,
  typeOf,
  type Measure,
  type MeasuresDefinition,
  type Interval,
  type Nullable,
} from '@glovebox/language';
import type { DuckDb } from '../duckdb/connection.js';
import { rowsOf, valueOf } from '../duckdb/rows.js';
import { sqlTypeOf } from '../sql/plan/compile.js';
import { namesBeside, type Names } from '../sql/plan/names.js';
import { uploads as newUploads, type Uploads } from '../sql/plan/uploads.js';
import { printStatement } from '../sql/printer.js';
import type { StatementNode } from '../sql/tree/index.js';
import { batchesOf, fillBatch, type Batch, type Filled, type Grouping } from './batches.js';
import { controlled, countsOf, type CellBatch } from './cells.js';
import { mostIntervals } from './epochs.js';
import { cellsSql, fromCellsSql, singleGroupingSql } from './interval-sql.js';
import { keyOf, packGroups, type PackedGroup } from './packed-groups.js';
import type { IntervalInput } from './patient-rows.js';
import { planIntervals } from './plan-intervals.js';

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
    for (const block of blocksOf(batch.intervals)) {
      const shared = block.length > 1 ? await prepare(session, batch, block) : undefined;
      for (const [at, interval] of block.entries()) {
        const filled = fillBatch(batch, interval);
        const input = shared?.inputOf(filled, interval, at) ?? inputAlone(session, filled);
        for await (const { grouping, chunk, keys, packed } of groupingChunks(session, batch, input)) {
          const cells = cellsOf({ chunk, grouping, keys, packed, filled, interval });
          rows += cells.size * grouping.measures.length;
          yield definition.disclosureControl ? controlledCells(cells) : cells;
        }
        intervalsDone += 1;
        options.onProgress?.({ intervalsDone, intervals, rows });
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
function inputAlone({ db, names, uploads }: Session, filled: Filled): IntervalInput {
  const packed = packGroups(filled.groups);
  return { filled, keys: { packed, key: keyOf(packed) }, dialect: db.dialect, names, uploads };
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
  /** The groups that come as codes. */
  readonly packed?: readonly PackedGroup[];
}

async function* groupingChunks(session: Session, batch: Batch, input: IntervalInput): AsyncGenerator<GroupingChunk> {
  const { db } = session;
  const { filled } = input;
  const keysOf = (grouping: Grouping): readonly number[] => [
    ...new Set(grouping.names.map((name) => filled.groupOf.get(name)!)),
  ];
  const [only, ...others] = batch.groupings;
  if (only && others.length === 0) {
    const keys = keysOf(only);
    const sql = singleGroupingSql(input, keys);
    const { packed } = input.keys;
    await bringUploads(session);
    for await (const chunk of db.chunks(printStatement(sql, db.dialect))) yield { grouping: only, chunk, keys, packed };
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

/** What some intervals of a batch share, in temporary tables. */
interface Shared {
  /** What an interval needs to know of it, given its place among those. */
  readonly inputOf: (filled: Filled, interval: Interval, at: number) => IntervalInput;
  readonly temporary: readonly string[];
}

async function prepare(session: Session, batch: Batch, intervals: readonly Interval[]): Promise<Shared> {
  const { db, names, uploads } = session;
  const plan = planIntervals({ batch, intervals, names, uploads, dialect: db.dialect });
  const temporary = new Set<string>();
  for (const step of plan.steps) {
    if (step.kind === 'drop') {
      await dropTable(session, step.name);
      temporary.delete(step.name);
      continue;
    }
    if (step.kind === 'upload') await db.upload(step.upload);
    else await createTable(session, step.name, step.statement);
    temporary.add(step.kind === 'upload' ? step.upload.name : step.name);
  }
  return { inputOf: plan.inputOf, temporary: [...temporary] };
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
  readonly packed: readonly PackedGroup[] | undefined;
  readonly filled: Filled;
  readonly interval: CellBatch['interval'];
}): CellBatch {
  const { chunk, grouping, keys, packed, filled, interval } = parts;
  const values = keys.map((key, at): readonly Nullable[] => {
    const group = packed?.find((one) => one.at === key);
    if (group) {
      const decoded: readonly Nullable[] = [null, ...group.values];
      return chunk.getColumnValues(at).map((code) => decoded[code as number]!);
    }
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
