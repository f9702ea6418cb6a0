import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC, type Table } from 'apache-arrow';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Nullable } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { readFile } from '../files/read-file.js';
import { writeTable } from '../files/write-table.js';
import type { ResultColumn } from '../tables.js';
import { arrowLibrary } from './codecs.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'glovebox-arrow-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Rows = readonly (readonly Nullable[])[];
let files = 0;

async function written(columns: readonly ResultColumn[], rows: Rows): Promise<string> {
  const path = join(folder, `${(files += 1)}.arrow`);
  const batches = async function* (): AsyncGenerator<Rows> {
    for (let at = 0; at < rows.length; at += 1000) yield rows.slice(at, at + 1000);
  };
  await writeTable({ name: 'dataset', columns, rows: batches() }, path);
  return path;
}

async function opened(path: string): Promise<Table> {
  await arrowLibrary();
  return tableFromIPC(readFileSync(path));
}

async function readBack(path: string, columns: readonly ResultColumn[]): Promise<(readonly Nullable[])[]> {
  const all: (readonly Nullable[])[] = [];
  const expected = columns.map((column) => ({ ...column, isRequired: true }));
  for await (const batch of readFile(path, expected)) all.push(...batch);
  return all;
}

async function problemsOf(run: () => Promise<unknown>): Promise<readonly string[]> {
  const error = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw new Error('expected a problem', { cause: error });
  return error.problems.map((p) => `${p.code}: ${p.message.replaceAll(folder, '')}`);
}

const columns: readonly ResultColumn[] = [
  { name: 'patient_id', type: 'int' },
  { name: 'wide', type: 'int' },
  { name: 'count', type: 'int', range: [0n, 65535n] },
  { name: 'rank', type: 'int', range: [-5n, 5n] },
  { name: 'b', type: 'bool' },
  { name: 'f', type: 'float' },
  { name: 'd', type: 'date' },
  { name: 's', type: 'str' },
  { name: 'code', type: 'SNOMEDCTCode' },
  { name: 'sex', type: 'str', categories: ['female', 'male'] },
];
const rows: Rows = [
  [-1n, 2n ** 63n - 1n, 65535n, -5n, true, 0.1, '1899-12-31', 'naïve 😀', '123456', 'male'],
  [9007199254740993n, ...Array<null>(9).fill(null)],
  [3n, -(2n ** 63n), 0n, 5n, false, NaN, '2024-02-29', 'x', '99', 'female'],
];

