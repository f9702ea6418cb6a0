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

const delimiters = [',', ';', '\t', '|'];

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

const isIdentifier = (cell: string): boolean =>
  cell
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Z}\s"']/gu, '')
    .toLowerCase() === 'patient_id';

async function readTable(file: string, encoding: Encoding, delimiter: string) {
  let rows = 0;
  let columns = 0;
  let hasIdentifier = false;
  const parser = parse({ delimiter, bom: true, relax_column_count: true, skip_empty_lines: true });
  await pipeline(textOf(file, encoding), parser, async (records) => {
    for await (const record of records as AsyncIterable<string[]>) {
      if (rows === 0) {
        hasIdentifier = record.some(isIdentifier);
        columns = record.length;
      }
      rows += 1;
    }
  });
  return { rows: Math.max(0, rows - 1), columns, hasIdentifier };
}

async function policeTable(file: string, limits: ReviewLimits): Promise<Verdict> {
  let encoding: Encoding;
  let table: Awaited<ReturnType<typeof readTable>>;
  try {
    encoding = await encodingOf(file);
    table = await readTable(file, encoding, ',');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    return { excluded: 'the file can not be read as a CSV file in UTF-8' };
  }
  let hasIdentifier = table.hasIdentifier;
  for (const delimiter of delimiters.slice(1)) {
    // What is no table with this delimiter was understood as one with commas already.
    hasIdentifier ||= await readTable(file, encoding, delimiter).then(
      (other) => other.hasIdentifier,
      () => false,
    );
  }
  const reasons = [
    ...(hasIdentifier ? ['the file has a patient_id column'] : []),
    ...(table.rows > limits.rows ? [`the file has ${table.rows} rows; at most ${limits.rows} are allowed`] : []),
  ];
  const { rows, columns } = table;
  return { excluded: reasons.length > 0 ? reasons.join(', ') : null, rows, columns };
}
