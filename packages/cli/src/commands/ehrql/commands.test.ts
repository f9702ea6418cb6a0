import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it, test, vi } from 'vitest';
import { session } from '../../testing.js';
import { backendNames, shortName } from './backend-names.js';
import { confinementFor } from './load-definition.js';
import { statementLog } from './log-statements.js';

const definition = `from ehrql import create_dataset
from ehrql.tables.core import clinical_events, patients
dataset = create_dataset()
dataset.define_population(patients.sex == "female")
dataset.events = clinical_events.where(clinical_events.numeric_value > 1.5).count_for_patient()
`;
const files = {
  'd.py': definition,
  'd.txt': definition,
  'tables/patients.csv': 'patient_id,date_of_birth,sex\n1,1980-01-01,female\n',
  'tables/clinical_events.csv': 'patient_id,date,numeric_value\n1,2022-01-05,1.5\n1,2022-01-06,2\n',
};

describe('the ehrql command', () => {
  it('prints its version, which is that of the Python package', async () => {
    const python = new URL('../../../../language/python/ehrql/__init__.py', import.meta.url);
    const version = /^__version__ = "(.*)"$/m.exec(readFileSync(python, 'utf8'))?.[1];
    expect(await session().run('ehrql', '--version')).toEqual({ exitCode: 0, out: `ehrql ${version}\n`, error: '' });
  });

  it('prints its help without a verb, as no mistake', async () => {
    const { exitCode, out, error } = await session().run('ehrql');
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: '' });
    for (const verb of ['generate-dataset', 'assure', 'graph-query', 'isolation-report', 'backend-admin']) {
      expect(out).toContain(verb);
    }
  });

  it.each<[string, readonly string[], string]>([
    ['a verb that does not exist', ['nothing'], 'unknown command'],
    [
      'an option that nearly exists',
      ['generate-dataset', 'FOLDER/d.py', '--outptu', 'x.csv'],
      'Did you mean --output?',
    ],
    ['too many arguments', ['generate-dataset', 'FOLDER/d.py', 'more'], 'next: glovebox ehrql generate-dataset --help'],
    ['no definition', ['generate-dataset'], "missing required argument 'DEFINITION'"],
    ['a definition that is no .py file', ['generate-dataset', 'FOLDER/d.txt'], '.py'],
    [
      'the start of several options',
      ['generate-dataset', 'FOLDER/d.py', '--dummy', 'x'],
      '--dummy-data-file or --dummy-tables',
    ],
    ['a backend that nobody knows', ['generate-dataset', 'FOLDER/d.py', '--backend', 'nhs'], 'There is no backend nhs'],
    [
      'an engine that nobody knows',
      ['generate-dataset', 'FOLDER/d.py', '--query-engine', 'x.y'],
      'no query engine x.y',
    ],
    ['a format that nobody knows', ['create-dummy-tables', 'FOLDER/d.py', 'FOLDER/x/:xls'], 'no known format'],
    ['a task that no backend has', ['backend-admin', 'tpp', 'cleanup-temp-tables'], 'has no task'],
    ['no database to test', ['test-connection'], '--url'],
  ])('with %s exits 2 and prints nothing on standard output', async (_what, words, message) => {
    const { exitCode, out, error } = await session(files).run('ehrql', ...words);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(error).toContain(message);
  });

  it('knows backends and engines by the path of their class', async () => {
    const s = session(files);
    const dumped = await s.run(
      'ehrql',
      'dump-dataset-sql',
      'FOLDER/d.py',
      '--backend=ehrql.backends.tpp.TPPBackend',
      '--query-engine=ehrql.query_engines.mssql.MSSQLQueryEngine',
    );
    expect(dumped.exitCode).toBe(0);
    expect(dumped.out).toContain('PatientsWithTypeOneDissent');
    expect(shortName('emisv2', backendNames)).toBe('emisv2');
    expect(shortName('tpp2', backendNames)).toBeUndefined();
  });

  it('takes no wall away for a word about isolation that it does not know', async () => {
    vi.stubEnv('EHRQL_ISOLATE_USER_CODE', 'allways');
    const run = await session(files).run('ehrql', 'serialize-definition', 'FOLDER/d.py');
    vi.unstubAllEnvs();
    expect(run).toMatchObject({ exitCode: 2, out: '' });
    expect(run.error).toContain('Accepted: default, always, never.');
  });

  it.each<[boolean, string, string, ReturnType<typeof confinementFor>]>([
    [true, 'never', '', 'required'],
    [false, 'never', 'postgresql://host/database', 'none'],
    [false, 'always', '', 'required'],
    [false, '', '', 'where there is one'],
    [false, 'default', 'postgresql://host/database', 'required'],
    [false, 'default', 'release.duckdb', 'required'],
    [false, 'default', `duckdb:${tmpdir()}`, 'where there is one'],
  ])('on patient data %s, told "%s", with the database "%s": a sandbox is %s', (isSecure, told, url, expected) => {
    const environment = { EHRQL_ISOLATE_USER_CODE: told, DATABASE_URL: url };
    expect(confinementFor(isSecure, environment)).toBe(expected);
  });

  it('has nothing to tidy on a backend', async () => {
    const words = 'ehrql backend-admin emisv2 cleanup-temp-tables --max-age-days 3 --dry-run --dsn trino://host';
    const { exitCode, out } = await session().run(...words.split(' '));
    expect({ exitCode, out: out.slice(0, 19) }).toEqual({ exitCode: 0, out: 'Nothing to clean up' });
  });

  it('logs each statement of a database and how long it took, and the text only when LOG_SQL asks for it', async () => {
    const s = session(files);
    const words = ['ehrql', 'generate-dataset', 'FOLDER/d.py', '--dsn', 'FOLDER/tables'];
    const plain = await s.run(...words);
    expect(plain.error).toMatch(
      /Generating dataset\n(\[info {3}\].*\n)*\[info {3}\] Running query 001 \/ 001\n\[info {3}\] {3}query 001 took \d+\.\d{3} s\n$/,
    );
    expect(plain.error).not.toContain('SELECT');
    process.env['LOG_SQL'] = '1';
    try {
      expect((await s.run(...words)).error).toContain('SELECT');
    } finally {
      delete process.env['LOG_SQL'];
    }
  });

  it('leaves out what only says how a run goes when LOG_LEVEL says so', async () => {
    process.env['LOG_LEVEL'] = 'warning';
    try {
      const run = await session(files).run('ehrql', 'generate-dataset', 'FOLDER/d.py', '--dsn', 'FOLDER/tables');
      expect(run).toEqual({ exitCode: 0, out: 'patient_id,events\r\n1,1\r\n', error: '' });
    } finally {
      delete process.env['LOG_LEVEL'];
    }
  });
});

test('the log tells of a temporary table how many rows it gets, never what is in them', () => {
  let text = '';
  const terminal = { out: () => {}, error: (more: string) => void (text += more), isInteractive: false };
  const { observer, expect: plan } = statementLog(terminal);
  observer({ kind: 'upload', sql: 'temporary table t of 3 rows' })(1500, false);
  plan(13);
  observer({ kind: 'query', sql: 'SELECT 1' });
  expect(text.split('\n')).toEqual([
    '[info   ] Running query 001: temporary table t of 3 rows',
    '[info   ]   query 001 ended early after 1.500 s',
    '[info   ] Running query 002 / 013',
    '',
  ]);
});
