// Decides whether reviewers may be shown a moderately sensitive file. A file that can't be understood is refused: a table in
// an odd encoding, with odd quotes or with another delimiter must not carry patient identifiers past the check.
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { reviewableFileTypes, suffixOf } from '@glovebox/pipeline';

export interface ReviewLimits {
  /** Bytes that a file may have; equal passes. */
  readonly bytes: number;
  /** Data rows that a CSV file may have; the header and blank lines do not count; equal passes. */
  readonly rows: number;
}

export const reviewLimits: ReviewLimits = { bytes: 16 * 2 ** 20, rows: 5000 };

/** What is found out about a moderately sensitive file. */
export interface Verdict {
  /** Why reviewers are not shown it; null when they are. Names limits and rules, never content. */
  readonly excluded: string | null;
  /** Of a CSV file that could be read: data rows, and columns of the header. */
  readonly rows?: number;
  readonly columns?: number;
}

/**
 * @param file where the content is
 * @param path how project.yaml's author knows it
 */
export async function police(file: string, path: string, limits: ReviewLimits): Promise<Verdict> {
  const { size } = await stat(file);
  if (size > limits.bytes) return { excluded: `the file has ${size} bytes; at most ${limits.bytes} are allowed` };
  const suffix = suffixOf(path);
  if (!(reviewableFileTypes as readonly string[]).includes(suffix)) {
    const accepted = reviewableFileTypes.join(' ');
    return { excluded: `files of type ${suffix || '(none)'} are not allowed; accepted are ${accepted}` };
  }
  return suffix === '.csv' ? policeTable(file, limits) : { excluded: null };
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

async function encodingOf(file: string): Promise<Encoding> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    if (buffer[0] === 0xff && buffer[1] === 0xfe) return 'utf-16le';
    return buffer[0] === 0xfe && buffer[1] === 0xff ? 'utf-16be' : 'utf-8';
  } finally {
    await handle.close();
  }
}

/** The text of a file without its byte order mark. @throws TypeError when it is not in that encoding */
async function* textOf(file: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of createReadStream(file)) {
    const text = decoder.decode(chunk as Buffer, { stream: true });
    if (text.includes('\0')) throw new TypeError('not text');
    yield text;
  }
  yield decoder.decode();
}

/** Written in any way, a cell that names the column of patients. */
const isIdentifier = (cell: string): boolean =>
  /^patient[_.-]?id$/i.test(cell.normalize('NFKC').replace(/[\p{Cf}\p{Z}\s"']/gu, ''));

/** Whether the identifier is a word of it: whatever stands between the columns need not be known then. */
const namesIdentifier = (text: string): boolean =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}_]+/u)
    .includes('patient_id');

const isPreface = (record: readonly string[]): boolean =>
  /^(#|sep=)/i.test(record[0] ?? '') || record.every((cell) => cell.trim() === '');

/** How many lines can stand above the header: titles, comments, the line that tells a program the delimiter. */
const mostAbove = 20;

interface Table {
  readonly rows: number;
  readonly columns: number;
  readonly hasIdentifier: boolean;
}

async function readTable(file: string, encoding: Encoding): Promise<Table> {
  let rows = 0;
  const top: string[][] = [];
  const record_delimiter = ['\r\n', '\n', '\r'];
  const parser = parse({ record_delimiter, bom: true, relax_column_count: true, skip_empty_lines: true });
  await pipeline(textOf(file, encoding), parser, async (records) => {
    for await (const record of records as AsyncIterable<string[]>) {
      if (top.length < mostAbove) top.push(record);
      rows += 1;
    }
  });
  const [first = []] = top;
  const isTable = top.some((record) => record.length > 1);
  const isTitle = (record: readonly string[]): boolean => isTable && record.length === 1;
  const header = top.findIndex((record) => !isPreface(record) && !isTitle(record));
  const head = top.slice(0, header < 0 ? undefined : header + 1);
  const hasIdentifier = head.some((record) => record.some(isIdentifier) || namesIdentifier(record.join(',')));
  return { rows: Math.max(0, rows - 1), columns: first.length, hasIdentifier };
}

async function policeTable(file: string, limits: ReviewLimits): Promise<Verdict> {
  let table: Table;
  try {
    table = await readTable(file, await encodingOf(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    return { excluded: 'the file can not be read as a CSV file in UTF-8' };
  }
  const { rows, columns, hasIdentifier } = table;
  const reasons = [
    ...(hasIdentifier ? ['the file has a patient_id column'] : []),
    ...(rows > limits.rows ? [`the file has ${rows} rows; at most ${limits.rows} are allowed`] : []),
  ];
  return { excluded: reasons.length > 0 ? reasons.join(', ') : null, rows, columns };
}
