// What an editor says of right definitions: nothing. Pyright, which editors run, reads every definition of spec/.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { casesOf } from './cases.js';
import { chapters } from './chapters.js';
import { readStudy } from './read-study.js';

const spec = fileURLToPath(new URL('../../../../spec/', import.meta.url));
const python = fileURLToPath(new URL('../../../language/python/', import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'glovebox-spec-editor-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** As the examples of the chapters find it. */
const head = `from datetime import date
from ehrql import *
from ehrql.codes import *
from ehrql.tables import Constraint, EventFrame, PatientFrame, Series as Column, table, table_from_rows
from tables import e, other, p
dataset = create_dataset()
measures = create_measures()
`;

/** A file for each definition of the chapters, with all expressions that follow it. @returns how many */
function writeChapters(): number {
  write('chapters/tables.py', readFileSync(join(spec, 'tables.py'), 'utf8'));
  const bySetup = new Map<string, string[]>();
  for (const section of chapters(spec).flatMap((chapter) => chapter.sections)) {
    for (const { setup, expression, expectation } of casesOf(section)) {
      if (expectation.kind === 'refused') continue;
      bySetup.set(setup, [...(bySetup.get(setup) ?? []), ...(expression === undefined ? [] : [expression])]);
    }
  }
  const files = [...bySetup].map(([setup, expressions]) => [setup, ...expressions.map((one) => `_ = ${one}`)]);
  for (const [i, lines] of files.entries()) write(`chapters/case_${i}.py`, `${head}${lines.join('\n')}\n`);
  return files.length;
}

/** The modules of a study, but for definitions that are to fail. @returns its folder */
function writeStudy(file: string): string {
  const name = file.replace('.md', '');
  const { files, runs } = readStudy(file, readFileSync(join(spec, 'studies', file), 'utf8'));
  const wrong = new Set(runs.filter((run) => run.exitCode !== 0).map((run) => run.words[1]));
  for (const { words, exitCode } of runs) if (exitCode === 0) wrong.delete(words[1]);
  for (const [path, text] of files) if (path.endsWith('.py') && !wrong.has(path)) write(`${name}/${path}`, text);
  return name;
}

interface Report {
  readonly summary: { readonly filesAnalyzed: number };
  readonly generalDiagnostics: readonly { readonly file: string; readonly message: string }[];
}

function pyright(): Promise<Report> {
  const program = createRequire(import.meta.url).resolve('pyright/index.js');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, '--outputjson'], { cwd: folder, maxBuffer: 2 ** 26 }, (error, stdout) => {
      if (stdout === '') reject(error ?? new Error('pyright printed nothing'));
      else resolve(JSON.parse(stdout) as Report);
    });
  });
}

it('finds nothing wrong with the definitions of the reference and of whole studies', { timeout: 240_000 }, async () => {
  const definitions = writeChapters();
  const studies = readdirSync(join(spec, 'studies')).map(writeStudy);
  const executionEnvironments = [
    { root: 'chapters', extraPaths: [python] },
    ...studies.map((root) => ({ root, extraPaths: [python, `${root}/analysis`] })),
  ];
  write('pyrightconfig.json', JSON.stringify({ executionEnvironments }));
  const { summary, generalDiagnostics } = await pyright();
  expect(generalDiagnostics.map(({ file, message }) => `${file.slice(folder.length + 1)}: ${message}`)).toEqual([]);
  expect(summary.filesAnalyzed).toBeGreaterThan(definitions + studies.length);
});
