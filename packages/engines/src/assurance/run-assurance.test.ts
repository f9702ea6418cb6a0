import { describe, expect, it } from 'vitest';
import type { DatasetDefinition, Frame, Series, Table } from '@glovebox/language';
import { runAssurance } from './run-assurance.js';

const patients: Table = {
  kind: 'table',
  name: 'patients',
  rows: 'one',
  columns: [
    { name: 'date_of_birth', type: 'date' },
    { name: 'sex', type: 'str', categories: ['female', 'male', 'intersex', 'unknown'] },
  ],
};
const events: Table = {
  kind: 'table',
  name: 'clinical_events',
  rows: 'many',
  columns: [
    { name: 'date', type: 'date' },
    { name: 'numeric_value', type: 'float' },
    { name: 'consultation_id', type: 'int' },
  ],
};
const select = (source: Frame, name: string): Series => ({ kind: 'select_column', source, name });
const female: Series = { kind: 'value', type: 'str', value: 'female' };
const dataset: DatasetDefinition = {
  kind: 'dataset',
  population: { kind: 'eq', left: select(patients, 'sex'), right: female },
  columns: [
    { name: 'born', series: select(patients, 'date_of_birth') },
    { name: 'any', series: { kind: 'exists', source: events } },
    { name: 'number', series: { kind: 'count', source: events } },
    { name: 'mean', series: { kind: 'mean', source: select(events, 'numeric_value') } },
    { name: 'last', series: { kind: 'max', source: select(events, 'consultation_id') } },
  ],
  eventTables: [],
  dummyData: {},
};

const report = (testData: Record<string, unknown>) => runAssurance({ kind: 'test', dataset, testData });
const born = { date: '1980-01-01' };
const woman = { date_of_birth: born, sex: 'female' };
const ok = 'Validate test data: All OK!\nValidate results: All OK!\n';

describe('a test that holds', () => {
  it('says so in two lines, whatever else its patients have', () => {
    const rows = [{ numeric_value: 1 }, { numeric_value: 2.5 }, {}];
    const found = report({
      1: { patients: woman, clinical_events: rows, expected_columns: { born, any: true, number: 2, mean: 1.75 } },
      2: { patients: [], clinical_events: [], expected_in_population: false },
      3: { patients: { sex: 'male' }, clinical_events: [], medications: [{}], note: 1, expected_in_population: false },
    });
    expect(found).toEqual({ isPassed: true, text: ok });
  });

  it('compares as Python does: True is 1, an int its float, None nothing but None', () => {
    const given = { patients: woman, clinical_events: { consultation_id: '9007199254740993' } };
    expect(report({ 1: { ...given, expected_columns: { any: 1, number: 1.0, mean: null } } }).isPassed).toBe(true);
    expect(report({ 1: { ...given, expected_columns: { last: '9007199254740993' } } }).isPassed).toBe(true);
    expect(report({ 1: { ...given, expected_columns: { last: '9007199254740992' } } }).isPassed).toBe(false);
    expect(report({ 1: { ...given, expected_columns: { mean: 0 } } }).isPassed).toBe(false);
    expect(report({ 1: { ...given, expected_columns: { any: null } } }).isPassed).toBe(false);
  });

  it('can give floats that are no numbers, and expect them', () => {
    const given = { patients: woman, clinical_events: [{ numeric_value: 'inf' }] };
    expect(report({ 1: { ...given, expected_columns: { mean: 'inf' } } })).toEqual({ isPassed: true, text: ok });
    const odd = { patients: woman, clinical_events: [{ numeric_value: 'nan' }] };
    expect(report({ 1: { ...odd, expected_columns: { mean: 'nan' } } })).toEqual({ isPassed: true, text: ok });
    expect(report({ 1: { ...odd, expected_columns: { mean: 1e-7 } } }).text).toContain('expected 1e-07, got nan');
  });
});

