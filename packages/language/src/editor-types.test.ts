// What an editor knows about the language: Pyright, which editors run, is asked for the types of expressions as a study
// writes them.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { pythonFolder } from './evaluate/child-command.js';

const folder = mkdtempSync(join(tmpdir(), 'glovebox-editor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const expressions: Readonly<Record<string, string>> = {
  'patients.sex': 'StrPatientSeries',
  'patients.date_of_birth': 'DatePatientSeries',
  'patients.age_on("2022-01-01")': 'IntPatientSeries',
  'patients.age_on("2022-01-01") >= 18': 'BoolPatientSeries',
  'patients.date_of_birth.year': 'IntPatientSeries',
  '(patients.date_of_birth - "2022-01-01").days': 'IntPatientSeries',
  'patients.date_of_birth - days(7)': 'DatePatientSeries',
  'patients.exists_for_patient() & patients.is_alive_on("2022-01-01")': 'BoolPatientSeries',
  'clinical_events.date': 'DateEventSeries',
  'clinical_events.numeric_value': 'FloatEventSeries',
  'clinical_events.snomedct_code': 'SNOMEDCTCodeEventSeries',
  'clinical_events.snomedct_code.is_in(codes)': 'BoolEventSeries',
  'clinical_events.date.is_on_or_before(patients.date_of_death)': 'BoolEventSeries',
  'patients.date_of_birth < clinical_events.date': 'BoolEventSeries',
  'clinical_events.numeric_value / 2': 'FloatEventSeries',
  'clinical_events.numeric_value.mean_for_patient()': 'FloatPatientSeries',
  'clinical_events.date.count_episodes_for_patient(days(14))': 'IntPatientSeries',
  'clinical_events.where(clinical_events.date > "2020-01-01").date': 'DateEventSeries',
  'clinical_events.where(clinical_events.date > "2020-01-01").count_for_patient()': 'IntPatientSeries',
  'clinical_events.sort_by(clinical_events.date).last_for_patient().date': 'DatePatientSeries',
  'clinical_events.where(True).sort_by(clinical_events.date).first_for_patient().snomedct_code.to_category({})':
    'StrPatientSeries',
  'addresses.for_patient_on("2022-01-01").imd_quintile': 'StrPatientSeries',
  'practice_registrations.spanning("2022-01-01", "2022-02-01").exists_for_patient()': 'BoolPatientSeries',
  'apcs.all_diagnoses.contains_any_of(["J45"])': 'BoolEventSeries',
  'case(when(patients.sex == "male").then(1), otherwise=0)': 'IntPatientSeries',
  'when(patients.sex == "male").then("m").otherwise("f")': 'StrPatientSeries',
  'minimum_of(patients.date_of_birth, "2022-01-01")': 'DatePatientSeries',
  'INTERVAL.start_date': 'DatePatientSeries',
  'codelist_from_csv("c.csv", column="code")': 'list[str]',
  'codelist_from_csv("c.csv", column="code", category_column="group")': 'dict[str, str]',
  'months(12).starting_on("2022-01-01")': 'list[tuple[date, date]]',
  'mine.x': 'IntPatientSeries',
};

interface Report {
  readonly summary: { readonly filesAnalyzed: number };
  readonly generalDiagnostics: readonly { readonly severity: string; readonly message: string }[];
}

function pyright(): Promise<Report> {
  const program = createRequire(import.meta.url).resolve('pyright/index.js');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, '--outputjson'], { cwd: folder }, (error, stdout) => {
      if (stdout === '') reject(error ?? new Error('pyright printed nothing'));
      else resolve(JSON.parse(stdout) as Report);
    });
  });
}

const head = `from ehrql import *
from ehrql.tables import PatientFrame, Series, table
from ehrql.tables.tpp import *
codes = ["195967001"]
@table
class mine(PatientFrame):
    x = Series(int)
appointments.of_last_week = appointments.start_date > "2022-01-01"
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.x = appointments.where(appointments.of_last_week).exists_for_patient()
dataset.y = dataset.x
`;

it(
  'knows tables, columns, methods and rows, and finds nothing wrong with right studies',
  { timeout: 120_000 },
  async () => {
    // The definitions of the example study; its other scripts use libraries that this machine may lack.
    const winter = fileURLToPath(new URL('../../../studies/winter-pressures/analysis/', import.meta.url));
    const names = readdirSync(winter).filter((name) =>
      /^(codelist|dataset|queries|study_dates|test|wp_).*\.py$/.test(name),
    );
    for (const name of names) cpSync(join(winter, name), join(folder, name));
    const config = { extraPaths: [pythonFolder], include: ['*.py'] };
    writeFileSync(join(folder, 'pyrightconfig.json'), JSON.stringify(config));
    const lines = Object.keys(expressions).map((text) => `reveal_type(${text})`);
    writeFileSync(join(folder, 'study.py'), `${head}${lines.join('\n')}\n`);
    const { generalDiagnostics: found, summary } = await pyright();
    expect(summary.filesAnalyzed).toBe(names.length + 1);
    expect(found.filter((one) => one.severity === 'error')).toEqual([]);
    expect(found.filter((one) => one.severity === 'information').map((one) => one.message)).toEqual(
      Object.entries(expressions).map(([text, type]) => `Type of "${text}" is "${type}"`),
    );
  },
);
