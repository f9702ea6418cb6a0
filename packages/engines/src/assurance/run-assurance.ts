// Runs the tests that a researcher wrote for a definition: patients made up, and what the definition should say of them.
import { typeOf, type Nullable, type TestDefinition } from '@glovebox/language';
import { runDataset } from '../reference/run-dataset.js';
import { asWritten, readTestPatients, testValue, type TestPatient } from './test-patients.js';

export interface AssuranceReport {
  readonly isPassed: boolean;
  /** For people; two parts, about the test data and about the results. */
  readonly text: string;
}

/** Never rejects what the test file says: whatever is wrong with it is in the report. */
export function runAssurance(test: TestDefinition): AssuranceReport {
  const { patients, tables } = readTestPatients(test.dataset, test.testData);
  const dataset = runDataset(test.dataset, tables)[0]!;
  const rows = new Map(dataset.rows.map((row) => [row[0] as bigint, row.slice(1)]));
  const dataErrors = patients.map((patient) => ({ patient, errors: patient.errors }));
  const resultErrors = patients.map((patient) => ({
    patient,
    errors: patient.id === undefined ? [] : compare(test, patient, rows.get(patient.id)),
  }));
  const isPassed = [...dataErrors, ...resultErrors].every(({ errors }) => errors.length === 0);
  const text = `${section('Validate test data', dataErrors)}\n${section('Validate results', resultErrors)}\n`;
  return { isPassed, text };
}

function section(
  title: string,
  found: readonly { readonly patient: TestPatient; readonly errors: readonly string[] }[],
): string {
  const wrong = found.filter(({ errors }) => errors.length > 0);
  if (wrong.length === 0) return `${title}: All OK!`;
  const lines = wrong.flatMap(({ patient, errors }) => [
    ` * Patient ${patient.name}`,
    ...errors.map((error) => `   * ${error}`),
  ]);
  return [`${title}: Found errors with ${wrong.length} patient(s)`, ...lines].join('\n');
}

function compare(test: TestDefinition, patient: TestPatient, row: readonly Nullable[] | undefined): readonly string[] {
  if (row === undefined) return patient.isExpected ? ['unexpectedly not in the population'] : [];
  if (!patient.isExpected) return ['unexpectedly in the population'];
  const { columns } = test.dataset;
  return [...patient.expectedColumns].flatMap(([name, expected]) => {
    const index = columns.findIndex((column) => column.name === name);
    if (index === -1) {
      const names = columns.map((column) => column.name).join(', ');
      return [`expected_columns has '${name}', which is not a column of the dataset; its columns are ${names}`];
    }
    const got = row[index]!;
    if (isEqual(got, expected, test, index)) return [];
    return [`'${name}': expected ${asWritten(expected)}, got ${asWritten(shown(got, test, index))}`];
  });
}

/**
 * As Python compares: True is 1, an int equals the float of its value, a date no text, None only None. Only nan differs: it
 * equals itself, so that it can be expected.
 */
function isEqual(got: Nullable, expected: unknown, test: TestDefinition, index: number): boolean {
  if (got === null || expected === null) return got === expected;
  const asNumber = (value: unknown): unknown =>
    typeof value === 'boolean' || typeof value === 'bigint' ? Number(value) : value;
  const type = typeOf(test.dataset.columns[index]!.series);
  if (type === 'date') return typeof expected === 'object' && testValue(expected, 'date') === got;
  if ((type === 'int' || type === 'float') && typeof expected === 'string') {
    return Object.is(testValue(expected, type), got);
  }
  return asNumber(got) === asNumber(expected);
}

const shown = (got: Nullable, test: TestDefinition, index: number): unknown =>
  got !== null && typeOf(test.dataset.columns[index]!.series) === 'date' ? { date: got } : got;
