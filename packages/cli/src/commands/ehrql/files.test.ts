import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { session, type Session } from '../../testing.js';

const definition = `
from ehrql import claim_permissions, create_dataset
from ehrql.tables.core import clinical_events, patients
claim_permissions("event_level_data")
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.sex = patients.sex
dataset.born = patients.date_of_birth
dataset.events = clinical_events.count_for_patient()
dataset.total = clinical_events.numeric_value.sum_for_patient()
dataset.add_event_table("values", date=clinical_events.date, value=clinical_events.numeric_value)
`;
const flat = definition.replace(/dataset\.add_event_table.*\n/, '');
const fromFile = `
from ehrql import create_dataset, table_from_file
matched = table_from_file("FILE", columns={"sex": str, "events": int})
dataset = create_dataset()
dataset.define_population(matched.exists_for_patient())
dataset.sex = matched.sex
dataset.events = matched.events
`;
const files = {
  'd.py': definition,
  'flat.py': flat,
  'tables/patients.csv': 'patient_id,date_of_birth,sex\n3,1990-01-01,male\n1,,female\n2,1980-01-01,\n',
  'tables/clinical_events.csv':
    'patient_id,date,numeric_value\n3,2022-01-05,2\n1,2022-01-06,nan\n3,,9\n1,2022-01-06,\n3,2022-01-05,1.5\n1,2021-01-01,1\n3,2022-01-05,\n',
};
const dataset =
  'patient_id,sex,born,events,total\r\n1,female,,3,nan\r\n2,,1980-01-01,0,\r\n3,male,1990-01-01,4,12.5\r\n';
const values =
  'patient_id,date,value\r\n1,2021-01-01,1.0\r\n1,2022-01-06,\r\n1,2022-01-06,nan\r\n3,,9.0\r\n3,2022-01-05,\r\n3,2022-01-05,1.5\r\n3,2022-01-05,2.0\r\n';

afterEach(() => vi.unstubAllEnvs());

const text = (s: Session, path: string): string => readFileSync(join(s.folder, path), 'utf8');

/** Runs from the session's folder, as study commands do. */
async function inside(s: Session, ...args: string[]) {
  const before = process.cwd();
  process.chdir(s.folder);
  try {
    return await s.run('ehrql', ...args);
  } finally {
    process.chdir(before);
  }
}

describe('rows of several tables', () => {
  it.each(['--dummy-tables', '--dsn'])('stand in one order, with %s', async (option) => {
    vi.stubEnv('EHRQL_PERMISSIONS', '["event_level_data"]');
    const s = session(files);
    const run = await s.run(
      'ehrql',
      'generate-dataset',
      'FOLDER/d.py',
      option,
      'FOLDER/tables',
      '--output',
      'FOLDER/o/:csv',
    );
    expect(run).toMatchObject({ exitCode: 0, out: '' });
    expect(text(s, 'o/dataset.csv')).toBe(dataset);
    expect(text(s, 'o/values.csv')).toBe(values);
    expect(readdirSync(join(s.folder, 'o')).sort()).toEqual(['dataset.csv', 'values.csv']);
  });

  it('need a folder', async () => {
    const run = await session(files).run(
      ...'ehrql generate-dataset FOLDER/d.py --dummy-tables FOLDER/tables --output FOLDER/o.csv'.split(' '),
    );
    expect(run).toMatchObject({ exitCode: 11, out: '' });
    expect(run.error).toContain('--output results/:csv');
  });

  it('of large dummy tables are those of the same tables as a database', async () => {
    vi.stubEnv('EHRQL_PERMISSIONS', '["event_level_data"]');
    const s = session(files);
    const line = (_: unknown, at: number): string =>
      `${1 + ((at * 7919) % 40_000)},20${10 + (at % 12)}-0${1 + (at % 9)}-11,${at / 16}`;
    const events = Array.from({ length: 200_000 }, line).join('\n');
    const people = Array.from({ length: 40_000 }, (_, at) => `${40_000 - at},1980-01-01,${at % 2 ? 'male' : 'female'}`);
    writeFileSync(join(s.folder, 'tables/clinical_events.csv'), `patient_id,date,numeric_value\n${events}\n`);
    writeFileSync(join(s.folder, 'tables/patients.csv'), `patient_id,date_of_birth,sex\n${people.join('\n')}\n`);
    for (const [option, place] of [
      ['--dummy-tables', 'FOLDER/a/:csv'],
      ['--dsn', 'FOLDER/b/:csv'],
    ] as const) {
      const run = await s.run('ehrql', 'generate-dataset', 'FOLDER/d.py', option, 'FOLDER/tables', '--output', place);
      expect(run).toMatchObject({ exitCode: 0, out: '' });
    }
    for (const name of ['dataset', 'values']) expect(text(s, `a/${name}.csv`)).toBe(text(s, `b/${name}.csv`));
    expect(text(s, 'a/dataset.csv').split('\r\n').slice(0, 2)).toEqual([
      'patient_id,sex,born,events,total',
      expect.stringMatching(/^1,male,1980-01-01,5,\d+\.\d+$/),
    ]);
  });
});

