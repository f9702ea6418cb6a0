// Watches the statements that go to a database, for logs and for explaining a query. The rows of temporary tables are never
// shown: a table made from a file of the study holds patients.
import type { Database } from './database.js';
import type { DuckDb } from './duckdb/connection.js';

export interface Statement {
  /** The text that the database is sent; for a temporary table only its name and how many rows it gets. */
  readonly sql: string;
  readonly kind: 'upload' | 'query';
}

/** Called when a statement begins; what it returns is called when the statement has ended, with the milliseconds that it took. */
export type StatementObserver = (statement: Statement) => (milliseconds: number, isDone: boolean) => void;

/** The same database, whose statements are seen by the observer. */
export function observeStatements<D extends Database | DuckDb>(db: D, observer: StatementObserver): D {
  const timed = async (statement: Statement, run: () => Promise<void>): Promise<void> => {
    const end = begin(statement);
    try {
      await run();
      end(true);
    } catch (error) {
      end(false);
      throw error;
    }
  };
  const begin = (statement: Statement): ((isDone: boolean) => void) => {
    const started = performance.now();
    const end = observer(statement);
    return (isDone) => end(performance.now() - started, isDone);
  };
  async function* passedOn<T>(sql: string, rows: AsyncIterable<T>): AsyncGenerator<T> {
    const end = begin({ sql, kind: 'query' });
    let isDone = false;
    try {
      yield* rows;
      isDone = true;
    } finally {
      end(isDone);
    }
  }
  const seen: Pick<Database, 'upload' | 'execute' | 'stream'> & Partial<Pick<DuckDb, 'chunks'>> = {
    upload: (upload) =>
      timed({ sql: `temporary table ${upload.name} of ${upload.rows.length} rows`, kind: 'upload' }, () =>
        db.upload(upload),
      ),
    execute: (sql) => timed({ sql, kind: 'query' }, () => db.execute(sql)),
    stream: (sql, columns) => passedOn(sql, db.stream(sql, columns)),
    ...('chunks' in db ? { chunks: (sql: string) => passedOn(sql, db.chunks(sql)) } : {}),
  };
  return { ...db, ...seen };
}
