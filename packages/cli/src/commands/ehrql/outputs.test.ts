import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { session } from '../../testing.js';

const files = {
  'd.py': `
from ehrql import create_dataset
from ehrql.tables.core import patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
`,
  'tables/patients.csv': 'patient_id,date_of_birth,sex\n1,1980-01-01,female\n',
};
/** Each command that writes, with the ending that its output must have. */
const writers: readonly (readonly [string, string, readonly string[]])[] = [
  ['generate-dataset', '.csv', ['--dummy-tables', 'FOLDER/tables']],
  ['serialize-definition', '.json', []],
  ['dump-dataset-sql', '.sql', []],
  ['graph-query', '.svg', []],
];

describe.each(writers)('%s', (verb, ending, options) => {
  it('makes the folders of its output', async () => {
    const s = session(files);
    const run = await s.run('ehrql', verb, 'FOLDER/d.py', ...options, '--output', `FOLDER/a/b/x${ending}`);
    expect(run).toMatchObject({ exitCode: 0, out: '' });
    expect(readFileSync(join(s.folder, `a/b/x${ending}`), 'utf8')).not.toBe('');
    expect(readdirSync(join(s.folder, 'a/b'))).toEqual([`x${ending}`]);
  });

  it('says in words why it can not write', async () => {
    const s = session(files);
    mkdirSync(join(s.folder, `x${ending}`));
    const folder = await s.run('ehrql', verb, 'FOLDER/d.py', ...options, '--output', `FOLDER/x${ending}`);
    expect(folder).toMatchObject({ exitCode: 1, out: '' });
    expect(folder.error).toContain(`The output x${ending} can't be written: it is a folder.`);
  });
});

it('an output below a file is no output', async () => {
  const run = await session(files).run('ehrql', 'serialize-definition', 'FOLDER/d.py', '-o', 'FOLDER/d.py/x.json');
  expect(run).toMatchObject({ exitCode: 1, out: '' });
  expect(run.error).toContain("The output d.py/x.json can't be written: a part of the path is a file.");
});
