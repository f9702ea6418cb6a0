// The cells of measures on any database: in each interval one pass over the patients makes a temporary table of the finest
// cells, and each grouping sums them up. Nothing is shared between intervals; DuckDB has a faster way in
// extract-measures.ts, with the same cells.
import {
  definitionRoots,
  tablesUnder,
  typeOf,
  type Interval,
  type Measure,
  type MeasuresDefinition,
  type Nullable,
} from '@glovebox/language';
import type { Database } from '../database.js';
import { namesBeside } from '../sql/plan/names.js';
import { uploads as newUploads } from '../sql/plan/uploads.js';
import { dropTable, printQuery, printStatement } from '../sql/printer.js';
import { aggregate, binary, column, from, intLiteral, named, select, type SelectNode } from '../sql/tree/index.js';
import type { ResultColumn } from '../tables.js';
import { batchesOf, fillBatch, type Batch, type Filled, type Grouping } from './batches.js';
import { controlled, type CellBatch, type Count } from './cells.js';
import type { MeasureOptions } from './extract-measures.js';
import { cellsSql } from './interval-sql.js';
import { groupColumn, numeratorColumn, total, weightColumn } from './patient-rows.js';

/**
 * The cells of all measures, in output order: by batch, interval, grouping and the values of the groups, NULL first.
 *
 * @throws ProblemError for what a user can act on.
 */
export async function* plainCells(
  db: Database,
  definition: MeasuresDefinition,
  { onProgress }: MeasureOptions = {},
): AsyncGenerator<CellBatch> {
  const { dialect } = db;
  const names = namesBeside(
    tablesUnder(definitionRoots(definition)).tables.map((table) => table.name),
    (stem) => dialect.temporaryName(stem),
  );
  const uploads = newUploads(names);
  const batches = batchesOf(definition.measures);
  const intervals = batches.reduce((sum, batch) => sum + batch.intervals.length, 0);
  let [uploaded, intervalsDone, rows] = [0, 0, 0];
  for (const batch of batches) {
    for (const interval of batch.intervals) {
      const filled = fillBatch(batch, interval);
      const statement = cellsSql({ filled, keys: { packed: [], key: undefined }, dialect, names, uploads });
      for (; uploaded < uploads.all().length; uploaded++) await db.upload(uploads.all()[uploaded]!);
      const cells = names('cells');
      await db.execute(dialect.createTableAs(cells, printStatement(statement, dialect)));
      for (const grouping of batch.groupings) {
        for await (const found of cellsOf(db, cells, { batch, grouping, filled, interval })) {
          rows += found.size * grouping.measures.length;
          yield definition.disclosureControl ? controlledCells(found) : found;
        }
      }
      await db.execute(dropTable(cells, dialect));
      intervalsDone += 1;
      onProgress?.({ intervalsDone, intervals, rows });
    }
  }
}

interface Asked {
  readonly batch: Batch;
  readonly grouping: Grouping;
  readonly filled: Filled;
  readonly interval: Interval;
}

async function* cellsOf(db: Database, table: string, asked: Asked): AsyncGenerator<CellBatch> {
  const { grouping, filled, interval } = asked;
  const placeOf = (name: string): number => filled.groupOf.get(name)!;
  const keys = [...new Set(grouping.names.map(placeOf))];
  const numerators = [...new Set(grouping.measures.map((measure) => filled.numeratorOf.get(measure)!))];
  const int = (name: string): ResultColumn => ({ name, type: 'int' });
  const columns: readonly ResultColumn[] = [
    ...keys.map((at) => ({ name: groupColumn(at), type: typeOf(filled.groups[at]!) })),
    int(weightColumn),
    ...numerators.map((at) => int(numeratorColumn(at))),
  ];
  const sql = printQuery(summedCells(table, keys, numerators), db.dialect);
  for await (const batch of db.stream(sql, columns)) {
    const counts = (at: number): readonly Count[] => batch.map((row) => countOf(row[at] as bigint));
    const numeratorOf = (measure: Measure): readonly Count[] =>
      counts(keys.length + 1 + numerators.indexOf(filled.numeratorOf.get(measure)!));
    const values = (name: string): readonly Nullable[] => {
      const at = keys.indexOf(placeOf(name));
      return batch.map((row) => row[at]!);
    };
    yield {
      interval,
      measures: grouping.measures,
      size: batch.length,
      denominators: counts(keys.length),
      numerators: grouping.measures.map(numeratorOf),
      groups: new Map(grouping.names.map((name) => [name, values(name)])),
    };
  }
}

/** Cells summed up by some of their keys, in the order of those. Without keys one row, or none when there is nobody. */
function summedCells(table: string, keys: readonly number[], numerators: readonly number[]): SelectNode {
  const groupBy = keys.map((at) => column('x', groupColumn(at)));
  return select({
    columns: [
      ...keys.map((at, index) => ({ name: groupColumn(at), value: groupBy[index]! })),
      ...[weightColumn, ...numerators.map(numeratorColumn)].map((name) => ({ name, value: total(column('x', name)) })),
    ],
    from: [from(named(table), 'x')],
    groupBy,
    having: keys.length === 0 ? binary('>', aggregate('count', []), intLiteral(0)) : undefined,
    orderBy: groupBy,
  });
}

const countOf = (count: bigint): Count =>
  count >= BigInt(Number.MIN_SAFE_INTEGER) && count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : count;

const controlledCells = (cells: CellBatch): CellBatch => ({
  ...cells,
  denominators: cells.denominators.map(controlled),
  numerators: cells.numerators.map((counts) => counts.map(controlled)),
});
