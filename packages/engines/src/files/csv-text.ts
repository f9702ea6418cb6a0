// Rows as lines of CSV, byte for byte as Python's csv module writes them: CRLF, quotes only where needed, NULL as an
// empty field (so NULL and empty text look the same).
import { storageOf, type Nullable } from '@glovebox/language';
import type { ResultColumn } from '../tables.js';
import { pythonFloat } from './python-float.js';

const special = /[",\r\n]/;

function quoted(text: string): string {
  return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

type Format = (value: Nullable) => string;

function formatOf(column: ResultColumn): Format {
  switch (storageOf(column.type)) {
    case 'boolean':
      return (value) => (value === null ? '' : value === true ? 'T' : 'F');
    case 'bigint':
      return (value) => (value === null ? '' : String(value));
    case 'number':
      return (value) => (value === null ? '' : pythonFloat(Number(value)));
    case 'string':
    default:
      return (value) => (value === null ? '' : quoted(value as string));
  }
}

/** A row that is one empty field would be an empty line, so it is written as quotes. */
const line = (fields: readonly string[]): string =>
  `${fields.length === 1 && fields[0] === '' ? '""' : fields.join(',')}\r\n`;

export function csvHeader(columns: readonly ResultColumn[]): string {
  return line(columns.map((column) => quoted(column.name)));
}

/** Gives the text of a batch of rows whose values stand in the order of `columns`. */
export function csvLines(columns: readonly ResultColumn[]): (rows: readonly (readonly Nullable[])[]) => string {
  const formats = columns.map(formatOf);
  return (rows) => rows.map((row) => line(formats.map((format, i) => format(row[i]!)))).join('');
}
