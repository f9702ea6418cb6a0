// Reads a file of a table in any of the formats as typed, checked rows, a batch at a time.
import type { Nullable } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { readArrow } from '../arrow/read-arrow.js';
import { readParquet } from '../duckdb/read-parquet.js';
import { problem } from '../problems.js';
import type { Row } from '../tables.js';
import type { FileColumn } from './file-column.js';
import { formatOfFile } from './file-format.js';
import { readCsv } from './read-csv.js';

/**
 * The rows of a file; values in the order of `columns`.
 *
 * @param path as it will be named in messages, relative to the working folder or absolute
 * @throws ProblemError with every problem found, up to twenty
 */
export async function* readFile(
  path: string,
  columns: readonly FileColumn[],
): AsyncGenerator<readonly (readonly Nullable[])[]> {
  const format = formatOfFile(path);
  switch (format) {
    case undefined:
      throw new ProblemError(problem('file-kind', [path]));
    case 'arrow':
      yield* readArrow(path, columns);
      return;
    case 'parquet':
      yield* readParquet(path, columns);
      return;
    case 'csv':
    case 'csv.gz':
    default:
      yield* readCsv(path, columns);
  }
}

/** All rows of a file whose first column is the patient id. */
export async function collectRows(path: string, columns: readonly FileColumn[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const batch of readFile(path, columns)) for (const row of batch) rows.push(row as unknown as Row);
  return rows;
}
