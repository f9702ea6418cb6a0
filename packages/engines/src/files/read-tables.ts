// Reads the tables of a definition from a folder of CSV files, one file a table. Dummy data made by hand may leave out
// columns that can be NULL; a table without rows is a file with only its header.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { columnsUsed, tablesNamed, type Column, type Series, type Table } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import type { Row, TableRows, Tables } from '../tables.js';
import { tableFileName, type OutputFormat } from './output-place.js';
import { readCsv, type CsvColumn } from './read-csv.js';

/**
 * @param folder may end in `:csv` or `:csv.gz` to say which files count
 * @param roots series whose tables are read; several of one name are read together
 * @throws ProblemError for a missing folder or file, and every problem found in a file
 */
export async function readTables(folder: string, roots: readonly Series[]): Promise<Tables> {
  const named = /^(.+):(csv(?:\.gz)?)$/s.exec(folder);
  const path = named?.[1] ?? folder;
  const format = await formatOf(path, named?.[2] as OutputFormat | undefined);
  const result = new Map<string, TableRows>();
  const used = columnsUsed(roots);
  for (const [name, columns] of columnsByTable([...used.keys()])) {
    const names = new Set([...used].filter(([table]) => table.name === name).flatMap(([, found]) => found));
    const file = join(path, tableFileName(name, format));
    result.set(name, { columns, rows: await collectRows(file, csvColumns(name, columns, names)) });
  }
  return result;
}

async function formatOf(folder: string, wanted: OutputFormat | undefined): Promise<OutputFormat> {
  const names = await readdir(folder).catch(() => {
    throw new ProblemError(problem('folder-missing', [folder]));
  });
  if (wanted !== undefined) return wanted;
  const found = (['csv', 'csv.gz'] as const).filter((format) => names.some((name) => name.endsWith(`.${format}`)));
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

/** The id that begins every row. */
export const patientIdColumn: CsvColumn = { name: 'patient_id', type: 'int', isRequired: true, isNullRefused: true };

/** Only a column that the definition uses and that is never NULL in real data must be there. */
function csvColumns(table: string, columns: readonly Column[], used: ReadonlySet<string>): readonly CsvColumn[] {
  const neverNull = new Set(
    tablesNamed(table).flatMap((facts) =>
      facts.columns.filter((c) => c.constraints?.some((rule) => rule.kind === 'NotNull')).map((c) => c.name),
    ),
  );
  return [
    patientIdColumn,
    ...columns.map((column) => ({ ...column, isRequired: neverNull.has(column.name) && used.has(column.name) })),
  ];
}

/** All rows of a file whose first column is the patient id. */
export async function collectRows(file: string, columns: readonly CsvColumn[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const batch of readCsv(file, columns)) for (const row of batch) rows.push(row as unknown as Row);
  return rows;
}
