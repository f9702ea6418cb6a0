// Which files of a folder hold the tables of a definition, one file a table, all of one format. Dummy data made by hand may
// leave out columns that can be NULL; a table without rows is a file with only its header.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { columnsUsed, constraintsOf, type Column, type Series, type Table } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import { patientIdColumn, type FileColumn } from './file-column.js';
import { folderAndFormat, inputFormats, type InputFormat } from './file-format.js';
import { tableFileName } from './output-place.js';

export interface TableFile {
  /** The table's name in queries. */
  readonly table: string;
  readonly path: string;
  /** `patient_id`, then the columns of the table. */
  readonly columns: readonly [patientId: FileColumn, ...FileColumn[]];
  /** Whether of several rows of a patient the last counts. */
  readonly isOneRow: boolean;
}

/**
 * @param folder may end in `:` and a format to say which files count
 * @param roots series whose tables are meant; several of one name are one file
 * @throws ProblemError for a missing folder, or one with several formats
 */
export async function tableFiles(folder: string, roots: readonly Series[]): Promise<readonly TableFile[]> {
  const named = folderAndFormat(folder);
  const path = named?.folder ?? folder;
  const format = await formatIn(path, named?.format);
  const used = columnsUsed(roots);
  return [...columnsByTable([...used.keys()])].map(([table, columns]) => {
    const same = [...used].filter(([other]) => other.name === table);
    const names = new Set(same.flatMap(([, found]) => found));
    return {
      table,
      path: join(path, tableFileName(table, format)),
      columns: [patientIdColumn, ...fileColumns(table, columns, names)],
      isOneRow: same.every(([other]) => other.rows === 'one'),
    };
  });
}

/** The folder that an option names, with the format of its files; undefined for a file, or for nothing. */
export async function inputFolder(
  text: string,
): Promise<{ readonly folder: string; readonly format: InputFormat } | undefined> {
  const named = folderAndFormat(text);
  if (named) return named;
  const found = await stat(text).catch(() => undefined);
  return found?.isDirectory() === true ? { folder: text, format: await formatIn(text, undefined) } : undefined;
}

async function formatIn(folder: string, wanted: InputFormat | undefined): Promise<InputFormat> {
  const names = await readdir(folder).catch(() => {
    throw new ProblemError(problem('folder-missing', [folder]));
  });
  if (wanted !== undefined) return wanted;
  const found = inputFormats.filter((format) => names.some((name) => name.endsWith(`.${format}`)));
  if (found.length > 1) throw new ProblemError(problem('folder-mixed', [folder, found.join(', ')]));
  return found[0] ?? 'csv';
}

/** The columns of all tables of one name together. */
function columnsByTable(tables: readonly Table[]): ReadonlyMap<string, readonly Column[]> {
  const byName = new Map<string, Map<string, Column>>();
  for (const table of tables) {
    const columns = byName.get(table.name) ?? new Map<string, Column>();
    for (const column of table.columns) if (!columns.has(column.name)) columns.set(column.name, column);
    byName.set(table.name, columns);
  }
  return new Map([...byName].map(([name, columns]) => [name, [...columns.values()]]));
}

/** Only a column that the definition uses and that is never NULL in real data must be there. */
function fileColumns(table: string, columns: readonly Column[], used: ReadonlySet<string>): readonly FileColumn[] {
  const isNeverNull = (column: Column): boolean => constraintsOf(table, column).some(({ kind }) => kind === 'NotNull');
  return columns.map((column) => ({
    ...column,
    ...categoriesIn(table, column),
    isRequired: isNeverNull(column) && used.has(column.name),
  }));
}

/** Only texts keep their categories in a result, but a file of tables is held to those of numbers too. */
function categoriesIn(table: string, column: Column): Pick<FileColumn, 'categories'> {
  if (column.categories !== undefined || column.type !== 'int') return {};
  const closed = constraintsOf(table, column).find(({ kind }) => kind === 'Categorical');
  return closed?.kind === 'Categorical' ? { categories: closed.values.map((value) => `${value}`) } : {};
}
