import { expect, test } from 'vitest';
import {
  typeOf,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Nullable,
  type Series,
  type Table,
} from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { openDuckDb } from '../duckdb/connection.js';
import { extractMeasures } from '../measures/measures-result.js';
import { runDataset } from '../reference/run-dataset.js';
import { runMeasures } from '../reference/run-measures.js';
import { extractDataset } from '../sql/extract-dataset.js';
import type { ResultTable, Row, TableRows, Tables } from '../tables.js';
import { withBackendFilters } from './apply-filters.js';
import { backendNamed } from './backend.js';
import { backendOf } from './backend-of.js';

const tpp = backendNamed('tpp')!;
const every = ['include_t1oo', 'include_ndoo', 'include_gp_unactivated'];
const eventColumns = [
  { name: 'date', type: 'date' },
  { name: 'numeric_value', type: 'float' },
] as const;
const events: Table = { kind: 'table', name: 'clinical_events', rows: 'many', columns: eventColumns };
const medications: Table = { kind: 'table', name: 'medications', rows: 'many', columns: [eventColumns[0]] };
const people: Table = { kind: 'table', name: 'patients', rows: 'one', columns: [{ name: 'sex', type: 'str' }] };
const registrations: Table = {
  kind: 'table',
  name: 'practice_registrations',
  rows: 'many',
  columns: [{ name: 'start_date', type: 'date' }],
};
const select = (source: Table, name: string): Series => ({ kind: 'select_column', source, name });
const count = (source: Table): Series => ({ kind: 'count', source });
const exists = (source: Table): Series => ({ kind: 'exists', source });

/** Patient 1 has everything; 2 dissented, 3 opted out nationally, 4 never was at a practice that agreed. */
const listed = (columns: TableRows['columns'], ...rows: Row[]): TableRows => ({ columns, rows });
const tables: Tables = new Map([
  ['patients', listed(people.columns, [1n, 'female'], [2n, 'male'], [3n, 'male'], [4n, 'female'], [5n, 'male'])],
  [
    'clinical_events',
    listed(
      eventColumns,
      [1n, '2020-01-01', 1],
      [1n, '2022-01-01', 2],
      [1n, null, 4],
      [4n, '2020-01-01', 8],
      [5n, '2020-01-01', 16],
      [5n, '2020-01-02', 32],
    ),
  ],
  ['medications', listed([eventColumns[0]], [1n, '2020-01-01'], [1n, '2022-01-01'], [5n, '2020-01-02'])],
  ['practice_registrations', listed(registrations.columns, [1n, '2000-01-01'], [1n, '2021-01-01'], [5n, '2000-01-01'])],
  ['practice_registrations_activated', listed(registrations.columns, [1n, '2000-01-01'], [5n, '2000-01-01'])],
  ['PatientsWithTypeOneDissent', listed([], [2n])],
  ['PatientsWithoutNDOO', listed([], [1n], [2n], [4n], [5n])],
  [
    'activated',
    listed(
      [{ name: 'end_date', type: 'date' }],
      [1n, '2021-01-01'],
      [2n, '9999-12-31'],
      [3n, '9999-12-31'],
      [5n, '2020-01-01'],
    ),
  ],
]);
const oneRowTables = new Set(['patients', 'PatientsWithTypeOneDissent', 'PatientsWithoutNDOO', 'activated']);

const dataset: DatasetDefinition = {
  kind: 'dataset',
  population: exists(people),
  columns: [
    { name: 'events', series: count(events) },
    { name: 'total', series: { kind: 'sum', source: select(events, 'numeric_value') } },
    { name: 'medicines', series: count(medications) },
    { name: 'registrations', series: count(registrations) },
  ],
  eventTables: [{ name: 'dated', columns: [{ name: 'date', series: select(events, 'date') }] }],
  dummyData: {},
};

async function collect(results: readonly ResultTable[]): Promise<Rows[]> {
  const all: Rows[] = [];
  for (const { rows } of results) {
    const found: (readonly Nullable[])[] = [];
    for await (const batch of rows) found.push(...batch);
    all.push(found);
  }
  return all;
}

type Rows = readonly (readonly Nullable[])[];

/** The result on DuckDB, which is the reference's too. */
async function run(definition: DatasetDefinition): Promise<Rows[]> {
  const db = await openDuckDb({ tables, oneRowTables });
  try {
    const found = await collect(extractDataset(db, definition));
    expect(found).toEqual(runDataset(definition, tables).map((table) => table.rows));
    return found;
  } finally {
    db.close();
  }
}

test('those who opted out and events after the end of an activation are left out of every table', async () => {
  expect(await run(withBackendFilters(dataset, tpp, []))).toEqual([
    [
      [1n, 1n, 1, 1n, 1n],
      [5n, 1n, 16, 0n, 1n],
    ],
    [
      [1n, '2020-01-01'],
      [5n, '2020-01-01'],
    ],
  ]);
});

