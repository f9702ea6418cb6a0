import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { session } from '../../testing.js';
import { exitCodeOf } from './exit-codes.js';

const definition = `
from ehrql import create_dataset
from ehrql.tables.core import patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.born = patients.date_of_birth.year
`;

const writers: ChildProcess[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const writer of writers.splice(0)) writer.kill('SIGKILL');
});

/** A process that makes a database, with what statements say, and keeps it open for writing until it is told to end. */
async function writing(path: string, statements: string): Promise<ChildProcess> {
  const program = `
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(process.argv[1]);
    const connection = await instance.connect();
    await connection.run(process.argv[2]);
    process.stdout.write('ready');
    process.stdin.on('end', () => (connection.closeSync(), instance.closeSync())).resume();`;
  const writer = spawn(process.execPath, ['--input-type=module', '-e', program, path, statements], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  writers.push(writer);
  await once(writer.stdout, 'data');
  return writer;
}

describe('a database file decides the exit code:', () => {
  const words = ['ehrql', 'generate-dataset', 'FOLDER/d.py', '--dsn', 'duckdb:FOLDER/release.duckdb'];

  test('4 while another process writes to it, 0 once that has ended', async () => {
    const s = session({ 'd.py': definition });
    const tables = `CREATE TABLE patients AS SELECT 7::BIGINT AS patient_id, DATE '1980-01-01' AS date_of_birth`;
    const writer = await writing(join(s.folder, 'release.duckdb'), tables);
    const refused = await s.run(...words);
    expect(refused).toMatchObject({ exitCode: 4, out: '' });
    expect(refused.error).toContain('is being filled by another process');
    writer.stdin!.end();
    await once(writer, 'exit');
    expect(await s.run(...words)).toMatchObject({ exitCode: 0, out: 'patient_id,born\r\n7,1980\r\n' });
  });

  test('2 when test-connection is asked for another backend than its own, by an option or a variable', async () => {
    const s = session();
    const made = `CREATE TABLE glovebox_release AS SELECT 'tpp' AS backend`;
    const writer = await writing(join(s.folder, 'release.duckdb'), made);
    writer.stdin!.end();
    await once(writer, 'exit');
    const tested = ['ehrql', 'test-connection', '--url', 'duckdb:FOLDER/release.duckdb'];
    vi.stubEnv('OPENSAFELY_BACKEND', '');
    vi.stubEnv('BACKEND', 'ehrql.backends.tpp.TPPBackend');
    expect(await s.run(...tested)).toMatchObject({ exitCode: 0, out: 'SUCCESS\n' });
    const differs = await s.run(...tested, '-b', 'emis');
    expect(differs).toMatchObject({ exitCode: 2, out: '' });
    expect(differs.error).toContain('The database is of the backend tpp, and emis was asked for.');
    vi.stubEnv('BACKEND', 'nowhere');
    const unknown = await s.run(...tested);
    expect(unknown).toMatchObject({ exitCode: 2, out: '' });
    expect(unknown.error).toContain('the variable BACKEND is invalid. There is no backend nowhere.');
  });

  test('5 when it lacks the table, or is no database at all', async () => {
    const s = session({ 'd.py': definition });
    const writer = await writing(join(s.folder, 'release.duckdb'), 'CREATE TABLE other (patient_id BIGINT)');
    writer.stdin!.end();
    await once(writer, 'exit');
    const lacking = await s.run(...words);
    expect(lacking).toMatchObject({ exitCode: 5, out: '' });
    expect(lacking.error).toContain('no table called patients');
    const broken = await session({ 'd.py': definition, 'release.duckdb': 'x'.repeat(20_000) }).run(...words);
    expect(broken).toMatchObject({ exitCode: 5, out: '' });
    expect(broken.error).toContain('could not be opened');
  });
});

test.each([
  ['database-busy', 3],
  ['database-importing', 4],
  ['database-not-reachable', 5],
  ['database-failed', 5],
  ['integer-overflow', 5],
  ['query-too-complex', 6],
  ['parameter-in-dataset', 10],
  ['csv-value', 11],
  ['table-file-missing', 11],
  ['measures-too-slow', 14],
  ['measures-out-of-time', 14],
  ['output-kind', 2],
  ['output-failed', 1],
])('the problem %s ends a command with %i', (code, exitCode) => {
  expect(exitCodeOf({ code, message: '' })).toBe(exitCode);
});
