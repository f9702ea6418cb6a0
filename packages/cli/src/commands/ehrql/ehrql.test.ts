import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { session } from '../../testing.js';
import { answerRequest } from './engine-request.js';

const definition = `
import sys
from ehrql import create_dataset
from ehrql.tables.core import clinical_events, patients
dataset = create_dataset()
dataset.define_population(patients.sex == "female")
dataset.events = clinical_events.count_for_patient()
dataset.total = clinical_events.numeric_value.sum_for_patient()
print(sys.argv[1:])
`;
const measures = `
from ehrql import INTERVAL, create_measures, months
from ehrql.tables.core import clinical_events, patients
measures = create_measures()
measures.configure_disclosure_control(enabled=False)
during = clinical_events.where(clinical_events.date.is_during(INTERVAL))
measures.define_measure("any", numerator=during.exists_for_patient(), denominator=patients.exists_for_patient(),
    group_by={"sex": patients.sex}, intervals=months(1).starting_on("2022-01-01"))
measures.define_measure("all", numerator=during.count_for_patient(), denominator=patients.exists_for_patient(),
    intervals=months(1).starting_on("2022-01-01"))
`;
const appointments = `
from ehrql import create_dataset
from ehrql.tables.tpp import appointments
dataset = create_dataset()
dataset.define_population(appointments.exists_for_patient())
`;
const tables = {
  'tables/patients.csv': 'patient_id,date_of_birth,sex\n2,1980-01-01,female\n1,1990-01-01,female\n3,1990-01-01,male\n',
  'tables/clinical_events.csv': 'patient_id,date,numeric_value\n1,2022-01-05,1.5\n1,2022-01-06,\n3,2022-02-01,2\n',
};
const files = { 'd.py': definition, 'm.py': measures, 'a.py': appointments, ...tables };
const dataset = 'patient_id,events,total\r\n1,2,1.5\r\n2,0,\r\n';

describe('generate-dataset', () => {
  it.each(['--dummy-tables', '--dsn'])('writes the same from tables given by %s', async (option) => {
    const s = session(files);
    const run = await s.run(
      'ehrql',
      'generate-dataset',
      'FOLDER/d.py',
      option,
      'FOLDER/tables',
      '--output',
      'FOLDER/o/d.csv.gz',
    );
    expect({ exitCode: run.exitCode, out: run.out }).toEqual({ exitCode: 0, out: '' });
    expect(gunzipSync(readFileSync(join(s.folder, 'o/d.csv.gz'))).toString()).toBe(dataset);
  });

  it('prints without --output, logs on the other stream, and passes on what follows --', async () => {
    const words = 'ehrql generate-dataset FOLDER/d.py --dummy-t FOLDER/tables -- --output x'.split(' ');
    const run = await session(files).run(...words);
    expect(run).toEqual({
      exitCode: 0,
      out: dataset,
      error: `[info   ] Compiling dataset definition from d.py
['--output', 'x']
[info   ] Generating dummy dataset
[info   ] Reading table data from tables
`,
    });
  });

  it('makes patients up when it is given none', async () => {
    const run = await session(files).run('ehrql', 'generate-dataset', 'FOLDER/d.py');
    expect(run.exitCode).toBe(0);
    expect(run.out.split('\r\n')).toHaveLength(12);
  });

  it.each<[string, number, string, readonly string[]]>([
    ['a file that is not there', 2, 'No definition file is at', ['FOLDER/none.py']],
    ['an output of no known kind', 2, 'no known format', ['FOLDER/d.py', '--output', 'x.txt']],
    ['an option that does not exist', 2, 'unknown option', ['FOLDER/d.py', '--no-such-option']],
    ['a folder that is not there', 11, 'No folder of tables', ['FOLDER/d.py', '--dummy-tables', 'FOLDER/none']],
    [
      'a file with other columns',
      11,
      'lacks columns: events, total',
      ['FOLDER/d.py', '--dummy-data-file', 'FOLDER/tables/patients.csv'],
    ],
    ['a permission not claimed', 12, 'claim_permissions("appointments")', ['FOLDER/a.py']],
    [
      'a permission not granted',
      12,
      'appointments (for the table appointments)',
      ['FOLDER/a.py', '--dsn', 'FOLDER/tables'],
    ],
    ['a database that is not there', 5, 'No database is at', ['FOLDER/d.py', '--dsn', 'duckdb:FOLDER/none.duckdb']],
    ['a database of another kind', 2, 'No engine can open', ['FOLDER/d.py', '--dsn', 'mssql://me:secret@host']],
  ])('with %s exits %i', async (_what, exitCode, message, args) => {
    const run = await session(files).run('ehrql', 'generate-dataset', ...args);
    expect(run.error).toContain(message);
    expect(run.error).not.toContain('secret@');
    expect({ exitCode: run.exitCode, out: run.out }).toEqual({ exitCode, out: '' });
  });

  it('a definition that raises exits 10 and names the line', async () => {
    const run = await session({ 'd.py': `${definition}\ndataset.events = 1\n` }).run(
      'ehrql',
      'generate-dataset',
      'FOLDER/d.py',
    );
    expect(run.exitCode).toBe(10);
    expect(run.error).toMatch(/d\.py:11/);
  });
});