test.each<[readonly string[], readonly number[]]>([
  [[], [1, 5]],
  [['include_t1oo'], [1, 2, 5]],
  [['include_ndoo'], [1, 3, 5]],
  [['include_gp_unactivated'], [1, 4, 5]],
  [every, [1, 2, 3, 4, 5]],
  [
    ['include_T1OO', 'appointments'],
    [1, 5],
  ],
])('with the permissions %j the patients are %j', async (granted, ids) => {
  const [patients] = await run(withBackendFilters(dataset, tpp, granted));
  expect(patients!.map(([id]) => Number(id))).toEqual(ids);
});

test('with every permission a definition stays as it is', () => {
  expect(withBackendFilters(dataset, tpp, every)).toEqual(dataset);
});

test('measures count only members, whether the denominator is a truth or a number', async () => {
  const measure = (name: string, denominator: Series) => ({
    name,
    numerator: count(events),
    denominator,
    groupBy: [{ name: 'sex', series: select(people, 'sex') }],
    intervals: [{ start: '2020-01-01', end: '2020-12-31' }],
  });
  const definition: MeasuresDefinition = {
    kind: 'measures',
    measures: [measure('truth', exists(people)), measure('number', count(events))],
    dummyData: {},
    disclosureControl: false,
  };
  const filtered = withBackendFilters(definition, tpp, []);
  const db = await openDuckDb({ tables, oneRowTables });
  const [found] = await collect([extractMeasures(db, filtered)]);
  db.close();
  const counts = runMeasures(filtered, tables).map((row) => [
    row.measure.name,
    row.groups[0],
    row.numerator,
    row.denominator,
  ]);
  expect(counts).toEqual([
    ['truth', 'female', 1n, 1n],
    ['truth', 'male', 1n, 1n],
    ['number', 'female', 1n, 1n],
    ['number', 'male', 1n, 1n],
  ]);
  expect(found).toHaveLength(counts.length);
});

test('rows compared with columns of the same table and of its filtered rows still combine', async () => {
  const late: Series = {
    kind: 'gt',
    left: select(events, 'date'),
    right: { kind: 'value', type: 'date', value: '2019-01-01' },
  };
  const known: Series = {
    kind: 'gt',
    left: select(events, 'numeric_value'),
    right: { kind: 'value', type: 'float', value: 0 },
  };
  const both: Series = {
    kind: 'count',
    source: { kind: 'filter', source: { kind: 'filter', source: events, condition: late }, condition: known },
  };
  expect(typeOf(both)).toBe('int');
  const medicines: Series = { kind: 'count_distinct', source: select(medications, 'date') };
  const columns = [
    { name: 'both', series: both },
    { name: 'medicines', series: medicines },
  ];
  const [rows] = await run(withBackendFilters({ ...dataset, columns, eventTables: [] }, tpp, []));
  expect(rows).toEqual([
    [1n, 1n, 1n],
    [5n, 1n, 0n],
  ]);
});

test('a definition gets round no filter by declaring a table of its own', async () => {
  const counting = (table: Table): DatasetDefinition => ({
    ...dataset,
    columns: [{ name: 'n', series: count(table) }],
    eventTables: [],
  });
  const codeOf = (definition: DatasetDefinition): string | undefined => {
    try {
      withBackendFilters(definition, tpp, []);
    } catch (error) {
      if (error instanceof ProblemError) return error.problems[0]!.code;
      throw error;
    }
    return undefined;
  };
  for (const name of [
    'activated',
    'PatientsWithoutNDOO',
    'glovebox_release',
    'practice_registrations_activated',
    'patient',
  ]) {
    expect(codeOf(counting({ ...events, name })), name).toBe('table-not-offered');
  }
  expect(codeOf(counting({ ...events, rows: 'one' }))).toBe('table-shape');
  expect(codeOf(counting({ ...events, columns: [{ name: 'date', type: 'str' }] }))).toBe('table-shape');
  // Without the column that the filter needs, the filter is there all the same.
  const [rows] = await run(withBackendFilters(counting({ ...events, columns: [] }), tpp, []));
  expect(rows).toEqual([
    [1n, 1n],
    [5n, 1n],
  ]);
});

test('a database is of the backend that it says, whatever is asked for', async () => {
  const told = listed([{ name: 'backend', type: 'str' }], [0n, 'tpp']);
  const db = await openDuckDb({ tables: new Map([['glovebox_release', told]]) });
  expect((await backendOf(db, undefined))?.name).toBe('tpp');
  expect((await backendOf(db, 'expectations'))?.name).toBe('tpp');
  await expect(backendOf(db, 'emis')).rejects.toThrow('The database is of the backend tpp, and emis was asked for.');
  db.close();
  const silent = await openDuckDb({ tables });
  expect((await backendOf(silent, 'tpp'))?.name).toBe('tpp');
  expect(await backendOf(silent, 'test')).toBeUndefined();
  expect(await backendOf(silent, undefined)).toBeUndefined();
  silent.close();
});
