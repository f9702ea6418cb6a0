import { describe, expect, it, test } from 'vitest';
import type { Column, DatasetDefinition, MeasuresDefinition, Series, Table } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { openDuckDb } from '../duckdb/connection.js';
import { runDataset } from '../reference/run-dataset.js';
import { runMeasures } from '../reference/run-measures.js';
import { extractDataset } from '../sql/extract-dataset.js';
import type { TableRows, Tables } from '../tables.js';
import { withBackendFilters } from './apply-filters.js';
import { backendNamed } from './backend.js';

const sex: Column = { name: 'sex', type: 'str' };
const people = (...columns: readonly Column[]): Table => ({ kind: 'table', name: 'patients', rows: 'one', columns });
const select = (source: Table, name: string): Series => ({ kind: 'select_column', source, name });
const exists = (source: Table): Series => ({ kind: 'exists', source });

function dataset(table: Table, ...columns: readonly string[]): DatasetDefinition {
  return {
    kind: 'dataset',
    population: exists(table),
    columns: columns.map((name) => ({ name, series: select(table, name) })),
    eventTables: [],
    dummyData: {},
  };
}

function codeOf(definition: DatasetDefinition | MeasuresDefinition, backend = 'tpp'): string | undefined {
  try {
    withBackendFilters(definition, backendNamed(backend)!, []);
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0]!.code;
    throw error;
  }
  return undefined;
}

describe('a table that a definition declares under the name of a table of the backend', () => {
  it.each<[string, Column]>([
    ['a column that is not for studies', { name: 'nhs_number', type: 'str' }],
    ['a column in other letters', { name: 'SEX', type: 'str' }],
    ['a column with another type', { name: 'date_of_birth', type: 'str' }],
    ['the number of the patient', { name: 'patient_id', type: 'int' }],
  ])('shows no %s', (_what, column) => {
    const table = people(sex, column);
    expect(codeOf(dataset(table, column.name))).toBe('column-not-offered');
    const ofMeasures: MeasuresDefinition = {
      kind: 'measures',
      measures: [
        {
          name: 'm',
          numerator: { kind: 'is_null', source: select(table, column.name) },
          denominator: exists(table),
          groupBy: [],
          intervals: [{ start: '2022-01-01', end: '2022-01-31' }],
        },
      ],
      dummyData: {},
      disclosureControl: false,
    };
    expect(codeOf(ofMeasures)).toBe('column-not-offered');
  });

  it('may name columns that it does not use, and use those of studies', () => {
    expect(codeOf(dataset(people(sex, { name: 'nhs_number', type: 'str' }), 'sex'))).toBeUndefined();
  });

  it('is refused in other letters, which a database would find all the same', () => {
    for (const name of ['Patients', 'PATIENTSWITHOUTNDOO', 'Activated', 'main.patients']) {
      expect(codeOf(dataset({ ...people(sex), name }, 'sex')), name).toBe('table-not-offered');
    }
  });
});

describe('on emisv2', () => {
  const consent: Column = { name: 'is_consent_9nu0', type: 'bool' };
  const listed = (columns: TableRows['columns'], rows: TableRows['rows']): TableRows => ({ columns, rows });
  // Patient 1 agreed, 2 did not, nothing is known of 3, and 4 is in no list.
  const tables: Tables = new Map([
    [
      'patients',
      listed(
        [sex],
        [1n, 2n, 3n, 4n].map((id) => [id, 'female'] as const),
      ),
    ],
    [
      'patient',
      listed(
        [consent],
        [
          [1n, true],
          [2n, false],
          [3n, null],
        ],
      ),
    ],
  ]);
  const oneRowTables = new Set(tables.keys());

  async function members(granted: readonly string[]): Promise<readonly unknown[]> {
    const definition = withBackendFilters(dataset(people(sex), 'sex'), backendNamed('emisv2')!, granted);
    const db = await openDuckDb({ tables, oneRowTables });
    try {
      const found: unknown[] = [];
      for await (const rows of extractDataset(db, definition)[0]!.rows) found.push(...rows.map(([id]) => id));
      expect(runDataset(definition, tables)[0]!.rows.map(([id]) => id)).toEqual(found);
      return found;
    } finally {
      db.close();
    }
  }

  test('those who dissented are left out, and nobody else', async () => {
    expect(await members([])).toEqual([1n, 3n, 4n]);
    expect(await members(['include_ndoo', 'include_gp_unactivated'])).toEqual([1n, 3n, 4n]);
  });

  test('the permission for them lets them in', async () => {
    expect(await members(['include_t1oo'])).toEqual([1n, 2n, 3n, 4n]);
  });

  test('measures count only the others', () => {
    const table = people(sex);
    const definition: MeasuresDefinition = {
      kind: 'measures',
      measures: [
        {
          name: 'm',
          numerator: exists(table),
          denominator: exists(table),
          groupBy: [],
          intervals: [{ start: '2022-01-01', end: '2022-01-31' }],
        },
      ],
      dummyData: {},
      disclosureControl: false,
    };
    const [row] = runMeasures(withBackendFilters(definition, backendNamed('emisv2')!, []), tables);
    expect(row).toMatchObject({ numerator: 3n, denominator: 3n });
  });

  test('the list of who agreed is no table for studies', () => {
    const list: Table = { kind: 'table', name: 'patient', rows: 'one', columns: [consent] };
    expect(codeOf(dataset(list, consent.name), 'emisv2')).toBe('table-not-offered');
  });
});