describe('a test that fails', () => {
  it('because a text is no date says both as Python writes them', () => {
    const { text } = report({ 1: { patients: woman, clinical_events: [], expected_columns: { born: '1980-01-01' } } });
    expect(text).toContain("'born': expected '1980-01-01', got date(1980, 1, 1)");
  });

  it('lists each patient with what was expected and what came out', () => {
    const found = report({
      1: { patients: woman, clinical_events: [], expected_columns: { number: 3, born: null, age: 40 } },
      2: { patients: woman, clinical_events: [], expected_in_population: false },
      3: { patients: { sex: 'male' }, clinical_events: [], expected_columns: {} },
    });
    expect(found.isPassed).toBe(false);
    expect(found.text).toBe(`Validate test data: All OK!
Validate results: Found errors with 3 patient(s)
 * Patient 1
   * 'number': expected 3, got 0
   * 'born': expected None, got date(1980, 1, 1)
   * expected_columns has 'age', which is not a column of the dataset; its columns are born, any, number, mean, last
 * Patient 2
   * unexpectedly in the population
 * Patient 3
   * unexpectedly not in the population
`);
  });
});

describe('test data that no real data could be', () => {
  const errorsOf = (record: unknown): readonly string[] => {
    const { text, isPassed } = report({ 1: record });
    expect(isPassed).toBe(false);
    return text
      .split('Validate results')[0]!
      .split('\n')
      .filter((line) => line.startsWith('   * '))
      .map((line) => line.slice(5));
  };
  const rest = { clinical_events: [], expected_columns: {} };

  it.each<[string, unknown, readonly string[]]>([
    [
      'a table that is not there',
      { patients: woman, clinical_event: [], expected_columns: {} },
      [
        "the table 'clinical_events' is used by the dataset and not given (no table is called 'clinical_event'); [] means no rows",
      ],
    ],
    [
      'no expectations',
      { patients: woman, clinical_events: [] },
      ['expected_columns is missing; {} checks membership only'],
    ],
    [
      'a value outside the categories and a birth in the middle of a month',
      { ...rest, patients: { sex: 'Female', date_of_birth: { date: '1980-01-02' } }, expected_in_population: false },
      [
        "'patients.date_of_birth': date(1980, 1, 2) does not meet Constraint.FirstOfMonth()",
        "'patients.sex': 'Female' does not meet Constraint.Categorical('female', 'male', 'intersex', 'unknown')",
      ],
    ],
    [
      'NULL where the column always has a value',
      { ...rest, patients: { ...woman, date_of_birth: null } },
      ["'patients.date_of_birth': None does not meet Constraint.NotNull()"],
    ],
    [
      'a column that the table lacks',
      { ...rest, patients: { ...woman, height: 2 } },
      ["the table 'patients' has no column 'height'; its columns are date_of_birth, sex"],
    ],
    [
      'two rows for one patient',
      { ...rest, patients: [woman, woman] },
      ["the table 'patients' has at most one row a patient, got 2 rows"],
    ],
    [
      'values of other types',
      {
        patients: { ...woman, date_of_birth: '1980-13-01' },
        clinical_events: [{ numeric_value: 'x', consultation_id: 1.5 }],
        expected_columns: {},
      },
      [
        "'patients.date_of_birth': expected date, got '1980-13-01'",
        "'clinical_events.numeric_value': expected float, got 'x'",
        "'clinical_events.consultation_id': expected int, got 1.5",
      ],
    ],
    [
      'rows that are no dictionaries',
      { ...rest, patients: [woman], clinical_events: [1] },
      ["each row of 'clinical_events' must be a dictionary of column and value, got 1"],
    ],
    [
      'expectations of other kinds',
      { ...rest, patients: woman, expected_in_population: 'yes', expected_columns: [] },
      ['expected_in_population must be True or False', 'expected_columns must be a dictionary'],
    ],
  ])('%s is said', (_what, record, expected) => {
    expect(errorsOf(record)).toEqual(expected);
  });

  it('a patient that is no number, or no dictionary, is said once and not compared', () => {
    const { text } = report({ one: { patients: woman, ...rest }, 2: [], '9223372036854775808': 7 });
    expect(text).toBe(`Validate test data: Found errors with 3 patient(s)
 * Patient 2
   * expected a dictionary of tables and expectations, got []
 * Patient one
   * a patient id must be an int of at most 64 bits
 * Patient 9223372036854775808
   * a patient id must be an int of at most 64 bits
   * expected a dictionary of tables and expectations, got 7
Validate results: All OK!
`);
  });
});
