import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { session } from '../../testing.js';

const definition = `from ehrql import create_dataset, show
from ehrql.tables.core import clinical_events, medications, patients
dataset = create_dataset()
dataset.define_population(
    clinical_events.exists_for_patient() & (patients.date_of_birth > "1950-01-01")
)
dataset.sex = patients.sex
dataset.last = clinical_events.sort_by(clinical_events.date).last_for_patient().date
dataset.configure_dummy_data(population_size=20, additional_population_constraint=patients.date_of_death.is_null())
`;
const shows = 'show(clinical_events)\nshow(medications.count_for_patient())\n';

it('the dataset of the tables is the one that is generated directly, also when the definition shows more', async () => {
  const { run, folder } = session({ 'definition.py': definition, 'showing.py': definition + shows });
  const direct = await run('ehrql', 'generate-dataset', 'FOLDER/definition.py');
  expect(direct.out.split('\r\n')).toHaveLength(22);
  for (const file of ['definition', 'showing']) {
    await run('ehrql', 'create-dummy-tables', `FOLDER/${file}.py`, `FOLDER/${file}`);
    const tables = ['--dummy-tables', `FOLDER/${file}`];
    const result = await run('ehrql', 'generate-dataset', 'FOLDER/definition.py', ...tables);
    expect(result.out).toBe(direct.out);
  }
  expect(readFileSync(`${folder}/showing/clinical_events.csv`, 'utf8')).toMatch(
    /^patient_id,date,numeric_value,snomedct_code\r\n/,
  );
  expect(readFileSync(`${folder}/showing/medications.csv`, 'utf8')).toMatch(/^patient_id\r\n/);
});

it('a column that only the additional constraint reads is in the tables', async () => {
  const { run, folder } = session({ 'definition.py': definition });
  await run('ehrql', 'create-dummy-tables', 'FOLDER/definition.py', 'FOLDER/tables');
  const [header, ...rows] = readFileSync(`${folder}/tables/patients.csv`, 'utf8').trim().split('\r\n');
  expect(header).toBe('patient_id,date_of_birth,date_of_death,sex');
  expect(rows.map((row) => row.split(',')[2])).toEqual(Array.from({ length: 20 }, () => ''));
});
