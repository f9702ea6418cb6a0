// Reads an Arrow file as typed rows, one batch of the file at a time. Any width of integer and any encoding of text is
// accepted; another kind of type is a problem. Messages name the file, the row (from 1) and the column, never the value.
import { open } from 'node:fs/promises';
import type { AsyncRecordBatchFileReader, DataType, RecordBatch, Schema, Vector } from 'apache-arrow';
import { storageOf, type Nullable } from '@glovebox/language';
import { ProblemError, type Problem } from '@glovebox/record';
import { isoDate } from '../duckdb/rows.js';
import type { FileColumn } from '../files/file-column.js';
import { problem } from '../problems.js';
import { arrowLibrary, type Arrow } from './codecs.js';

/** Problems of one file after which reading it is pointless. */
const mostProblems = 20;

/**
 * The rows of a file, in batches; values in the order of `columns`.
 *
 * @throws ProblemError with every problem found, up to twenty
 */
export async function* readArrow(
  path: string,
  columns: readonly FileColumn[],
): AsyncGenerator<readonly (readonly Nullable[])[]> {
  const arrow = await arrowLibrary();
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new ProblemError(problem('table-file-missing', [path]));
    throw unreadable(path, error.code ?? 'it can not be opened');
  });
  const problems: Problem[] = [];
  try {
    const reader = await library(path, async () => {
      const made = (await arrow.RecordBatchReader.from(file)) as unknown as AsyncRecordBatchFileReader;
      const opened = await made.open();
      if (!opened.isFile()) throw new Error('not the file form');
      return opened;
    });
    const readers = columnReaders(path, reader.schema, columns, arrow);
    let done = 0;
    for (;;) {
      const next = await library(path, () => reader.next());
      if (next.done === true) break;
      const { value: batch } = next;
      if (!readers.every(({ place }) => isWhole(batch, place)))
        throw unreadable(path, 'it is not a complete Arrow file');
      const rows = Array.from({ length: batch.numRows }, (): Nullable[] => Array(columns.length).fill(null));
      for (const [at, column] of readers.entries()) {
        const vector = column.place === -1 ? null : batch.getChildAt(column.place);
        if (vector) await library(path, async () => column.fill(vector, rows, at, done, problems));
      }
      if (problems.length >= mostProblems) break;
      if (problems.length === 0 && rows.length > 0) yield rows;
      done += batch.numRows;
    }
  } finally {
    await file.close().catch(() => undefined);
  }
  if (problems.length > 0) throw new ProblemError(problems.slice(0, mostProblems));
}

/** Whether a column has as many values as the batch says to have rows: a damaged file may claim any number. */
function isWhole(batch: RecordBatch, place: number): boolean {
  const data = place === -1 ? undefined : batch.getChildAt(place)?.data[0];
  if (!data || data.nullCount >= data.length) return true;
  const values = data.values as { readonly length: number } | undefined;
  const offsets = data.valueOffsets as { readonly length: number } | undefined;
  const bits = values instanceof Uint8Array && String(batch.schema.fields[place]!.type) === 'Bool' ? 8 : 1;
  return data.length === batch.numRows && (offsets?.length ?? (values?.length ?? 0) * bits) >= batch.numRows;
}

const unreadable = (path: string, why: string): ProblemError =>
  new ProblemError(problem('file-unreadable', [path, why]));

/** What the library throws for a damaged file is not told: it may quote bytes. */
async function library<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw unreadable(path, 'it is not a complete Arrow file');
  }
}

interface ColumnReader {
  /** Of the column in the file; -1 when it has none. */
  readonly place: number;
  fill(vector: Vector, rows: Nullable[][], at: number, rowsBefore: number, problems: Problem[]): void;
}

function columnReaders(
  path: string,
  schema: Schema,
  columns: readonly FileColumn[],
  arrow: Arrow,
): readonly ColumnReader[] {
  const names = schema.fields.map((field) => field.name);
  const problems: Problem[] = [];
  const missing = columns.filter((c) => c.isRequired && !names.includes(c.name)).map((c) => c.name);
  if (missing.length > 0) {
    problems.push(problem('csv-missing-columns', [missing.join(', '), names.join(', ')], { path }));
  }
  for (const { name, type } of columns) {
    const [field, second] = schema.fields.filter((f) => f.name === name);
    if (second) problems.push(problem('csv-duplicate-column', [name], { path }));
    if (field && !isReadable(field.type, type, arrow)) {
      problems.push(problem('file-column-type', [name, type, String(field.type)], { path }));
    }
  }
  if (problems.length > 0) throw new ProblemError(problems);
  return columns.map((column) => columnReader(path, names.indexOf(column.name), column, schema, arrow));
}

const plain = (type: DataType, arrow: Arrow): DataType =>
  arrow.DataType.isDictionary(type) ? (type.dictionary as DataType) : type;

function isReadable(found: DataType, type: FileColumn['type'], arrow: Arrow): boolean {
  const { DataType: is } = arrow;
  const stored = plain(found, arrow);
  if (is.isNull(stored)) return true;
  if (type === 'date') return is.isDate(stored);
  switch (storageOf(type)) {
    case 'boolean':
      return is.isBool(stored);
    case 'bigint':
      return is.isInt(stored);
    case 'number':
      return is.isFloat(stored);
    case 'string':
    default:
      return is.isUtf8(stored) || is.isLargeUtf8(stored);
  }
}

function columnReader(path: string, place: number, column: FileColumn, schema: Schema, arrow: Arrow): ColumnReader {
  const field = schema.fields[place];
  const convert = field ? converter(column, plain(field.type, arrow), arrow) : () => null;
  const allowed = column.categories && new Set(column.categories);
  return {
    place,
    fill(vector, rows, at, rowsBefore, problems) {
      const refuse = (row: number, expected: string): void => {
        if (problems.length < mostProblems) {
          problems.push(problem('csv-value', [rowsBefore + row + 1, column.name, expected], { path }));
        }
      };
      for (let row = 0; row < rows.length; row++) {
        const value: unknown = vector.get(row);
        if (value === null || value === undefined || value === '') {
          if (column.isNullRefused === true) refuse(row, 'a value, found none');
          continue;
        }
        const converted = convert(value);
        if (converted === undefined) refuse(row, `a value that fits ${column.type}`);
        else if (allowed?.has(String(converted)) === false) {
          refuse(row, `one of ${column.categories!.join(', ')}`);
        } else rows[row]![at] = converted;
      }
    },
  };
}

const firstDay = -719162;
const lastDay = 2932896;

/** From a value as the library gives it; undefined when it is outside what the type holds. */
function converter(column: FileColumn, type: DataType, arrow: Arrow): (value: unknown) => Nullable | undefined {
  if (arrow.DataType.isDate(type)) {
    // Milliseconds since 1970, whatever the unit in the file.
    return (value) => {
      const days = Math.floor(Number(value) / 86_400_000);
      return days >= firstDay && days <= lastDay ? isoDate(days) : undefined;
    };
  }
  if (storageOf(column.type) !== 'bigint') return (value) => value as Nullable;
  return (value) => {
    const number = BigInt(value as bigint | number);
    return BigInt.asIntN(64, number) === number ? number : undefined;
  };
}
