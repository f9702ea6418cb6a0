// Reads the tables of a definition from a folder into memory, for the reference engine.
import type { Series } from '@glovebox/language';
import type { TableRows, Tables } from '../tables.js';
import { collectRows } from './read-file.js';
import { tableFiles } from './table-files.js';

/**
 * @param folder as `tableFiles`
 * @throws ProblemError for a missing folder or file, and every problem found in a file
 */
export async function readTables(folder: string, roots: readonly Series[]): Promise<Tables> {
  const result = new Map<string, TableRows>();
  for (const { table, path, columns } of await tableFiles(folder, roots)) {
    result.set(table, { columns: columns.slice(1), rows: await collectRows(path, columns) });
  }
  return result;
}
