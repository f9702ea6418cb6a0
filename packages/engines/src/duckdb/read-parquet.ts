// Reads a Parquet file as typed rows through an engine that can open this one file and nothing else.
import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Nullable } from '@glovebox/language';
import { ProblemError, type Problem } from '@glovebox/record';
import type { FileColumn } from '../files/file-column.js';
import { problem } from '../problems.js';
import { duckdb as dialect } from '../sql/dialects/duckdb/dialect.js';
import { sqlTypeOf } from '../sql/plan/compile.js';
import { rowsOf } from './rows.js';

const text = (value: string): string => dialect.literal({ kind: 'literal', type: 'str', value });

/** The rows of a file, in batches, in its order; values in the order of `columns`. */
export async function* readParquet(
  path: string,
  columns: readonly FileColumn[],
): AsyncGenerator<readonly (readonly Nullable[])[]> {
  await mustBeReadable(path);
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`SET allowed_paths = [${text(resolve(path))}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    const query = await parquetQuery(connection, path, columns);
    const result = await connection.stream(query);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield rowsOf(chunk, columns);
    }
  } catch (error) {
    throw await parquetProblem(connection, path, columns, error);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Whether the engine would take the path for a pattern that other files match too. */
export const isPattern = (path: string): boolean => /[*?[]/.test(resolve(path));

async function mustBeReadable(path: string): Promise<void> {
  if (isPattern(path)) throw new ProblemError(problem('file-unreadable', [path, 'its path holds a *, ? or [']));
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new ProblemError(problem('table-file-missing', [path]));
    throw new ProblemError(problem('file-unreadable', [path, error.code ?? 'it can not be opened']));
  });
}

/** A query for the columns of a file that fails on a value that isn't accepted. */
export async function parquetQuery(
  connection: DuckDBConnection,
  path: string,
  columns: readonly FileColumn[],
): Promise<string> {
  await mustBeReadable(path);
  const file = `read_parquet(${text(resolve(path))})`;
  const found = await typesIn(connection, path, file);
  const problems: Problem[] = [];
  const missing = columns.filter((c) => c.isRequired && !found.has(c.name)).map((c) => c.name);
  if (missing.length > 0) {
    problems.push(problem('csv-missing-columns', [missing.join(', '), [...found.keys()].join(', ')], { path }));
  }
  for (const { name, type } of columns) {
    const stored = found.get(name);
    if (stored !== undefined && !accepted[sqlTypeOf(type)]?.test(stored)) {
      problems.push(problem('file-column-type', [name, type, stored], { path }));
    }
  }
  if (problems.length > 0) throw new ProblemError(problems);
  const values = columns.map((column) => {
    const wanted = dialect.typeName(sqlTypeOf(column.type));
    return found.has(column.name) ? checked(column, wanted) : `CAST(NULL AS ${wanted})`;
  });
  return `SELECT ${values.map((value, at) => `${value} AS c${at}`).join(', ')} FROM ${file}`;
}

/** The types of a Parquet file's columns that a column of the query model is read from. */
const accepted: Readonly<Record<string, RegExp>> = {
  bool: /^(BOOLEAN|"NULL")$/,
  int: /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|"NULL")$/,
  float: /^(FLOAT|DOUBLE|"NULL")$/,
  date: /^(DATE|"NULL")$/,
  str: /^(VARCHAR|ENUM\(.*\)|"NULL")$/s,
};

async function typesIn(connection: DuckDBConnection, path: string, file: string): Promise<Map<string, string>> {
  try {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${file}`);
    return new Map(described.getRows().map(([name, type]) => [String(name), String(type)]));
  } catch {
    throw new ProblemError(problem('file-unreadable', [path, 'it is not a complete Parquet file']));
  }
}

function isBad(column: FileColumn): string {
  const name = dialect.quote(column.name);
  const conditions = [
    ...(column.isNullRefused === true ? [`${name} IS NULL`] : []),
    ...(column.type === 'date' ? [`${name} NOT BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'`] : []),
    ...(column.categories
      ? [`nullif(CAST(${name} AS VARCHAR), '') NOT IN (${column.categories.map(text).join(', ')})`]
      : []),
  ];
  return conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`;
}

/** Empty text is NULL, as in every other format. */
function checked(column: FileColumn, wanted: string): string {
  const name = dialect.quote(column.name);
  const value = `CAST(${wanted === 'VARCHAR' ? `nullif(CAST(${name} AS VARCHAR), '')` : name} AS ${wanted})`;
  const bad = isBad(column);
  return bad === 'false' ? value : `CASE WHEN ${bad} THEN error('refused') ELSE ${value} END`;
}

/** Which column has a value that isn't accepted, and in which row first; only asked when a query has failed. */
export async function parquetProblem(
  connection: DuckDBConnection,
  path: string,
  columns: readonly FileColumn[],
  error: unknown,
): Promise<unknown> {
  if (error instanceof ProblemError) return error;
  const file = `read_parquet(${text(resolve(path))}, file_row_number = true)`;
  const problems: Problem[] = [];
  try {
    const found = await typesIn(connection, path, file);
    for (const column of columns.filter((c) => found.has(c.name) && isBad(c) !== 'false')) {
      const first = await connection.runAndReadAll(`SELECT min(file_row_number) FROM ${file} WHERE ${isBad(column)}`);
      const row = first.getRows()[0]?.[0];
      if (typeof row !== 'bigint') continue;
      const expected = column.categories ? `one of ${column.categories.join(', ')}` : 'a value, found none';
      problems.push(problem('csv-value', [Number(row) + 1, column.name, expected], { path }));
    }
  } catch (cause) {
    if (cause instanceof ProblemError) return cause;
    return new ProblemError(problem('file-unreadable', [path, 'it is not a complete Parquet file']));
  }
  if (problems.length > 0) return new ProblemError(problems);
  return new ProblemError(problem('file-unreadable', [path, 'a value does not fit its column']));
}
