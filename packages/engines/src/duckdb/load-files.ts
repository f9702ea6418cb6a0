// Loads tables from files into an engine, each file read once and only the columns that are asked for.
//
// CSV has one set of rules, those of `read-csv.ts`. A large file is first read by the engine itself, which is many times
// faster, with expressions that accept only what both readers take for the same value; whatever else a file holds makes that
// fail, and then the file is read by those rules, which find the value or report every problem with its row and column.
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import type { FileColumn } from '../files/file-column.js';
import { formatOfFile } from '../files/file-format.js';
import { readFile } from '../files/read-file.js';
import type { TableFile } from '../files/table-files.js';
import { duckdb as dialect } from '../sql/dialects/duckdb/dialect.js';
import { sqlTypeOf } from '../sql/plan/compile.js';
import { appender } from './append.js';
import { isPattern, parquetProblem, parquetQuery } from './read-parquet.js';

const text = (value: string): string => dialect.literal({ kind: 'literal', type: 'str', value });

/** From this size on a CSV file is read by the engine. */
const largeFileBytes = 2 ** 20;

/** @throws ProblemError for every problem found in a file */
export async function loadFiles(connection: DuckDBConnection, files: readonly TableFile[]): Promise<void> {
  // The last of several rows of a patient counts in some tables, so rows must keep the order of their file.
  await connection.run('SET preserve_insertion_order = true');
  for (const file of files) {
    await loadFile(connection, file);
    if (file.isOneRow) await keepLastRows(connection, file.table);
  }
  await connection.run('SET preserve_insertion_order = false');
}

async function loadFile(connection: DuckDBConnection, file: TableFile): Promise<void> {
  if (formatOfFile(file.path) === 'parquet') return loadParquet(connection, file);
  const query = await largeCsvQuery(file);
  if (query !== undefined && (await fill(connection, file, query))) return;
  await createTable(connection, file);
  const rows = await appender(connection, { table: file.table }, file.columns);
  for await (const batch of readFile(file.path, file.columns)) rows.append(batch);
  rows.close();
}

async function createTable(connection: DuckDBConnection, { table, columns }: TableFile): Promise<void> {
  const list = columns.map((c) => `${dialect.quote(c.name)} ${dialect.typeName(sqlTypeOf(c.type))}`).join(', ');
  await connection.run(`CREATE OR REPLACE TABLE ${dialect.quote(table)} (${list})`);
}

const insertion = ({ table }: TableFile, query: string): string => `INSERT INTO ${dialect.quote(table)} ${query}`;

async function loadParquet(connection: DuckDBConnection, file: TableFile): Promise<void> {
  const query = await parquetQuery(connection, file.path, file.columns);
  await createTable(connection, file);
  try {
    await connection.run(insertion(file, query));
  } catch (error) {
    throw await parquetProblem(connection, file.path, file.columns, error);
  }
}

/** Whether the engine could read the file. */
async function fill(connection: DuckDBConnection, file: TableFile, query: string): Promise<boolean> {
  await createTable(connection, file);
  try {
    await connection.run(insertion(file, query));
    return true;
  } catch (error) {
    // Anything that the quick reading doesn't accept is looked at closely; want of memory is the same in both.
    if (/^Out of Memory Error/i.test((error as Error).message)) throw error;
    return false;
  }
}

/** A query that reads a large CSV file; undefined for any other, and for a header that only the close reading understands. */
async function largeCsvQuery({ path, columns }: TableFile): Promise<string | undefined> {
  if (formatOfFile(path) !== 'csv' && formatOfFile(path) !== 'csv.gz') return undefined;
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size < largeFileBytes || isPattern(path)) return undefined;
  const header = path.endsWith('.gz') ? await headerOfGzip(path) : await headerOf(path);
  const isUsable =
    header !== undefined &&
    new Set(header).size === header.length &&
    columns.every((column) => !column.isRequired || header.includes(column.name));
  if (!isUsable) return undefined;
  const names = header.map((_, at) => `${text(`c${at}`)}: 'VARCHAR'`);
  const options = [
    `columns = {${names.join(', ')}}`,
    'auto_detect = false',
    'header = true',
    `delim = ','`,
    `quote = '"'`,
    `escape = '"'`,
    'strict_mode = true',
    'null_padding = false',
    'ignore_errors = false',
  ];
  const values = columns.map((column) => strictValue(column, header.indexOf(column.name)));
  return `SELECT ${values.join(', ')} FROM read_csv(${text(resolve(path))}, ${options.join(', ')})`;
}

