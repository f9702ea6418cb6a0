import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Series, Table } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { openDuckDb } from '../duckdb/connection.js';
import { readTables } from './read-tables.js';
import { tableFiles } from './table-files.js';

const folder = mkdtempSync(join(tmpdir(), 'glovebox-categories-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The kinds of an address are 0, 1 and 3: so the table says, by its name.
const addresses: Table = {
  kind: 'table',
  name: 'addresses',
  rows: 'many',
  columns: [{ name: 'address_type', type: 'int' }],
};
const roots: readonly Series[] = [{ kind: 'exists', source: addresses }];

function studyOf(...values: readonly string[]): string {
  const at = mkdtempSync(join(folder, 'tables-'));
  const lines = values.map((value) => `1,${value}`);
  writeFileSync(join(at, 'addresses.csv'), ['patient_id,address_type', ...lines, ''].join('\n'));
  return at;
}

const loadings: readonly [string, (at: string) => Promise<unknown>][] = [
  ['read into memory', (at) => readTables(at, roots)],
  ['loaded by DuckDB', async (at) => (await openDuckDb({ files: await tableFiles(at, roots) })).close()],
];

test.each(loadings)('a number that is none of a closed set is refused when it is %s', async (_how, load) => {
  const error: unknown = await load(studyOf('3', '', '2', '01')).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as ProblemError).problems.map(({ message }) => message)).toEqual([
    'Row 3, column address_type: expected one of 0, 1, 3.',
  ]);
});

test.each(loadings)(
  'the numbers of the set, and none, are accepted however written when they are %s',
  async (_how, load) => {
    await expect(load(studyOf('3', '', '01', '+1', '0'))).resolves.not.toThrow();
  },
);
