import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Nullable, Series, Table } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { readTables } from '../files/read-tables.js';
import { tableFiles } from '../files/table-files.js';
import { writeTable } from '../files/write-table.js';
import { openDuckDb } from './connection.js';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'glovebox-load-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const columns = [
  { name: 'i', type: 'int' },
  { name: 'b', type: 'bool' },
  { name: 'f', type: 'float' },
  { name: 'd', type: 'date' },
  { name: 's', type: 'str' },
  { name: 'c', type: 'str', categories: ['x', 'y'] },
] as const;
const header = 'patient_id,s,i,extra,c,f,d,b';
const table = (rows: 'one' | 'many'): Table => ({ kind: 'table', name: 't', rows, columns });
const rootsOf = (of: Table): readonly Series[] => [{ kind: 'exists', source: of }];

/** Rows of a file that is large enough for the engine to read it itself. */
const filler = (rows: number): string =>
  Array.from(
    { length: rows },
    (_, at) => `${at},"a, ""${at}""\nz",${-at},,${at % 2 ? 'x' : ''},${at / 8},2020-02-29,T`,
  ).join('\n');
const many = 30_000;

type Rows = readonly (readonly Nullable[])[];

async function loaded(folder: string, of: Table): Promise<Rows> {
  const files = await tableFiles(folder, rootsOf(of));
  const db = await openDuckDb({ files, temporaryDirectory: join(root, 'spill') });
  try {
    const all: (readonly Nullable[])[] = [];
    const wanted = [{ name: 'patient_id', type: 'int' } as const, ...columns];
    const list = wanted.map((c) => `"${c.name}"`).join(', ');
    for await (const batch of db.stream(`SELECT ${list} FROM t ORDER BY rowid`, wanted)) all.push(...batch);
    return all;
  } finally {
    db.close();
  }
}

const inMemory = async (folder: string, of: Table): Promise<Rows> =>
  (await readTables(folder, rootsOf(of))).get('t')!.rows;

async function problemsOf(run: () => Promise<unknown>): Promise<readonly string[]> {
  const error = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw new Error('expected a problem', { cause: error });
  return error.problems.map((p) => `${p.code}: ${p.message.replaceAll(root, '')}`);
}

function folderWith(name: string, content: string | Buffer): string {
  const folder = mkdtempSync(join(root, 'tables-'));
  writeFileSync(join(folder, name), content);
  return folder;
}

/** The same rows in each format. */
async function folders(): Promise<readonly string[]> {
  const text = `\ufeff${header}\n${filler(many)}\n`;
  const csv = folderWith('t.csv', text);
  const result = async (name: string): Promise<string> => {
    const folder = mkdtempSync(join(root, 'tables-'));
    const rows = await inMemory(csv, table('many'));
    const batches = async function* (): AsyncGenerator<Rows> {
      yield rows;
    };
    const all = [{ name: 'patient_id', type: 'int' } as const, ...columns];
    await writeTable({ name: 't', columns: all, rows: batches() }, join(folder, name));
    return folder;
  };
  const parquet = mkdtempSync(join(root, 'tables-'));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT patient_id, i::INTEGER AS i, b, f, d, s, nullif(c, '') AS c FROM read_csv('${join(csv, 't.csv')}', quote = '"'))
     TO '${join(parquet, 't.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  return [csv, folderWith('t.csv.gz', gzipSync(text, { level: 1 })), await result('t.arrow'), parquet];
}

