import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { session } from '../../testing.js';

const definition = `from ehrql import claim_permissions, create_dataset
from ehrql.tables.tpp import appointments, patients

claim_permissions("appointments")
dataset = create_dataset()
dataset.define_population(patients.date_of_birth.is_on_or_after("1950-01-01"))
seen = appointments.where(appointments.status.is_in(["Finished", "In Progress"]))
dataset.sex = patients.sex
dataset.visits = seen.count_for_patient()
`;

describe('explain', () => {
  it('names tables with the columns that are read, files, permissions and the work of the query', async () => {
    const { run } = session({ 'definition.py': definition });
    const { exitCode, out } = await run('ehrql', 'explain', 'FOLDER/definition.py');
    expect(exitCode).toBe(0);
    expect(out).toContain('a dataset of 2 columns beside patient_id: sex, visits');
    expect(out).toContain('  patients (one row a patient): date_of_birth, sex');
    expect(out).toContain('  appointments (many rows a patient): status');
    expect(out).toContain('files\n  definition.py\n');
    expect(out).toContain('  appointments (for the table appointments), claimed');
    expect(out).toContain('  1 filter, 0 choices of one row a patient, 1 summary of many rows');
    expect(out).toContain('  2 values in lists');
  });
});

const measures = `
from ehrql import INTERVAL, create_measures, months
from ehrql.tables.core import clinical_events, patients

measures = create_measures()
during = clinical_events.where(clinical_events.date.is_during(INTERVAL))
measures.define_measure("seen", numerator=during.exists_for_patient(), denominator=patients.exists_for_patient(),
    group_by={"sex": patients.sex}, intervals=months(3).starting_on("2022-01-01"))
`;

describe('explain, of how it is run', () => {
  it('lists the statements with the tables that they read, and estimates rows and time', async () => {
    const { run } = session({ 'definition.py': definition });
    const { out } = await run('ehrql', 'explain', 'FOLDER/definition.py', '--patients', '1000');
    expect(out).toMatch(/plan\n {2}1 statement, \d+ lines of SQL\n {4}1\. query, reads patients, appointments\n/);
    expect(out).toContain('  for 1,000 patients, from the shape');
    expect(out).toContain('  appointments: about 7,000 rows\n  result: at most 1,000 rows\n  about 1 s');
    expect((await run('ehrql', 'explain', 'FOLDER/definition.py', '--patients', '0')).exitCode).toBe(2);
  });

  it('takes measures too: each table is read once, and known groups bound the result', async () => {
    const { run } = session({ 'measures.py': measures });
    const { exitCode, out } = await run('ehrql', 'explain', 'FOLDER/measures.py');
    expect(exitCode).toBe(0);
    expect(out.match(/, reads clinical_events$/gm)).toHaveLength(1);
    expect(out.match(/, reads patients$/gm)).toHaveLength(1);
    // Four kinds of sex or none, in three months.
    expect(out).toContain('result: at most 15 rows');
    const again = 'measures.define_measure("all", during.count_for_patient(), patients.exists_for_patient(), {}';
    const both = session({ 'measures.py': `${measures}${again}, months(3).starting_on("2022-01-01"))\n` });
    const { out: told } = await both.run('ehrql', 'explain', 'FOLDER/measures.py');
    expect(told).toContain('  2 measures over 3 intervals: seen, all\n');
    // Statements that read alike, one after another, are one line with their number.
    const lines = [...told.matchAll(/^ +(\d+)\. (.*?)(?: \((\d+) such\))?$/gm)].map(([, at, , such]) => [
      at,
      such ?? '1',
    ]);
    const statements = Number(/^ {2}(\d+) statements,/m.exec(told)?.[1]);
    expect(lines.length).toBeLessThan(statements);
    expect(lines.reduce((sum, [, such]) => sum + Number(such), 0)).toBe(statements);
  });
});

describe('graph-query', () => {
  it('draws measures, with INTERVAL and what is counted of what', async () => {
    const { folder, run } = session({ 'measures.py': measures });
    const words = ['ehrql', 'graph-query', 'FOLDER/measures.py', '--output', 'FOLDER/query.svg'];
    expect(await run(...words)).toMatchObject({ exitCode: 0, out: '' });
    const svg = readFileSync(join(folder, 'query.svg'), 'utf8');
    for (const text of ['seen numerator', 'seen denominator', 'group sex', 'start of INTERVAL', 'clinical_events']) {
      expect(svg.split(`>${text}</text>`)).toHaveLength(2);
    }
  });

  it('draws each step and each result once, with text that stays text', async () => {
    const odd = definition.replace(
      'dataset.sex = patients.sex',
      'dataset.odd = appointments.count_for_patient() == 42',
    );
    const { folder, run } = session({ 'definition.py': odd.replace('dataset.visits', 'dataset.v') });
    const result = await run('ehrql', 'graph-query', 'FOLDER/definition.py', '--output', 'FOLDER/query.svg');
    expect(result).toMatchObject({ exitCode: 0, out: '' });
    const svg = readFileSync(join(folder, 'query.svg'), 'utf8');
    expect(svg).toMatch(/^<svg xmlns=/);
    for (const text of ['patients', 'appointments', '2 values', '42', 'v', 'odd', 'population']) {
      expect(svg.split(`>${text}</text>`)).toHaveLength(2);
    }
  });
});

describe('dump-example-data', () => {
  it('writes the same tables every time, with every column', async () => {
    const { folder, run } = session();
    expect(await run('ehrql', 'dump-example-data', '--dst-dir', 'FOLDER/one')).toMatchObject({ exitCode: 0 });
    await run('ehrql', 'dump-example-data', '-d', 'FOLDER/two');
    for (const name of ['patients', 'clinical_events', 'medications', 'ons_deaths', 'practice_registrations']) {
      const [one, two] = ['one', 'two'].map((at) => readFileSync(join(folder, at, `${name}.csv`), 'utf8'));
      expect(one).toBe(two);
    }
    const header = readFileSync(join(folder, 'one', 'clinical_events.csv'), 'utf8').split(/\r?\n/)[0];
    expect(header).toBe('patient_id,date,snomedct_code,numeric_value');
  });
});

describe('isolation-report', () => {
  it('finds everything blocked except reading the study', async () => {
    const { out } = await session().run('ehrql', 'isolation-report');
    const { operations } = JSON.parse(out) as { operations: Record<string, string> };
    const { read_own_folder: own, ...others } = operations;
    expect(own).toBe('allowed');
    expect(Object.keys(others).length).toBeGreaterThan(4);
    expect(new Set(Object.values(others))).toEqual(new Set(['blocked']));
  });
});

describe('a reader that closes its end of the pipe', () => {
  it('ends the command quietly', async () => {
    const { folder } = session({ 'definition.py': definition });
    const glovebox = fileURLToPath(new URL('../../../../../glovebox', import.meta.url));
    const child = spawn(glovebox, ['ehrql', 'serialize-definition', 'definition.py'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect({ exitCode, complaint }).toEqual({ exitCode: 0, complaint: '' });
  });
});