describe('generate-measures', () => {
  it.each(['--dummy-tables', '--dsn'])('gives one table, or one a measure in a folder, with %s', async (option) => {
    const s = session(files);
    const one = await s.run('ehrql', 'generate-measures', 'FOLDER/m.py', option, 'FOLDER/tables');
    expect(one.out.split('\r\n')).toEqual([
      'measure,interval_start,interval_end,ratio,numerator,denominator,sex',
      'any,2022-01-01,2022-01-31,0.5,1,2,female',
      'any,2022-01-01,2022-01-31,0.0,0,1,male',
      'all,2022-01-01,2022-01-31,0.6666666666666666,2,3,',
      '',
    ]);
    await s.run('ehrql', 'generate-measures', 'FOLDER/m.py', option, 'FOLDER/tables', '--output', 'FOLDER/o/:csv');
    expect(readdirSync(join(s.folder, 'o')).sort()).toEqual(['all.csv', 'any.csv']);
    expect(readFileSync(join(s.folder, 'o/all.csv'), 'utf8').split('\r\n')[1]).toBe(
      '2022-01-01,2022-01-31,0.6666666666666666,2,3',
    );
  });
});

const tests = (expected: string) =>
  `${definition}
test_data = {
    1: {"patients": {"date_of_birth": "1990-01-01", "sex": "female"}, "clinical_events": [{}],
        "expected_columns": {"events": ${expected}, "total": None}},
    2: {"patients": [], "clinical_events": [], "expected_in_population": False},
}
`
    .replace('"1990-01-01"', 'date(1990, 1, 1)')
    .replace('import sys', 'import sys\nfrom datetime import date');

describe('assurance', () => {
  it('that holds says so on standard output', async () => {
    const run = await session({ 't.py': tests('0') }).run('ehrql', 'assure', 'FOLDER/t.py');
    expect({ exitCode: run.exitCode, out: run.out }).toEqual({
      exitCode: 0,
      out: 'Validate test data: All OK!\nValidate results: All OK!\n',
    });
  });

  it('that fails exits 13 before anything is generated', async () => {
    const s = session({ ...files, 't.py': tests('3') });
    const words = 'ehrql generate-dataset FOLDER/d.py --test-data-file FOLDER/t.py --output FOLDER/o.csv'.split(' ');
    const run = await s.run(...words);
    expect(run.exitCode).toBe(13);
    expect(run.error).toContain("   * 'events': expected 3, got 0");
    expect(existsSync(join(s.folder, 'o.csv'))).toBe(false);
  });

  it('reports what is wrong with the test data instead of breaking', async () => {
    const bad = tests('0')
      .replace('"sex": "female"', '"sex": "Female", "height": 2')
      .replace(', "clinical_events": [{}]', '');
    const run = await session({ 't.py': bad }).run('ehrql', 'assure', 'FOLDER/t.py');
    expect(run.exitCode).toBe(13);
    expect(run.error).toContain("the table 'clinical_events' is used by the dataset and not given");
    expect(run.error).toContain("'patients.sex': 'Female' does not meet Constraint.Categorical('female', 'male'");
    expect(run.error).toContain("the table 'patients' has no column 'height'");
  });
});

