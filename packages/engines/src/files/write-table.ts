// Writes a streamed result to a file. The file appears under its name only when it is complete, so that a run that was
// cut short leaves nothing that looks like a result. A slow disk slows the query: nothing piles up in memory.
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ProblemError } from '@glovebox/record';
import { arrowBytes } from '../arrow/write-arrow.js';
import { problem } from '../problems.js';
import type { ResultTable } from '../tables.js';
import { csvHeader, csvLines } from './csv-text.js';

/** The text of a result, header first, in pieces. */
export async function* csvText(table: ResultTable): AsyncGenerator<string> {
  // The first rows decide whether the query works at all; until then nothing is written.
  let pending = csvHeader(table.columns);
  for await (const lines of table.lines ?? linesOf(table)) {
    yield pending + lines;
    pending = '';
  }
  if (pending !== '') yield pending;
}

async function* linesOf(table: ResultTable): AsyncGenerator<string> {
  const lines = csvLines(table.columns);
  for await (const batch of table.rows) yield lines(batch);
}

/**
 * Writes one table; parent folders are made.
 *
 * @param path ends in .csv, .csv.gz or .arrow
 * @throws ProblemError `output-failed` when the file can't be written; errors of the query pass through.
 */
export async function writeTable(table: ResultTable, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const pieces = path.endsWith('.arrow') ? arrowBytes(table) : csvText(table);
    const source = Readable.from(pieces, { objectMode: true, highWaterMark: 2 });
    const file = createWriteStream(temporary);
    if (path.endsWith('.gz')) await pipeline(source, createGzip({ level: 6 }), file);
    else await pipeline(source, file);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw asProblem(error, path);
  }
}

/**
 * Writes a text, straight to where it is to be: that may be a device. Parent folders are made.
 *
 * @throws ProblemError `output-failed` when it can't be written.
 */
export async function writeText(text: string, path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw asProblem(error, path);
  }
}

/** What the system says, in words; anything but a failure of the system passes through. */
function asProblem(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  return new ProblemError(problem('output-failed', [path, reasons[code] ?? code]));
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'this user has no more room on the disk',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
  ENAMETOOLONG: 'its name is too long',
};
