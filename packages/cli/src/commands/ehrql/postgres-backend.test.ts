import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startPostgres, type PostgresServer } from '@glovebox/testkit';
import { session } from '../../testing.js';

// A server that says itself which backend it is, as a file does: patient 2 opted out.
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
  server.run(`
    CREATE TABLE glovebox_release AS SELECT 'tpp'::text AS backend;
    CREATE TABLE patients AS SELECT id::bigint AS patient_id, 'female'::text AS sex FROM generate_series(1, 3) id;
    CREATE TABLE appointments AS SELECT 1::bigint AS patient_id, DATE '2020-01-01' AS booked_date;
    CREATE TABLE "PatientsWithTypeOneDissent" AS SELECT 2::bigint AS patient_id;
    CREATE TABLE "PatientsWithoutNDOO" AS SELECT id::bigint AS patient_id FROM generate_series(1, 3) id;
    CREATE TABLE activated AS SELECT id::bigint AS patient_id, DATE '2022-01-01' AS end_date FROM generate_series(1, 3) id;
  `);
});
afterAll(() => server.stop());
afterEach(() => vi.unstubAllEnvs());

const files = {
  'd.py': `
from ehrql import create_dataset
from ehrql.tables.tpp import patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
`,
  'own.py': `
from ehrql import claim_permissions, create_dataset
from ehrql.tables import EventFrame, table
claim_permissions("appointments")
@table
class APPOINTMENTS(EventFrame):
    pass
dataset = create_dataset()
dataset.define_population(APPOINTMENTS.exists_for_patient())
`,
};

test.each<[string, readonly string[], string]>([
  ['[]', [], 'patient_id\r\n1\r\n3\r\n'],
  ['[]', ['--backend', 'expectations'], 'patient_id\r\n1\r\n3\r\n'],
  ['["include_t1oo"]', [], 'patient_id\r\n1\r\n2\r\n3\r\n'],
])('with the grant %s and the options %j its filters hold', async (grant, options, out) => {
  vi.stubEnv('EHRQL_PERMISSIONS', grant);
  const run = await session(files).run('ehrql', 'generate-dataset', 'FOLDER/d.py', '--dsn', server.url, ...options);
  expect(run).toMatchObject({ exitCode: 0, out });
});

test('another backend than it says can not be asked for', async () => {
  vi.stubEnv('EHRQL_PERMISSIONS', '[]');
  const args = ['--dsn', server.url, '--backend', 'emis'];
  const run = await session(files).run('ehrql', 'generate-dataset', 'FOLDER/d.py', ...args);
  expect(run).toMatchObject({ out: '' });
  expect(run.error).toContain('The database is of the backend tpp, and emis was asked for.');
});

test('a table in other letters takes the permission of the table', async () => {
  vi.stubEnv('EHRQL_PERMISSIONS', '[]');
  const run = await session(files).run('ehrql', 'generate-dataset', 'FOLDER/own.py', '--dsn', server.url);
  expect(run).toMatchObject({ exitCode: 12, out: '' });
  expect(run.error).toContain('appointments (for the table APPOINTMENTS)');
});