describe('other commands', () => {
  it('create-dummy-tables writes tables that generate-dataset reads', async () => {
    const s = session(files);
    expect((await s.run('ehrql', 'create-dummy-tables', 'FOLDER/d.py', 'FOLDER/made')).exitCode).toBe(0);
    expect(readdirSync(join(s.folder, 'made')).sort()).toEqual(['clinical_events.csv', 'patients.csv']);
    const again = await s.run('ehrql', 'generate-dataset', 'FOLDER/d.py', '--dummy-tables', 'FOLDER/made');
    const direct = await s.run('ehrql', 'generate-dataset', 'FOLDER/d.py');
    expect(again).toMatchObject({ exitCode: 0, out: direct.out });
  });

  it('create-dummy-tables writes tables and columns that are only shown, which debug asks for', async () => {
    const shown = [
      'from ehrql import create_dataset, show',
      'from ehrql.tables.core import medications, patients',
      'dataset = create_dataset()',
      'dataset.define_population(patients.sex == "female")',
      'show(patients.date_of_birth)',
      'show(medications.dmd_code)',
    ];
    const s = session({ 'd.py': `${shown.join('\n')}\n` });
    expect((await s.run('ehrql', 'create-dummy-tables', 'FOLDER/d.py', 'FOLDER/made')).exitCode).toBe(0);
    expect(readdirSync(join(s.folder, 'made')).sort()).toEqual(['medications.csv', 'patients.csv']);
    expect(readFileSync(join(s.folder, 'made', 'patients.csv'), 'utf8')).toMatch(/^patient_id,date_of_birth,sex\r\n/);
    expect((await s.run('ehrql', 'debug', 'FOLDER/d.py', '--dummy-tables', 'FOLDER/made')).exitCode).toBe(0);
  });

  it('serialize-definition and dump-dataset-sql show what a definition became', async () => {
    const s = session(files);
    const json = await s.run('ehrql', 'serialize-definition', 'FOLDER/m.py', '--definition-type', 'measures');
    expect(JSON.parse(json.out)).toMatchObject({ glovebox: 1, kind: 'measures' });
    expect((await s.run('ehrql', 'dump-dataset-sql', 'FOLDER/d.py')).out).toContain('SELECT');
    const dump = async (...options: readonly string[]): Promise<string> =>
      (await s.run('ehrql', 'dump-dataset-sql', 'FOLDER/d.py', ...options)).out;
    const ofBackend = await dump('--dialect', 'mssql', '--backend', 'tpp');
    expect(ofBackend).toContain('[patients] AS [p]');
    expect(ofBackend).toContain('PatientsWithTypeOneDissent');
    expect(await dump('--query-engine', 'a.module.trino.Engine')).toContain('CREATE TABLE "glovebox_');
    expect((await s.run('ehrql', 'dump-dataset-sql', 'FOLDER/d.py', '--dialect', 'cobol')).exitCode).toBe(2);
    expect((await s.run('ehrql', 'dump-dataset-sql', 'FOLDER/d.py', '--query-engine', 'cobol')).exitCode).toBe(2);
  });

  it('test-connection tells whether a database can be opened', async () => {
    const s = session(files);
    expect(await s.run('ehrql', 'test-connection', '--url', 'FOLDER/tables')).toMatchObject({
      exitCode: 0,
      out: 'SUCCESS\n',
    });
    expect((await s.run('ehrql', 'test-connection', '--url', 'FOLDER/tables/patients.csv')).exitCode).not.toBe(0);
  });
});

describe('engine --stdio', () => {
  const nodes = [
    {
      kind: 'table',
      name: 'p',
      rows: 'one',
      columns: [
        { name: 'i', type: 'int' },
        { name: 'f', type: 'float' },
        { name: 'd', type: 'date' },
      ],
    },
    { kind: 'exists', source: 0 },
    { kind: 'select_column', source: 0, name: 'i' },
    { kind: 'select_column', source: 0, name: 'f' },
    { kind: 'select_column', source: 0, name: 'd' },
  ];
  const model = {
    glovebox: 1,
    kind: 'dataset',
    nodes,
    claimed_permissions: [],
    dataset: {
      population: 1,
      columns: [
        ['i', 2],
        ['f', 3],
        ['d', 4],
      ],
      event_tables: [],
      dummy_data: {},
    },
  };
  const ask = (rows: string): string =>
    answerRequest(`{"id":"a","model":${JSON.stringify(model)},"tables":{"p":${rows}}}`);

  it('loses no digits and keeps floats floats', () => {
    expect(
      ask('[{"patient_id":9007199254740993,"i":-9223372036854775808,"f":1,"d":"2022-01-31"},{"patient_id":2,"f":NaN}]'),
    ).toBe(
      '{"id":"a","columns":[{"name":"patient_id","type":"int"},{"name":"i","type":"int"},{"name":"f","type":"float"},{"name":"d","type":"date"}],' +
        '"rows":[{"patient_id":2,"i":null,"f":"nan","d":null},{"patient_id":9007199254740993,"i":-9223372036854775808,"f":1.0,"d":"2022-01-31"}]}',
    );
  });

  it.each([
    ['[{"patient_id":1,"i":1.5}]', 'row 1 of p: i must be int'],
    ['[{"patient_id":1,"d":"2022-02-30"}]', 'row 1 of p: d must be date'],
    ['[{"i":1}]', 'row 1 of p has no patient_id'],
    ['{}', 'must be a list of rows'],
    ['[7]', 'row 1 of p must be an object'],
  ])('refuses the rows %s', (rows, message) => {
    expect((JSON.parse(ask(rows)) as { problem: { message: string } }).problem.message).toContain(message);
  });

  it('takes a model as text too', () => {
    const text = `{"id":"a","model":${JSON.stringify(JSON.stringify(model))},"tables":{"p":[{"patient_id":1,"i":2}]}}`;
    expect(answerRequest(text)).toBe(ask('[{"patient_id":1,"i":2}]'));
    expect(answerRequest('{"id":1,"model":"{","tables":{}}')).toContain('the text of the model is not JSON');
  });

  it.each(['not json', '[]', '{"id":1}', '{"id":1,"model":{"glovebox":1}}'])('answers %s with a problem', (line) => {
    expect(JSON.parse(answerRequest(line))).toHaveProperty('problem.code');
  });
});