describe('Arrow', () => {
  it('is written, and read as a dummy data file, as tables and by table_from_file', async () => {
    const s = session({ ...files, 'from.py': fromFile.replace('FILE', 'o/matched.arrow') });
    const written = await inside(
      s,
      'generate-dataset',
      'flat.py',
      '--dummy-tables',
      'tables',
      '--output',
      'o/matched.arrow',
    );
    expect(written).toMatchObject({ exitCode: 0 });
    const again = await inside(s, 'generate-dataset', 'flat.py', '--dummy-data-file', 'o/matched.arrow');
    expect(again).toMatchObject({ exitCode: 0, out: dataset });
    mkdirSync(join(s.folder, 'none'));
    const matched = await inside(s, 'generate-dataset', 'from.py', '--dummy-tables', 'none');
    expect(matched).toMatchObject({ exitCode: 0, out: 'patient_id,sex,events\r\n1,female,3\r\n2,,0\r\n3,male,4\r\n' });
    const made = await inside(s, 'create-dummy-tables', 'flat.py', 'made:arrow');
    expect(made).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(s.folder, 'made')).sort()).toEqual(['clinical_events.arrow', 'patients.arrow']);
    const direct = await inside(s, 'generate-dataset', 'flat.py');
    expect(await inside(s, 'generate-dataset', 'flat.py', '--dummy-tables', 'made')).toMatchObject({ out: direct.out });
  });

  it('holds a folder of several tables', async () => {
    const s = session(files);
    const run = await inside(s, 'generate-dataset', 'd.py', '--dummy-tables', 'tables', '--output', 'o/:arrow');
    expect(run).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(s.folder, 'o')).sort()).toEqual(['dataset.arrow', 'values.arrow']);
    const back = await inside(s, 'generate-dataset', 'd.py', '--dummy-data-file', 'o/:arrow', '--output', 'p/:csv.gz');
    expect(back).toMatchObject({ exitCode: 0 });
    expect(gunzipSync(readFileSync(join(s.folder, 'p/values.csv.gz'))).toString()).toBe(values);
  });
});

describe('input that can not be used exits 11', () => {
  it.each<[string, string, string]>([
    ['a dummy data file without a column', 'patient_id,sex,born,events\n1,male,,1\n', 'lacks columns: total'],
    [
      'a category that does not exist',
      'patient_id,sex,born,events,total\n1,Male,,1,\n',
      'Row 1, column sex: expected one of female',
    ],
    [
      'a float for an int',
      'patient_id,sex,born,events,total\n1,male,,1.0,\n',
      'Row 1, column events: expected a whole number',
    ],
    ['a boolean for a date', 'patient_id,sex,born,events,total\n1,male,T,1,\n', 'column born: expected a date'],
    ['no header', '', 'is empty'],
  ])('%s', async (_what, content, message) => {
    const s = session({ ...files, 'dummy.csv': content });
    const run = await inside(s, 'generate-dataset', 'flat.py', '--dummy-data-file', 'dummy.csv', '--output', 'o.csv');
    expect(run).toMatchObject({ exitCode: 11, out: '' });
    expect(run.error).toContain(message);
    expect(existsSync(join(s.folder, 'o.csv'))).toBe(false);
  });

  it('a kind of file that is not known, a folder of two kinds, a table without its file', async () => {
    const s = session({ ...files, 'dummy.txt': 'x' });
    const kind = await inside(s, 'generate-dataset', 'flat.py', '--dummy-data-file', 'dummy.txt');
    expect(kind).toMatchObject({ exitCode: 11 });
    expect(kind.error).toContain('expected .csv, .csv.gz, .arrow or .parquet');
    writeFileSync(join(s.folder, 'tables/other.arrow'), '');
    const mixed = await inside(s, 'generate-dataset', 'flat.py', '--dummy-tables', 'tables');
    expect(mixed).toMatchObject({ exitCode: 11 });
    expect(mixed.error).toContain('holds tables in several formats (csv, arrow)');
    expect(await inside(s, 'generate-dataset', 'flat.py', '--dummy-tables', 'tables:csv')).toMatchObject({
      out: dataset,
    });
    renameSync(join(s.folder, 'tables/other.arrow'), join(s.folder, 'other'));
    renameSync(join(s.folder, 'tables/patients.csv'), join(s.folder, 'p.csv'));
    const missing = await inside(s, 'generate-dataset', 'flat.py', '--dummy-tables', 'tables');
    expect(missing).toMatchObject({ exitCode: 11 });
    expect(missing.error).toContain('tables/patients.csv');
  });

  it('a dummy data file counts before dummy tables', async () => {
    const s = session({ ...files, 'dummy.csv': dataset.split('\r\n').slice(0, 2).join('\n') });
    const args = ['--dummy-tables', 'tables', '--dummy-data-file', 'dummy.csv'];
    const run = await inside(s, 'generate-dataset', 'flat.py', ...args);
    expect(run).toMatchObject({ exitCode: 0, out: dataset.split('\r\n').slice(0, 2).join('\r\n') + '\r\n' });
  });
});