describe('an Arrow file', () => {
  it('has the types that studies read by: narrow integers where a range is known, ordered dictionaries for categories', async () => {
    const { schema } = await opened(await written(columns, rows));
    expect(schema.fields.map((f) => `${f.name}: ${String(f.type)}${f.nullable ? '' : ' not null'}`)).toEqual([
      'patient_id: Int64 not null',
      'wide: Int64',
      'count: Uint16',
      'rank: Int8',
      'b: Bool',
      'f: Float64',
      'd: Date32<DAY>',
      's: Utf8',
      'code: Utf8',
      'sex: Dictionary<Int8, Utf8>',
    ]);
    expect(schema.fields[9]!.type).toMatchObject({ isOrdered: true });
  });

  it('holds the categories in the order of the schema, also those that no row has', async () => {
    const sex: ResultColumn = { name: 'sex', type: 'str', categories: ['intersex', 'male', 'female'] };
    const table = await opened(await written([columns[0]!, sex], [[1n, 'female']]));
    const { dictionary } = table.getChild('sex')!.data[0]!;
    expect([...dictionary!]).toEqual(['intersex', 'male', 'female']);
  });

  it('gives back every value', async () => {
    const path = await written(columns, rows);
    expect(await readBack(path, columns)).toEqual(rows);
  });

  it('is split into batches of 64,000 rows that are compressed, and one of none has one batch', async () => {
    const many = Array.from({ length: 64_001 }, (_, i) => [BigInt(i), 7n]);
    const path = await written(columns.slice(0, 2), many);
    expect((await opened(path)).batches.map((batch) => batch.numRows)).toEqual([64_000, 1]);
    expect(readFileSync(path).length).toBeLessThan(64_000 * 8);
    const none = await written(columns, []);
    expect((await opened(none)).batches.length).toBeLessThanOrEqual(1);
    expect(await readBack(none, columns)).toEqual([]);
  });

  it('says before each compressed buffer how long it is once decompressed, as other readers need', async () => {
    const bytes = readFileSync(
      await written(
        columns.slice(0, 1),
        Array.from({ length: 2000 }, () => [7n]),
      ),
    );
    const zstdFrame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
    expect(bytes.readBigInt64LE(bytes.indexOf(zstdFrame) - 8)).toBe(16_000n);
  });

  it('gives back any rows', async () => {
    const day = fc
      .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((d) => d.toISOString().slice(0, 10));
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const row = fc.tuple(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.option(fc.bigInt({ min: 0n, max: 65535n })),
      fc.option(fc.boolean()),
      fc.option(fc.double()),
      fc.option(day),
      fc.option(text),
      fc.option(fc.constantFrom('female', 'male')),
    );
    const some = [0, 2, 4, 5, 6, 7, 9].map((at) => columns[at]!);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (given) => {
        expect(await readBack(await written(some, given), some)).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses values outside the range or categories of their column', async () => {
    expect(await problemsOf(() => written(columns.slice(0, 3), [[1n, 0n, 65536n]]))).toEqual([
      "output-value: A value of the output column count doesn't fit its type in an Arrow file: expected a number from 0 to 65535.",
    ]);
    expect(await problemsOf(() => written([columns[9]!], [['Male']]))).toEqual([
      "output-value: A value of the output column sex doesn't fit its type in an Arrow file: expected one of female, male.",
    ]);
  });
});

describe('reading an Arrow file', () => {
  it('takes any width of integer and text in a dictionary', async () => {
    const { tableFromArrays, tableToIPC } = await arrowLibrary();
    const path = join(folder, 'other.arrow');
    const table = tableFromArrays({ patient_id: Int16Array.of(1, 2), sex: ['male', 'female'], extra: [1, 2] });
    writeFileSync(path, tableToIPC(table, 'file'));
    expect(await readBack(path, [columns[0]!, columns[9]!])).toEqual([
      [1n, 'male'],
      [2n, 'female'],
    ]);
  });

  it('names the row and column of every bad value, and never the value', async () => {
    const loose = columns.map(({ name, type }) => ({ name, type }));
    const path = await written(loose, [
      [1n, 1n, null, null, null, null, null, null, null, 'Male'],
      [2n, 1n, null, null, null, null, null, null, null, 'secret'],
    ]);
    expect(await problemsOf(() => readBack(path, columns))).toEqual([
      'csv-value: Row 1, column sex: expected one of female, male.',
      'csv-value: Row 2, column sex: expected one of female, male.',
    ]);
  });

  it('says which columns are missing or of another type', async () => {
    const path = await written([columns[0]!, { name: 'f', type: 'int' }], [[1n, 2n]]);
    expect(await problemsOf(() => readBack(path, columns.slice(0, 2)))).toEqual([
      'csv-missing-columns: The file lacks columns: wide.',
    ]);
    expect(await problemsOf(() => readBack(path, [columns[0]!, columns[5]!]))).toEqual([
      'file-column-type: The column f has the type Int64: expected float.',
    ]);
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['not Arrow', Buffer.from('patient_id\n1\n')],
    ['cut short', undefined],
  ])('refuses a file that is %s', async (what, bytes) => {
    const whole = readFileSync(await written(columns, rows));
    const path = join(folder, `${what}.arrow`);
    writeFileSync(path, bytes ?? whole.subarray(0, whole.length - 40));
    expect(await problemsOf(() => readBack(path, columns))).toEqual([
      `file-unreadable: /${what}.arrow can't be read: it is not a complete Arrow file.`,
    ]);
  });

  it('a file cut anywhere is a problem', async () => {
    const whole = readFileSync(await written(columns, rows));
    const path = join(folder, 'cut.arrow');
    for (let length = 0; length < whole.length; length += 37) {
      writeFileSync(path, whole.subarray(0, length));
      expect((await problemsOf(() => readBack(path, columns)))[0], String(length)).toContain('file-unreadable');
    }
  });

  it('a batch that claims more rows than it has values for is a problem', async () => {
    const { RecordBatch, RecordBatchFileWriter, Schema, Field, Int64, Struct, makeData } = await arrowLibrary();
    const data = makeData({ type: new Int64(), length: 1_000_000_000, nullCount: 0, data: BigInt64Array.of(1n) });
    const schema = new Schema([new Field('patient_id', new Int64(), false)]);
    const type = new Struct(schema.fields);
    const batch = new RecordBatch(schema, makeData({ type, length: data.length, nullCount: 0, children: [data] }));
    const path = join(folder, 'claims.arrow');
    writeFileSync(path, RecordBatchFileWriter.writeAll([batch]).toUint8Array(true));
    expect((await problemsOf(() => readBack(path, columns.slice(0, 1))))[0]).toContain('not a complete Arrow file');
  });
});
