// Reads a CSV file as typed rows, checking each field. The order of the columns is free and extra ones are ignored.
// Messages name the file, the row (data rows count from 1) and the column, never the value.
import { createReadStream } from 'node:fs';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Nullable } from '@glovebox/language';
import { ProblemError, type Problem } from '@glovebox/record';
import { parse } from 'csv-parse';
import { problem } from '../problems.js';
import { csvValue, expectations } from './csv-value.js';
import type { FileColumn } from './file-column.js';

/** Problems of one file after which reading it is pointless. */
const mostProblems = 20;
const batchSize = 2000;

/**
 * The rows of a file, in batches; values in the order of `columns`.
 *
 * @param path as it will be named in messages, relative to the working folder or absolute
 * @throws ProblemError with every problem found, up to twenty
 */
export async function* readCsv(
  path: string,
  columns: readonly FileColumn[],
): AsyncGenerator<readonly (readonly Nullable[])[]> {
  const problems: Problem[] = [];
  let read: ((fields: readonly string[]) => readonly Nullable[]) | undefined;
  let batch: (readonly Nullable[])[] = [];
  let row = 0;
  let width = 0;
  try {
    for await (const record of records(path)) {
      const fields = record as readonly string[];
      if (read === undefined) {
        width = fields.length;
        read = reader(path, fields, columns, problems, () => row);
        continue;
      }
      row += 1;
      if (fields.length === width) batch.push(read(fields));
      else problems.push(problem('csv-row-width', [row, fields.length, width], { path }));
      if (problems.length >= mostProblems) break;
      if (batch.length === batchSize && problems.length === 0) {
        yield batch;
        batch = [];
      }
    }
  } catch (error) {
    throw asProblem(error, path, row);
  }
  if (read === undefined) throw new ProblemError(problem('file-empty', [path]));
  if (problems.length > 0) throw new ProblemError(problems);
  if (batch.length > 0) yield batch;
}

function records(path: string): Readable {
  const file = createReadStream(path);
  const text = strictText();
  // Python's reader takes quotes inside unquoted fields literally; rows of another width are reported by row number.
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const done = (error: Error | null | undefined): void => {
    if (error) parser.destroy(error);
  };
  if (path.endsWith('.gz')) return pipeline(file, createGunzip(), text, parser, done);
  return pipeline(file, text, parser, done);
}

/** Refuses bytes that are not UTF-8 instead of replacing them. */
function strictText(): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        done(null, decoder.decode(chunk, { stream: true }));
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        done(null, decoder.decode());
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

function asProblem(error: unknown, path: string, row: number): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('CSV_')) return new ProblemError(problem('csv-malformed', [row + 1], { path }));
  if (code === 'ENOENT') return new ProblemError(problem('table-file-missing', [path]));
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return unreadable(path, 'it is not UTF-8 text');
  if (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE')
    return unreadable(path, 'it is not a complete gzip file');
  if (code === 'EACCES' || code === 'EISDIR' || code === 'EIO') return unreadable(path, code);
  return error;
}

const unreadable = (path: string, why: string): ProblemError =>
  new ProblemError(problem('file-unreadable', [path, why]));

/** Checks the header and gives the function that reads one row; problems are added to the list. */
function reader(
  path: string,
  header: readonly string[],
  columns: readonly FileColumn[],
  problems: Problem[],
  rowNumber: () => number,
): (fields: readonly string[]) => readonly Nullable[] {
  const duplicate = header.find((name, i) => header.indexOf(name) !== i && columns.some((c) => c.name === name));
  if (duplicate !== undefined) throw new ProblemError(problem('csv-duplicate-column', [duplicate], { path }));
  const missing = columns.filter((c) => c.isRequired && !header.includes(c.name)).map((c) => c.name);
  if (missing.length > 0) {
    throw new ProblemError(problem('csv-missing-columns', [missing.join(', '), header.join(', ')], { path }));
  }
  const readers = columns.map((column) => {
    const index = header.indexOf(column.name);
    const { categories } = column;
    const allowed = categories && new Set(categories);
    const refuse = (expected: string): null => {
      problems.push(problem('csv-value', [rowNumber(), column.name, expected], { path }));
      return null;
    };
    return (fields: readonly string[]): Nullable => {
      const value = index === -1 ? null : csvValue(fields[index]!, column.type);
      if (value === undefined) return refuse(expectations[column.type as keyof typeof expectations]);
      if (value === null) return column.isNullRefused ? refuse('a value, found an empty field') : null;
      if (allowed && !allowed.has(String(value))) return refuse(`one of ${categories.join(', ')}`);
      return value;
    };
  });
  return (fields) => readers.map((read) => read(fields));
}
