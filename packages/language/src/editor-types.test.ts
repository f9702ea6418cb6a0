// What an editor knows about the language: Pyright, which editors run, is asked for the types of expressions as a study
// writes them.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pythonFolder } from './evaluate/child-command.js';

const folder = mkdtempSync(join(tmpdir(), 'glovebox-editor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const expressions: Readonly<Record<string, string>> = {
  patients: 'patients',
  'patients.sex': 'StrPatientSeries',
  'patients.date_of_birth': 'DatePatientSeries',
  'clinical_events.date': 'DateEventSeries',
  'clinical_events.numeric_value': 'FloatEventSeries',
  'clinical_events.snomedct_code': 'CodeEventSeries',
  'clinical_events.where(clinical_events.date > "2020-01-01").date': 'DateEventSeries',
  'clinical_events.sort_by(clinical_events.date).last_for_patient()': 'clinical_events',
};

interface Report {
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

it('knows tables, columns and frames, and finds nothing wrong with a right study', { timeout: 60_000 }, async () => {
  writeFileSync(
    join(folder, 'pyrightconfig.json'),
    JSON.stringify({ extraPaths: [pythonFolder], include: ['study.py'] }),
  );
  const lines = Object.keys(expressions).map((text) => `reveal_type(${text})`);
  const study = ['from ehrql.tables.tpp import clinical_events, patients', ...lines, ''];
  writeFileSync(join(folder, 'study.py'), study.join('\n'));
  const { generalDiagnostics: found } = await pyright();
  expect(found.filter((one) => one.severity === 'error')).toEqual([]);
  expect(found.map((one) => one.message)).toEqual(
    Object.entries(expressions).map(([text, type]) => `Type of "${text}" is "${type}"`),
  );
});
