import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { police, reviewLimits } from './police.js';

const root = mkdtempSync(join(tmpdir(), 'glovebox-police-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function verdict(content: string | Buffer, path = 'output/table.csv', limits = reviewLimits) {
  const file = join(root, 'content');
  writeFileSync(file, content);
  return (await police(file, path, limits)).excluded;
}

test.each<[string, string | Buffer]>([
  ['plain', 'a,b\n1,2\n'],
  ['empty', ''],
  ['a header alone', 'a,b\n'],
  ['with a byte order mark', '\uFEFFa,b\n1,2\n'],
  ['with quotes and line breaks in cells', '"a","b"\r\n"x\ny","z ""q"""\r\n'],
  ['with a column that only contains the words', 'patient_id_count,n_patient_id\n1,2\n'],
  ['a list of columns', 'name,meaning\npatient_id,who it is\n'],
  ['narrower in its header than below', 'a,b\n1,patient_id,2\n'],
])('a table that is %s is shown to reviewers', async (_name, content) => {
  expect(await verdict(content)).toBeNull();
});

test.each<[string, string | Buffer]>([
  ['plain', 'patient_id,b\n1,2\n'],
  ['in the last column', 'b,patient_id\n1,2\n'],
  ['without rows', 'patient_id\n'],
  ['in capitals', 'Patient_ID,b\n1,2\n'],
  ['quoted', '"patient_id","b"\n1,2\n'],
  ['with spaces', ' patient_id ,b\n1,2\n'],
  ['behind a byte order mark', '\uFEFFpatient_id,b\n1,2\n'],
  ['with an invisible character', 'patient\u200B_id,b\n'],
  ['in wide letters', 'ｐａｔｉｅｎｔ＿ｉｄ,b\n'],
  ['after blank lines', '\n\n\npatient_id,b\n1,2\n'],
  ['with semicolons', 'patient_id;b\n1;2\n'],
  ['with semicolons and quotes after them', 'patient_id;name\n1;x\n'],
  ['with spaces between the columns', 'age patient_id\n1 2\n'],
  ['with carets', 'a^patient_id^b\n1^2^3\n'],
  ['with colons', 'patient_id:b\n1:2\n'],
  ['with another word for the space', 'Patient ID,b\n1,2\n'],
  ['with a hyphen', 'patient-id,b\n1,2\n'],
  ['under a line that names the delimiter', 'sep=;\npatient_id;b\n1;2\n'],
  ['under a comment', '# made by a.py\npatient_id,b\n1,2\n'],
  ['in a comment', '# patient_id,b\n1,2\n'],
  ['under a title', 'Table 1\n\npatient_id,b\n1,2\n'],
  ['under two titles', 'Table 1\nBy region\npatient_id,b\n1,2\n'],
  ['under a row of empty cells', ',\npatient_id,b\n1,2\n'],
  ['with two byte order marks', '\uFEFF\uFEFFpatient_id,b\n'],
  ['with a soft hyphen', 'pat\u00ADient_id,b\n'],
  ['with lines that end as on old machines', 'patient_id,b\r1,2\r'],
  ['with tabs', 'a\tpatient_id\n1\t2\n'],
  ['with bars', 'a|patient_id\n'],
  ['in UTF-16, little end first', Buffer.from('\uFEFFpatient_id,b\r\n1,2\r\n', 'utf16le')],
  ['in UTF-16, big end first', Buffer.from('\uFEFFpatient_id,b\r\n1,2\r\n', 'utf16le').swap16()],
])('a patient_id column %s is found', async (_name, content) => {
  expect(await verdict(content)).toContain('patient_id');
});

test.each<[string, Buffer | string]>([
  ['Latin-1', Buffer.from('caf\xe9,b\n1,2\n', 'latin1')],
  ['with zero bytes', 'p\0a\0t,b\n'],
  ['UTF-16 without a mark', Buffer.from('patient_id,b\n', 'utf16le')],
  ['with a quote that never closes', '"a,b\n1,2\n'],
  ['with quotes inside a cell', 'a,b\n1"2,3\n'],
])('a table that is %s is refused, because it cannot be understood', async (_name, content) => {
  expect(await verdict(content)).toBe('the file can not be read as a CSV file in UTF-8');
});

test('size and rows are limited; equal passes; size hides the other reasons', async () => {
  expect(await verdict('a\n1\n\n2\n', 't.csv', { bytes: 100, rows: 2 })).toBeNull();
  expect(await verdict('a\n1\n2\n3\n', 't.csv', { bytes: 100, rows: 2 })).toContain('3 rows');
  expect(await verdict('patient_id\n1\n2\n3\n', 't.csv', { bytes: 100, rows: 2 })).toMatch(
    /patient_id column, the file has 3 rows/,
  );
  expect(await verdict('a\n1\r2\r\n3\n', 't.csv', { bytes: 100, rows: 2 })).toContain('3 rows');
  expect(await verdict('12345', 't.csv', { bytes: 5, rows: 2 })).toBeNull();
  expect(await verdict('patient_id', 't.csv', { bytes: 5, rows: 2 })).toBe(
    'the file has 10 bytes; at most 5 are allowed',
  );
});

test('only reviewable types are shown, told by the last suffix and its case', async () => {
  for (const path of ['a.png', 'a.svg', 'a.md', 'a.json', 'a.b.txt']) expect(await verdict('x', path)).toBeNull();
  for (const path of ['a.CSV', 'a.csv.gz', 'a.rds', 'csv', '.csv', 'a.'])
    expect(await verdict('x', path)).toContain('not allowed');
});

test('the rows and columns of a table are counted, without its header and blank lines', async () => {
  const file = join(root, 'content');
  writeFileSync(file, 'a,b,c\n\n1,2,3\n4,5\n');
  expect(await police(file, 'output/table.csv', reviewLimits)).toEqual({ excluded: null, rows: 2, columns: 3 });
  expect(await police(file, 'output/table.txt', reviewLimits)).toEqual({ excluded: null });
});
