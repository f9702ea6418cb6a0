// What the engine needs of a database, whichever it is. A driver keeps one connection, on which one statement runs at a
// time, and never changes what the database holds: its tables are temporary.
import type { Nullable } from '@glovebox/language';
import type { Dialect } from './sql/dialect.js';
import type { Upload } from './sql/plan/uploads.js';
import type { ResultColumn } from './tables.js';

export interface Database {
  readonly dialect: Dialect;
  /** Makes a temporary table. */
  upload(upload: Upload): Promise<void>;
  execute(sql: string): Promise<void>;
  /** The rows of a statement in batches, in its order, with a value for each of the columns. */
  stream(sql: string, columns: readonly ResultColumn[]): AsyncIterable<readonly (readonly Nullable[])[]>;
  /** Stops the statement that is running; it fails with the problem `query-cancelled`. */
  cancel(): void | Promise<void>;
  close(): void | Promise<void>;
}
