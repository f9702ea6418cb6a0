import { tableCatalogue, type Nullable, type Series, type Table, type TableFacts } from '@glovebox/language';
import { expect, test } from 'vitest';
import { generateDummyTables } from './generate-dummy-tables.js';

/** As a study may declare one: its constraints stand in the definition, not in the catalogue. */
const own: TableFacts = {
  name: 'wards',
  rows: 'many',
  permission: null,
  activation_filter: 'never',
  columns: [
    {
      name: 'bed',
      type: 'int',
      constraints: [{ kind: 'NotNull' }, { kind: 'ClosedRange', minimum: 200, maximum: 240, step: 10 }],
    },
    { name: 'first_month', type: 'date', constraints: [{ kind: 'FirstOfMonth' }] },
    { name: 'left', type: 'date', dummy_data_constraints: [{ kind: 'DateAfter', column_names: ['first_month'] }] },
  ],
};
const tables = [...Object.entries(tableCatalogue().tables), ['of a study itself', own] as const];

test.each(tables)('dummy rows of %s keep the constraints of its columns', (_key, { name, rows, columns }) => {
  const inModel = columns.map(({ dummy_data_constraints: dummyDataConstraints, ...column }) =>
    name === own.name
      ? { ...column, ...(dummyDataConstraints && { dummyDataConstraints }) }
      : { name: column.name, type: column.type, ...(column.categories && { categories: column.categories }) },
  );
  const table: Table = { kind: 'table', name, rows, columns: inModel };
  const frame = rows === 'one' ? table : ({ kind: 'pick', source: table, position: 'first' } as const);
  const exists: Series = { kind: 'exists', source: table };
  const series = columns.map((c) => ({
    name: c.name,
    series: { kind: 'select_column', source: frame, name: c.name } as const,
  }));
  const made = generateDummyTables({
    kind: 'dataset',
    population: exists,
    columns: series,
    eventTables: [],
    dummyData: { populationSize: 25 },
  }).get(name)!;
  expect(new Set(made.rows.map(([id]) => id)).size).toBe(25);
  const place = new Map(made.columns.map((column, index) => [column.name, index + 1]));
  for (const column of columns) {
    for (const constraint of [...(column.constraints ?? []), ...(column.dummy_data_constraints ?? [])]) {
      for (const row of made.rows) {
        const value = row[place.get(column.name)!] as Nullable;
        const others =
          constraint.kind === 'DateAfter' ? constraint.column_names.map((other) => row[place.get(other)!]) : [];
        const isKept = ((): boolean => {
          if (value === null) return constraint.kind !== 'NotNull';
          if (constraint.kind === 'FirstOfMonth') return String(value).endsWith('-01');
          if (constraint.kind === 'Regex') return new RegExp(`^(${constraint.regex})$`).test(String(value));
          if (constraint.kind === 'ClosedRange')
            return Number(value) >= constraint.minimum && Number(value) <= constraint.maximum;
          if (constraint.kind === 'GeneralRange') return constraint.minimum === null || value >= constraint.minimum;
          if (constraint.kind === 'DateAfter')
            return others.every((other) => other === null || other === undefined || value >= other);
          // NULL alone in a closed set means that dummy data may leave the column open.
          const listed =
            constraint.kind === 'Categorical' ? constraint.values.filter((v) => v !== null).map(String) : [];
          return listed.length === 0 || listed.includes(String(value));
        })();
        expect([column.name, constraint.kind, value, isKept]).toEqual([column.name, constraint.kind, value, true]);
      }
    }
  }
});
