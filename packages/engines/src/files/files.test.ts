import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetDefinition, FileTable, Nullable, SeriesType, Table } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import type { ResultTable } from '../tables.js';
import { csvValue } from './csv-value.js';
import { csvHeader, csvLines } from './csv-text.js';
import { withFileTables } from './file-tables.js';
import { filesFor, outputPlace, tableFileName } from './output-place.js';
import { pythonFloat } from './python-float.js';
import { readTables } from './read-tables.js';
import { writeTable } from './write-table.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'glovebox-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('floats', () => {
  it('are printed as Python prints them', () => {
    const values = [
      1, 0.1, -0, 1e22, 1e16, 1e15, 123456789012345680, 1e-4, 1e-5, 1.5e-7, 5e-324, 1.7976931348623157e308,
    ];
    const floats = fc.sample(fc.double({ noNaN: true }), 500);
    const all = [...values, ...floats];
    const program = 'import sys, json\nfor x in json.load(sys.stdin): print(repr(float.fromhex(x)))';
    const input = JSON.stringify(all.map(hexadecimal));
    const printed = execFileSync('python3', ['-c', program], { input, encoding: 'utf8' }).trimEnd().split('\n');
    expect(all.map(pythonFloat)).toEqual(printed);
  });

  it('nan has no sign', () => {
    expect(pythonFloat(NaN)).toBe('nan');
  });
});

/** The exact value in a form that Python reads. */
function hexadecimal(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0');
  const sign = bits >> 63n === 1n ? '-' : '';
  return exponent === 0 ? `${sign}0x0.${fraction}p-1022` : `${sign}0x1.${fraction}p${exponent - 1023}`;
}

const columns = [
  { name: 'patient_id', type: 'int' },
  { name: 's', type: 'str' },
  { name: 'b', type: 'bool' },
  { name: 'f', type: 'float' },
] as const;

function result(rows: readonly (readonly Nullable[])[]): ResultTable {
  return {
    name: 'dataset',
    columns,
    rows: (async function* () {
      yield rows;
    })(),
  };
}

describe('writing', () => {
  it('quotes what needs it, ends lines with CRLF and leaves NULL empty', () => {
    const lines = csvLines(columns)([
      [1n, 'a,b', true, 1],
      [2n, 'say "x"\n', false, null],
      [9007199254740993n, null, null, 0.1],
    ]);
    expect(csvHeader(columns) + lines).toBe(
      'patient_id,s,b,f\r\n1,"a,b",T,1.0\r\n2,"say ""x""\n",F,\r\n9007199254740993,,,0.1\r\n',
    );
  });

  it('makes parent folders, compresses by the ending, and leaves no partial file', async () => {
    const path = join(folder, 'deep/er/out.csv.gz');
    await writeTable(result([[1n, 'a', true, 2]]), path);
    expect(gunzipSync(readFileSync(path)).toString()).toBe('patient_id,s,b,f\r\n1,a,T,2.0\r\n');
    expect(readdirSync(join(folder, 'deep/er'))).toEqual(['out.csv.gz']);
  });

  it('a query that fails half-way leaves an earlier result as it was', async () => {
    const path = join(folder, 'kept.csv');
    writeFileSync(path, 'before');
    const failing: ResultTable = {
      ...result([]),
      rows: (async function* () {
        yield [[1n, 'a', true, 2]];
        throw new Error('the database went away');
      })(),
    };
    await expect(writeTable(failing, path)).rejects.toThrow('the database went away');
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder).filter((name) => name.startsWith('kept'))).toEqual(['kept.csv']);
  });

  it('says which path can not be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(writeTable(result([]), join(folder, 'file/x.csv'))).rejects.toThrow(ProblemError);
  });
});

describe('output places', () => {
  it.each([
    ['a/b.csv', { format: 'csv', path: 'a/b.csv', isFolder: false }],
    ['b.csv.gz', { format: 'csv.gz', path: 'b.csv.gz', isFolder: false }],
    ['out/:csv', { format: 'csv', path: 'out/', isFolder: true }],
    ['out:csv.gz', { format: 'csv.gz', path: 'out', isFolder: true }],
  ])('%s is understood', (text, expected) => {
    expect(outputPlace(text)).toEqual(expected);
  });

  it.each(['a.txt', 'a', '.csv', 'a/.csv', ':csv'])('%s is refused', (text) => {
    expect(() => outputPlace(text)).toThrow('no known format');
  });

  it('no table name leaves its folder', () => {
    expect(['../x', '..', '.hidden', 'a b'].map((name) => tableFileName(name, 'csv'))).toEqual([
      '%2E.%2Fx.csv',
      '%2E..csv',
      '%2Ehidden.csv',
      'a%20b.csv',
    ]);
  });

  it('several tables need a folder', () => {
    expect(() => filesFor(outputPlace('x.csv'), ['dataset', 'events'])).toThrow('names one file');
  });
});

