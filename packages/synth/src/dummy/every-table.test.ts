import { tableCatalogue, type Nullable, type Series, type Table } from '@glovebox/language';
import { expect, test } from 'vitest';
import { generateDummyTables } from './generate-dummy-tables.js';

const tables = Object.entries(tableCatalogue().tables);

test.each(tables)('dummy rows of %s keep the constraints of its columns', (_key, { name, rows, columns }) => {
  const table: Table = { kind: 'table', name, rows, columns };
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
