import { expect, it } from 'vitest';
import { session } from '../../testing.js';

const warnings = ({ error }: { readonly error: string }): readonly string[] =>
  error.split('\n').filter((line) => line.startsWith('[warning'));
const head = `from ehrql import create_dataset, create_measures, years
from ehrql.tables.core import clinical_events, patients
`;

it('conditions that exclude each other are named by their lines, also those of a helper', async () => {
  const { run } = session({
    'definition.py': `${head}from helper import is_old
dataset = create_dataset()
dataset.define_population(
    (patients.sex == "female")
    & is_old("2020-01-01")
    & clinical_events.exists_for_patient()
    & (patients.date_of_birth >
       "2010-01-01")
)
`,
    'helper.py': `from ehrql.tables.core import patients
def is_old(date):
    return patients.age_on(date) >= 60
`,
  });
  const result = await run('ehrql', 'generate-dataset', 'FOLDER/definition.py');
  expect([result.exitCode, result.out.trim()]).toEqual([0, 'patient_id']);
  expect(warnings(result)).toEqual([
    '[warning] Made 0 of 10 dummy patients: of 1500 tried, no more satisfied the population',
    '[warning]   These conditions exclude each other:',
    expect.stringMatching(/^\[warning\] {5}\S*helper\.py:3: patients\.age_on\(date\) >= 60$/),
    expect.stringMatching(/^\[warning\] {5}\S*definition\.py:9: patients\.date_of_birth > "2010-01-01"$/),
  ]);
});

it('filters that exclude each other are named, and so are denominators of measures', async () => {
  const { run } = session({
    'definition.py': `${head}measures = create_measures()
events = clinical_events.where(clinical_events.date > "2022-01-01")
early = events.where(clinical_events.date < "2021-01-01")
measures.define_measure(
    "m", numerator=patients.exists_for_patient(), denominator=early.exists_for_patient(),
    intervals=years(1).starting_on("2021-01-01"),
)
`,
  });
  const result = await run('ehrql', 'generate-measures', 'FOLDER/definition.py');
  expect(warnings(result).slice(1)).toEqual([
    '[warning]   These conditions exclude each other:',
    expect.stringMatching(/definition\.py:4: clinical_events\.date > "2022-01-01"$/),
    expect.stringMatching(/definition\.py:5: clinical_events\.date < "2021-01-01"$/),
  ]);
});

it('a population limited to the patients of a table is said to be', async () => {
  const { run } = session({
    'definition.py': `${head}from ehrql.tables import PatientFrame, Series, table_from_rows
@table_from_rows([(5, 1), (7, 2)])
class matched(PatientFrame):
    group = Series(int)
dataset = create_dataset()
dataset.define_population(matched.exists_for_patient())
dataset.sex = patients.sex
`,
  });
  const result = await run('ehrql', 'generate-dataset', 'FOLDER/definition.py');
  expect(result.out.split('\r\n').map((line) => line.split(',')[0])).toEqual(['patient_id', '5', '7', '']);
  expect(warnings(result)).toEqual([
    '[warning] Made 2 of 10 dummy patients: the population is limited to a table that has 2 patients',
  ]);
});
