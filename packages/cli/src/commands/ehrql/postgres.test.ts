import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres } from '@glovebox/engines';
import { startPostgres, type PostgresServer } from '@glovebox/testkit';
import { session } from '../../testing.js';

const definitions = {
  'd.py': `
from ehrql import create_dataset
from ehrql.tables.core import clinical_events, patients
dataset = create_dataset()
dataset.define_population(patients.sex == "female")
dataset.events = clinical_events.count_for_patient()
dataset.last = clinical_events.sort_by(clinical_events.date).last_for_patient().numeric_value
`,
  'm.py': `
from ehrql import INTERVAL, create_measures, months
from ehrql.tables.core import clinical_events, patients
measures = create_measures()
measures.configure_disclosure_control(enabled=False)
during = clinical_events.where(clinical_events.date.is_during(INTERVAL))
measures.define_measure("any", numerator=during.exists_for_patient(), denominator=patients.exists_for_patient(),
    group_by={"sex": patients.sex}, intervals=months(2).starting_on("2022-01-01"))
`,
  'tables/patients.csv': 'patient_id,date_of_birth,sex\n2,1980-01-01,female\n1,1990-01-01,female\n3,1990-01-01,male\n',
  'tables/clinical_events.csv': 'patient_id,date,numeric_value\n1,2022-01-05,1.5\n1,2022-01-06,\n3,2022-02-01,2\n',
};

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
  server.run(`
    CREATE TABLE patients (patient_id bigint, date_of_birth date, sex text);
    INSERT INTO patients VALUES (2, '1980-01-01', 'female'), (1, '1990-01-01', 'female'), (3, '1990-01-01', 'male');
    CREATE TABLE clinical_events (patient_id bigint, date date, numeric_value double precision);
    INSERT INTO clinical_events VALUES (1, '2022-01-05', 1.5), (1, '2022-01-06', NULL), (3, '2022-02-01', 2);
  `);
});
afterAll(() => server.stop());

test.each(['generate-dataset d.py', 'generate-measures m.py'])(
  '%s gives the same from a server as from files',
  async (words) => {
    const [command = '', file = ''] = words.split(' ');
    const s = session(definitions);
    const fromFiles = await s.run('ehrql', command, `FOLDER/${file}`, '--dsn', 'FOLDER/tables');
    const fromServer = await s.run('ehrql', command, `FOLDER/${file}`, '--dsn', server.url);
    expect(fromServer.out).toBe(fromFiles.out);
    expect([fromServer.exitCode, fromFiles.exitCode]).toEqual([0, 0]);
    expect(fromServer.out.split('\r\n').length).toBeGreaterThan(3);
  },
);

test('test-connection tells whether a server answers; what it says holds no password', async () => {
  const s = session();
  expect(await s.run('ehrql', 'test-connection', '--url', server.url)).toMatchObject({ exitCode: 0, out: 'SUCCESS\n' });
  const refused = await s.run('ehrql', 'test-connection', '--url', 'postgresql://me:secret@127.0.0.1:1/x');
  expect(refused.exitCode).toBe(5);
  expect(refused.error).toContain('database could not be reached');
  expect(refused.error).not.toContain('secret');
});

describe('what a server answers decides the exit code:', () => {
  const run = async (definition: string, url: string) =>
    session({ 'd.py': definition }).run('ehrql', 'generate-dataset', 'FOLDER/d.py', '--dsn', url);
  const d = definitions['d.py'];

  test('3 for one that takes no more connections', async () => {
    server.run('CREATE ROLE late LOGIN CONNECTION LIMIT 0');
    const refused = await run(d, server.url.replace('glovebox@', 'late@'));
    expect(refused).toMatchObject({ exitCode: 3, out: '' });
    expect(refused.error).toContain('could not answer for the moment');
  });

  test('4 for a table that is being filled', async () => {
    const importer = await openPostgres({ url: server.url });
    try {
      await importer.execute('LOCK TABLE clinical_events IN ACCESS EXCLUSIVE MODE');
      const refused = await run(d, `${server.url}?options=${encodeURIComponent('-c lock_timeout=20')}`);
      expect(refused).toMatchObject({ exitCode: 4, out: '' });
      expect(refused.error).toContain('is being filled by another process');
    } finally {
      await importer.close();
    }
    expect(await run(d, server.url)).toMatchObject({ exitCode: 0 });
  });

  test('5 for a table or a column that it lacks', async () => {
    const table = await run(
      d.replaceAll('clinical_events', 'medications').replace('numeric_value', 'dmd_code'),
      server.url,
    );
    expect(table).toMatchObject({ exitCode: 5, out: '' });
    expect(table.error).toContain('no table called medications');
    const column = await run(d.replace('numeric_value', 'snomedct_code'), server.url);
    expect(column).toMatchObject({ exitCode: 5, out: '' });
    expect(column.error).toContain('lacks a column');
  });

  test('6 for more columns than one query can have', async () => {
    const each = 'dataset.add_column(f"c{i}", clinical_events.numeric_value.sum_for_patient() + float(i))';
    const refused = await run(`${d}\nfor i in range(1700):\n    ${each}\n`, server.url);
    expect(refused).toMatchObject({ exitCode: 6, out: '' });
    expect(refused.error).toContain('too deep or has too many columns');
  });
});
