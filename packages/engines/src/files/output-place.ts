// Where a result goes, as the option --output says: one file, a folder with one file for each table, or nowhere
// (standard output).
import { join } from 'node:path';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';

export type OutputFormat = 'csv' | 'csv.gz';
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
  const folder = /^(.+):(csv(?:\.gz)?)$/s.exec(text);
  if (folder) return { format: folder[2] as OutputFormat, path: folder[1]!, isFolder: true };
  const file = /[^/]\.(csv(?:\.gz)?)$/.exec(text);
  if (file) return { format: file[1] as OutputFormat, path: text, isFolder: false };
  throw new ProblemError(problem('output-kind', [text]));
}

/** The file name of a table in a folder. Any name is safe: it can't leave the folder or hide. */
export function tableFileName(table: string, format: OutputFormat): string {
  const name = encodeURIComponent(table).replace(/^\./, '%2E');
  return `${name}.${format}`;
}

/** The file of each table. Several tables need a folder. */
export function filesFor(place: OutputPlace, tables: readonly string[]): readonly string[] {
  if (place.isFolder) return tables.map((table) => join(place.path, tableFileName(table, place.format)));
  if (tables.length > 1) throw new ProblemError(problem('output-one-file', [tables.join(', ')]));
  return [place.path];
}
