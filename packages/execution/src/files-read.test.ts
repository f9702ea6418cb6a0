import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { filesReadBy } from './files-read.js';

const folder = mkdtempSync(join(tmpdir(), 'glovebox-read-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const report = join(folder, 'files-read');

const committed = new Set([
  'analysis/d.py',
  'analysis/t.py',
  'codelists/a.csv',
  'dummy/patients.csv',
  'dummy/events.csv',
]);
const there = (...paths: string[]) => paths.map((path) => ({ path, isThere: true }));
const line = (files: readonly object[], listsFolders = false) => JSON.stringify({ files, listsFolders });
function told(
  lines: readonly string[],
  words = 'generate-dataset analysis/d.py --output output/d.csv',
  hasInputs = false,
) {
  writeFileSync(report, lines.map((text) => `${text}\n`).join(''));
  return filesReadBy(report, words.split(' '), committed, hasInputs);
}

test('the files that every definition of the command opened, each once, and those that its words name', async () => {
  const lines = [line(there('analysis/d.py', 'codelists/a.csv')), line(there('analysis/t.py', 'analysis/d.py'))];
  expect(await told(lines)).toEqual(['analysis/d.py', 'analysis/t.py', 'codelists/a.csv']);
  expect(await told([line(there('analysis/d.py'))], 'generate-dataset analysis/d.py --dummy-tables=dummy/')).toEqual([
    'analysis/d.py',
    'dummy/events.csv',
    'dummy/patients.csv',
  ]);
});

test('a module that was looked for in vain is left to its name', async () => {
  const files = [...there('analysis/d.py'), { path: 'analysis/codecs.py', isThere: false }];
  expect(await told([line(files)])).toEqual(['analysis/d.py']);
});

test.each([
  ['outputs of other actions were there', [line(there('analysis/d.py'))], true],
  ['a folder was listed', [line(there('analysis/d.py'), true)], false],
  ['it names what the commit does not have', [line(there('analysis/d.py', 'output/patient-9434765919'))], false],
  ['a file was looked for in vain', [line([{ path: 'codelists/b.csv', isThere: false }])], false],
  ['nothing was told', [], false],
])('every file counts when %s', async (_, lines, hasInputs) => {
  expect(await told(lines, 'generate-dataset analysis/d.py', hasInputs)).toBeUndefined();
});
