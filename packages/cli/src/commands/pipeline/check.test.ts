// `pipeline check` as text and as JSON, for every problem that a project.yaml can have: the two say the same of the same place.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipelineProblems } from '@glovebox/pipeline';
import { expect, it } from 'vitest';
import { session } from '../../testing.js';

const action = (run: string, more = ''): string =>
  `version: 5\nactions:\n  a:\n    run: ${run}\n${more}    outputs: {highly_sensitive: {x: a.rds}}\n`;
const output = (pattern: string, level = 'highly_sensitive'): string =>
  `version: 5\nactions:\n  a:\n    run: r:v2 a.R\n    outputs:\n      ${level}: {x: ${pattern}}\n`;
const version = (text: string, more = ''): string => `version: ${text}\n${more}actions: {}\n`;
const two = (second: string): string => `${action('r:v2 a.R')}${second}`;
const cohort = (outputs: string): string =>
  `version: 1\nactions: {a: {run: 'cohortextractor:v1 generate_cohort', outputs: {${outputs}}}}\n`;

/** A file for each code that reading one file can give. */
const files: Readonly<Record<string, string>> = {
  'yaml-syntax': 'version: "5\n',
  'duplicate-key': version('5', 'version: 4\n'),
  'merge-unfinished': `<<<<<<< HEAD\n${version('5')}=======\n${version('4')}>>>>>>> other\n`,
  'several-documents': `${version('5')}---\na: 1\n`,
  'empty-file': '# nothing\n',
  'not-a-mapping': '- a\n',
  'too-large': '['.repeat(100),
  'more-problems': version('5', Array.from({ length: 120 }, (_, i) => `key${i}: 1\n`).join('')),
  'unknown-key': version('5', 'expectation: {}\n'),
  'key-not-text': version('5', '? [a]\n: b\n'),
  'alias-unknown': action('*run'),
  'tag-not-accepted': action('!run r:v2 a.R'),
  'merge-not-a-mapping': action('r:v2 a.R', '    <<: a\n'),
  'version-missing': 'actions: {}\n',
  'version-not-a-number': version('five'),
  'version-too-new': version('6'),
  'version-old': version('"4.0"'),
  'expectations-missing': version('3'),
  'expectations-not-supported': version('5', 'expectations: {population_size: 1}\n'),
  'population-size-missing': version('3', 'expectations: {}\n'),
  'population-size-not-a-number': version('3', 'expectations: {population_size: ten}\n'),
  'actions-missing': 'version: 5\n',
  'action-name-outside': action('r:v2 a.R').replace('  a:', '  ../../a:'),
  'run-all-reserved': action('r:v2 a.R').replace('  a:', '  run_all:'),
  'run-all-ignored': action('r:v2 a.R').replace('  a:', '  run_all:').replace('5', '4'),
  'run-missing': action('r:v2 a.R').replace('run:', '"run ":'),
  'outputs-missing': action('r:v2 a.R').replace('outputs:', 'output:'),
  'wrong-type': action('[r:v2]'),
  'no-output-level': action('r:v2 a.R').replace('{highly_sensitive: {x: a.rds}}', '{}'),
  'run-empty': action("' '"),
  'run-quotes': action(`'r:v2 "a.R'`),
  'run-trailing-backslash': action('r:v2 a.R \\'),
  'run-duplicate': two('  b:\n    run: r:v2 a.R\n    outputs: {highly_sensitive: {y: b.rds}}\n'),
  'image-version': action('r a.R'),
  'image-latest': action('r:latest a.R'),
  'cohortextractor-not-supported': action('cohortextractor:v1 x'),
  'config-not-json': action('r:v2 a.R', '    config: {day: 2020-01-01}\n'),
  'needs-space': action('r:v2 a.R', '    needs: [b c]\n'),
  'unknown-need': action('r:v2 a.R', '    needs: [b]\n'),
  cycle: action('r:v2 a.R', '    needs: [a]\n'),
  'output-backslash': output('a\\b.csv'),
  'output-wildcard': output('"**/a.csv"'),
  'output-no-extension': output('output/a'),
  'output-file-type': output('a.rds', 'moderately_sensitive'),
  'output-not-standard': output('a//b.csv'),
  'output-metadata': output('metadata/a.csv'),
  'output-absolute': output('/a.csv'),
  'output-outside': output('../a.csv'),
  'output-not-unique': output('a.csv, y: a.csv'),
  'dataset-not-highly-sensitive': action('ehrql:v1 generate-dataset d.py --output a.rds').replace(
    'highly',
    'minimally',
  ),
  'dataset-no-output': action('ehrql:v1 generate-dataset d.py'),
  'dataset-output-differs': action('ehrql:v1 generate-dataset d.py --output a.csv'),
  'cohort-levels': cohort('highly_sensitive: {x: a.csv}, minimally_sensitive: {x: b.csv}'),
  'cohort-directories': cohort('highly_sensitive: {x: a/a.csv, y: b/b.csv}'),
  'yaml-readings-differ': action('r:v2 a.R', '    config: {paired: yes}\n'),
};
/** What needs more than the file: a request, a repository of shared actions, or glovebox.yaml. */
const elsewhere =
  /^(image-not-allowed|reusable-.*|unknown-reads-action|reads-pattern-wrong|unknown-action|nothing-requested)$/;

