// Where a result goes, as the option --output says: one file, a folder with one file for each table, or nowhere
// (standard output).
import { join } from 'node:path';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import { folderAndFormat, formatOfFile, type InputFormat, type OutputFormat } from './file-format.js';

export interface OutputPlace {
  readonly format: OutputFormat;
  /** The file, or the folder when `isFolder`. */
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * @example outputPlace('results/:csv') // { format: 'csv', path: 'results/', isFolder: true }
 * @throws ProblemError `output-kind`
 */
export function outputPlace(text: string): OutputPlace {
  const named = folderAndFormat(text);
  const format = named?.format ?? formatOfFile(text);
  const hasName = named !== undefined || /[^/]\.(csv|csv\.gz|arrow)$/.test(text);
  if (format === undefined || format === 'parquet' || !hasName) throw new ProblemError(problem('output-kind', [text]));
  return { format, path: named?.folder ?? text, isFolder: named !== undefined };
}

/** The file name of a table in a folder. Any name is safe: it can't leave the folder or hide. */
export function tableFileName(table: string, format: InputFormat): string {
  const name = encodeURIComponent(table).replace(/^\./, '%2E');
  return `${name}.${format}`;
}

/** The file of each table. Several tables need a folder. */
export function filesFor(place: OutputPlace, tables: readonly string[]): readonly string[] {
  if (place.isFolder) return tables.map((table) => join(place.path, tableFileName(table, place.format)));
  if (tables.length > 1) throw new ProblemError(problem('output-one-file', [tables.join(', ')]));
  return [place.path];
}