describe('a folder of tables', () => {
  it('gives the same rows in every format, to an engine and in memory', async () => {
    const [csv, ...others] = await folders();
    const expected = await inMemory(csv!, table('many'));
    expect(expected[9]).toEqual([9n, -9n, true, 1.125, '2020-02-29', 'a, "9"\nz', 'x']);
    expect(expected).toHaveLength(many);
    for (const folder of [csv!, ...others]) {
      expect(await loaded(folder, table('many'))).toEqual(expected);
      expect(await inMemory(folder, table('many'))).toEqual(expected);
    }
  });

  it.each<[string, string]>([
    ['whole numbers as Python writes them', '7,q, 1_000 ,,y,.5,20200131,F'],
    ['floats that have no end', '7,q,1,,y,inf,,F'],
    ['lines that end otherwise', '7,q,1,,y,1,,F\r\n8,q,1,,y,2,,F\r9,q,1,,,,,'],
    ['a quote in the middle of a field', '7,a"b,1,,y,1,,F'],
    ['blank lines', '\n\n7,q,1,,y,1,,F\n'],
    ['quoted emptiness', '7,"","",,"","","",""'],
    ['the least and greatest integers', '-9223372036854775808,q,9223372036854775807,,y,1e308,9999-12-31,F'],
  ])('a large file with %s has the values that close reading gives', async (_what, line) => {
    const folder = folderWith('t.csv', `${header}\n${filler(many)}\n${line}`);
    expect((await loaded(folder, table('many'))).slice(many)).toEqual(
      (await inMemory(folder, table('many'))).slice(many),
    );
  });

  it.each<[string, string, string]>([
    [
      'a date that does not exist',
      '7,q,1,,y,1,2022-02-30,F',
      'csv-value: Row 30001, column d: expected a date such as 2022-01-31.',
    ],
    ['another category', '7,q,1,,Z,1,,F', 'csv-value: Row 30001, column c: expected one of x, y.'],
    ['a fraction for an int', '7,q,1.0,,y,1,,F', 'csv-value: Row 30001, column i: expected a whole number.'],
    ['no patient', ',q,1,,y,1,,F', 'csv-value: Row 30001, column patient_id: expected a value, found an empty field.'],
    ['a field too few', '7,q,1,,y,1,', 'csv-row-width: Row 30001 has 7 fields; the header has 8.'],
    [
      'a quote that is not closed',
      '7,"q,1,,y,1,,F',
      'csv-malformed: Row 30001 is not valid CSV: a quote is not closed, or stands in the middle of a field.',
    ],
  ])('a large file with %s names the row and column', async (_what, line, message) => {
    const folder = folderWith('t.csv', `${header}\n${filler(many)}\n${line}`);
    expect(await problemsOf(() => loaded(folder, table('many')))).toEqual([message]);
  });

  it('of several rows of a patient the last counts where a table has one', async () => {
    const folder = folderWith('t.csv', `${header}\n${filler(many)}\n3,last,1,,y,1,,F\n`);
    const rows = await loaded(folder, table('one'));
    expect(rows).toHaveLength(many);
    expect(rows.filter(([id]) => id === 3n)).toEqual([[3n, 1n, false, 1, null, 'last', 'y']]);
  });

  it('a Parquet file is checked as the others are', async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    const folder = mkdtempSync(join(root, 'tables-'));
    const path = join(folder, 't.parquet');
    const copy = async (select: string): Promise<void> => {
      await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
    };
    const read = (): Promise<unknown> => loaded(folder, table('many'));
    await copy(`SELECT * FROM (VALUES (1, 'x'), (NULL, 'y'), (2, 'Z')) v(patient_id, c)`);
    const expected = [
      'csv-value: Row 2, column patient_id: expected a value, found none.',
      'csv-value: Row 3, column c: expected one of x, y.',
    ];
    expect(await problemsOf(read)).toEqual(expected);
    expect(await problemsOf(() => inMemory(folder, table('many')))).toEqual(expected);
    await copy(`SELECT 1 AS patient_id, '5' AS i`);
    expect(await problemsOf(read)).toEqual(['file-column-type: The column i has the type VARCHAR: expected int.']);
    await copy('SELECT 1 AS i');
    expect(await problemsOf(read)).toEqual(['csv-missing-columns: The file lacks columns: patient_id.']);
    appendFileSync(path, 'x');
    expect((await problemsOf(read))[0]).toContain('it is not a complete Parquet file');
    connection.closeSync();
    instance.closeSync();
  });

  it('a folder whose name looks like a pattern is that folder and no other', async () => {
    const [plain, odd] = [join(root, 'q1'), join(root, 'q[1]')];
    for (const [folder, id] of [
      [plain, 5],
      [odd, 6],
    ] as const) {
      mkdirSync(folder);
      writeFileSync(join(folder, 't.csv'), `${header}\n${filler(many)}\n${id}00000,q,1,,y,1,,F\n`);
    }
    expect((await loaded(odd, table('many'))).at(-1)![0]).toBe(600000n);
  });

  it('nothing but its files can be read, and no file once they are loaded', async () => {
    const folder = folderWith('t.csv', `${header}\n`);
    const db = await openDuckDb({ files: await tableFiles(folder, rootsOf(table('many'))) });
    await expect(db.execute(`SELECT * FROM read_csv('${join(folder, 't.csv')}')`)).rejects.toThrow();
    await expect(db.execute(`COPY t TO '${join(folder, 'out.csv')}'`)).rejects.toThrow();
    db.close();
  });
});
