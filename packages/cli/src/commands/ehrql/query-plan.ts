// How DuckDB would run a definition: the statements, each with the tables that it reads. They are those of a real run, over
// tables without rows.
import {
  extractDataset,
  extractMeasures,
  observeStatements,
  withFileTables,
  type Statement,
  type Tables,
} from '@glovebox/engines';
import { tablesUsed, type DatasetDefinition, type MeasuresDefinition } from '@glovebox/language';
import { withDuckDb } from './database.js';

export interface PlannedStatement extends Statement {
  /** The tables of the backend that it reads, with how often. */
  readonly reads: ReadonlyMap<string, number>;
}

/** @throws ProblemError for what would be one in a real run. */
export async function queryPlan(
  definition: DatasetDefinition | MeasuresDefinition,
): Promise<readonly PlannedStatement[]> {
  const { tables } = tablesUsed(definition);
  const empty: Tables = new Map(tables.map(({ name, columns }) => [name, { columns, rows: [] }]));
  const ready = await withFileTables(definition, process.cwd());
  const found: Statement[] = [];
  await withDuckDb({ tables: empty }, async (_rows, db) => {
    const seen = observeStatements(db, (statement) => {
      found.push(statement);
      return () => {};
    });
    const results = ready.kind === 'dataset' ? extractDataset(seen, ready) : [extractMeasures(seen, ready)];
    for (const { rows } of results) await read(rows);
  });
  const names = tables.map((table) => table.name);
  return found.map((statement) => ({ ...statement, reads: readsOf(statement, names) }));
}

/** Takes all rows, of which there are none: only so does the engine run its statements. */
async function read(rows: AsyncIterable<unknown>): Promise<void> {
  const batches = rows[Symbol.asyncIterator]();
  while ((await batches.next()).done !== true);
}

function readsOf({ sql, kind }: Statement, names: readonly string[]): ReadonlyMap<string, number> {
  if (kind === 'upload') return new Map();
  const counts = names.map((name): [string, number] => [
    name,
    sql.split(`FROM "${name}" `).length + sql.split(`JOIN "${name}" `).length - 2,
  ]);
  return new Map(counts.filter(([, count]) => count > 0));
}