interface Flat {
  code: string;
  message: string;
  hint?: string;
  path: string;
  line: number;
  column: number;
  endColumn: number;
  excerpt: string;
}

/** As a terminal shows it, made from the JSON alone. */
const text = ({ message, hint, path, line, column, endColumn, excerpt }: Flat): string => {
  const gutter = ' '.repeat(String(line).length);
  const marks = '^'.repeat(Math.max(1, Math.min(endColumn, excerpt.length + 1) - column));
  const shown = `  ${line} | ${excerpt}\n  ${gutter} | ${' '.repeat(column - 1)}${marks}`;
  return `${path}:${line}:${column}: ${message}\n${shown}${hint === undefined ? '' : `\n  next: ${hint}`}`;
};

it('has a file for every problem of the catalogue', () => {
  const codes = Object.keys(pipelineProblems).filter((code) => !elsewhere.test(code));
  expect(Object.keys(files).sort()).toEqual(codes.sort());
});

it.each(Object.entries(files))('%s is the same problem as text and as JSON', async (code, file) => {
  const s = session({ 'project.yaml': file });
  const words = ['pipeline', 'check', 'FOLDER/project.yaml'];
  const [plain, json] = [await s.run(...words), await s.run(...words, '--json')];
  const read = JSON.parse(json.out) as { ok: boolean; problems: Flat[]; warnings: Flat[] };
  expect([...read.problems, ...read.warnings].map((problem) => problem.code)).toContain(code);
  const said = [...read.warnings.map((warning) => `warning: ${text(warning)}`), ...read.problems.map(text)];
  expect(plain.error.trimEnd()).toBe(said.join('\n\n'));
  expect([plain.exitCode, json.exitCode, read.ok]).toEqual(read.problems.length > 0 ? [1, 1, false] : [0, 0, true]);
});

it('a file may not move the cursor of the terminal, and a place far along a line is not drawn', async () => {
  const s = session({ 'project.yaml': `{"a\\e[2J": 1, ${' '.repeat(5000)}version: six}` });
  const { error } = await s.run('pipeline', 'check', 'FOLDER/project.yaml');
  expect(error).toContain('Unexpected key `a\ufffd[2J`');
  expect(error).not.toContain('\u001b');
  expect(Math.max(...error.split('\n').map((line) => line.length))).toBeLessThan(400);
});

it.each<[string, string | Buffer, string]>([
  ['is in UTF-16', Buffer.from('\ufeffversion: 5\n', 'utf16le'), 'is not text in UTF-8: it begins as UTF-16 does'],
  ['holds a byte of another encoding', Buffer.from('a: 1\nb: \xe9\n', 'latin1'), 'line 2 holds bytes'],
  ['holds one byte', Buffer.from([0xff]), 'line 1 holds bytes'],
  ['is larger than any study', 'x'.repeat(5 * 2 ** 20), 'longer than 4 MiB'],
])('a file that %s is refused, as text and as JSON', async (_, content, said) => {
  const s = session();
  writeFileSync(join(s.folder, 'project.yaml'), content);
  const { exitCode, error } = await s.run('pipeline', 'check', 'FOLDER/project.yaml');
  expect([exitCode, error]).toEqual([1, expect.stringContaining(said)]);
  const { out } = await s.run('pipeline', 'check', 'FOLDER/project.yaml', '--json');
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    problems: [{ message: expect.stringContaining(said) as string }],
  });
});

it('never reads on and on, and says what is no file', async () => {
  const { error } = await session().run('pipeline', 'check', '/dev/zero');
  expect(error).toContain('longer than 4 MiB');
  expect((await session().run('pipeline', 'check', 'FOLDER/')).error).toContain('it is a folder');
});