const headerBytes = 2 ** 16;

async function headerOf(path: string): Promise<readonly string[] | undefined> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return firstLine(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

async function headerOfGzip(path: string): Promise<readonly string[] | undefined> {
  const { createReadStream } = await import('node:fs');
  const { createGunzip } = await import('node:zlib');
  const file = createReadStream(path);
  try {
    for await (const chunk of file.pipe(createGunzip())) return firstLine(chunk as Buffer);
  } catch {
    // Reported by the close reading.
  } finally {
    file.destroy();
  }
  return undefined;
}

/** The names of the columns; undefined when they are not plain, or the lines don't all end as one kind of line. */
function firstLine(bytes: Buffer): readonly string[] | undefined {
  const start = bytes.toString('utf8').replace(/^\ufeff/, '');
  const end = start.indexOf('\n');
  const line = start.slice(0, end);
  if (end === -1 || line.includes('\r', 0) !== line.endsWith('\r') || line.includes('"')) return undefined;
  const [names] = parse(line.replace(/\r$/, ''), { relax_column_count: true });
  return names;
}

/** A field as a value, failing on text that is not in its plainest form. */
function strictValue(column: FileColumn, place: number): string {
  const type = dialect.typeName(sqlTypeOf(column.type));
  if (place === -1) return `CAST(NULL AS ${type})`;
  const field = `c${place}`;
  const isPlain = plainForm(column, field);
  const missing = column.isNullRefused === true ? `error('missing')` : 'NULL';
  const value = type === 'VARCHAR' ? field : type === 'BOOLEAN' ? `(${field} = 'T')` : `CAST(${field} AS ${type})`;
  const cases = [
    `WHEN ${field} IS NULL OR ${field} = '' THEN ${missing}`,
    ...(isPlain === undefined ? [] : [`WHEN NOT (${isPlain}) THEN error('not plain')`]),
  ];
  return `CAST(CASE ${cases.join(' ')} ELSE ${value} END AS ${type})`;
}

function plainForm({ type, categories }: FileColumn, field: string): string | undefined {
  switch (sqlTypeOf(type)) {
    case 'bool':
      return `${field} IN ('T', 'F')`;
    case 'int':
    case 'int32':
      // Numbers of a closed set are plain as they are listed, so that `01` is left to the other reader.
      return oneOf(field, categories) ?? `regexp_full_match(${field}, '-?[0-9]{1,18}')`;
    case 'float':
      return `regexp_full_match(${field}, '-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]{1,2})?')`;
    case 'date':
      return `regexp_full_match(${field}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND ${field} > '0001'`;
    case 'str':
    default:
      return oneOf(field, categories);
  }
}

const oneOf = (field: string, categories: readonly string[] | undefined): string | undefined =>
  categories && `${field} IN (${categories.map(text).join(', ')})`;

/** Of several rows of a patient the last one stays. */
async function keepLastRows(connection: DuckDBConnection, table: string): Promise<void> {
  const name = dialect.quote(table);
  const repeated = `SELECT count(*) > count(DISTINCT patient_id) FROM ${name}`;
  if ((await connection.runAndReadAll(repeated)).getRows()[0]?.[0] !== true) return;
  await connection.run(`DELETE FROM ${name} WHERE rowid NOT IN (SELECT max(rowid) FROM ${name} GROUP BY patient_id)`);
}