describe('fields', () => {
  it.each<[string, SeriesType, Nullable | undefined]>([
    ['', 'str', null],
    ['T', 'bool', true],
    ['True', 'bool', undefined],
    [' 1_000 ', 'int', 1000n],
    ['1.0', 'int', undefined],
    ['9223372036854775808', 'int', undefined],
    ['+5', 'int', 5n],
    ['1e3', 'float', 1000],
    ['-inf', 'float', -Infinity],
    ['.5', 'float', 0.5],
    ['x', 'float', undefined],
    ['2022-02-29', 'date', undefined],
    ['20220131', 'date', '2022-01-31'],
    ['2020-W53-7', 'date', '2021-01-03'],
    ['2022-W01-1', 'date', '2022-01-03'],
    ['2021W53', 'date', undefined],
  ])('%j as %s', (field, type, expected) => {
    expect(csvValue(field, type)).toBe(expected);
  });
});

const events: Table = {
  kind: 'table',
  name: 'events',
  rows: 'many',
  columns: [
    { name: 'd', type: 'date' },
    { name: 'c', type: 'str', categories: ['a', 'b'] },
  ],
};

async function problemsOf(text: string | Buffer, name = 'events.csv'): Promise<readonly string[]> {
  const at = mkdtempSync(join(folder, 'tables-'));
  writeFileSync(join(at, name), text);
  const error = await readTables(at, [{ kind: 'exists', source: events }]).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ProblemError ? error.problems.map((p) => `${p.code}: ${p.message.replaceAll(at, '')}`) : [];
}

describe('reading tables', () => {
  it('takes columns in any order, ignores extra ones and a byte order mark, and reads missing ones as NULL', async () => {
    const at = mkdtempSync(join(folder, 'tables-'));
    writeFileSync(join(at, 'events.csv.gz'), gzipSync('\ufeffextra,c,patient_id\n"x,\n",a,2\n\n,,1\r\n'));
    expect((await readTables(at, [{ kind: 'exists', source: events }])).get('events')!.rows).toEqual([
      [2n, null, 'a'],
      [1n, null, null],
    ]);
  });

  it('names the row and column of every bad field', async () => {
    expect(await problemsOf('patient_id,d,c\n1,2022-01-01,a\n,x,A\n3,,b\n4\n')).toEqual([
      'csv-value: Row 2, column patient_id: expected a value, found an empty field.',
      'csv-value: Row 2, column d: expected a date such as 2022-01-31.',
      'csv-value: Row 2, column c: expected one of a, b.',
      'csv-row-width: Row 4 has 1 fields; the header has 3.',
    ]);
  });

  it.each<[string, string | Buffer, string]>([
    ['an empty file', '', 'file-empty'],
    ['no patient_id', 'd,c\n', 'csv-missing-columns'],
    ['a quote that is not closed', 'patient_id,d,c\n1,"2022', 'csv-malformed'],
    ['bytes that are not text', Buffer.from([0x70, 0xff, 0xfe, 0x0a]), 'file-unreadable'],
    ['a column named twice', 'patient_id,c,c\n', 'csv-duplicate-column'],
  ])('refuses %s', async (_what, text, code) => {
    expect((await problemsOf(text)).map((p) => p.split(':')[0])).toEqual([code]);
  });

  it('refuses a truncated gzip file', async () => {
    const cut = gzipSync('patient_id,d,c\n1,2022-01-01,a\n').subarray(0, 25);
    expect((await problemsOf(cut, 'events.csv.gz')).map((p) => p.split(':')[0])).toEqual(['file-unreadable']);
  });

  it('says which file of a table is missing', async () => {
    expect(await problemsOf('patient_id\n', 'other.csv')).toEqual(['table-file-missing: No file is at /events.csv.']);
  });
});

describe('tables in files of the study', () => {
  const fileTable = (path: string): FileTable => ({ kind: 'file_table', path, columns: [{ name: 'i', type: 'int' }] });
  const definition = (path: string): DatasetDefinition => ({
    kind: 'dataset',
    population: { kind: 'exists', source: fileTable(path) },
    columns: [],
    eventTables: [],
    dummyData: {},
  });

  it('become rows of the definition', async () => {
    const study = mkdtempSync(join(folder, 'study-'));
    mkdirSync(join(study, 'output'));
    writeFileSync(join(study, 'output/t.csv'), 'i,patient_id\n5,1\n');
    const { population } = await withFileTables(definition('output/t.csv'), study);
    expect(population).toMatchObject({ source: { kind: 'inline_table', rows: [[1n, 5n]] } });
  });

  it('outside the study are refused, also through a link', async () => {
    const study = mkdtempSync(join(folder, 'study-'));
    writeFileSync(join(folder, 'outside.csv'), 'patient_id,i\n');
    symlinkSync(join(folder, 'outside.csv'), join(study, 'link.csv'));
    for (const path of ['../outside.csv', join(folder, 'outside.csv'), 'link.csv']) {
      await expect(withFileTables(definition(path), study)).rejects.toThrow('is outside the study');
    }
  });
});
