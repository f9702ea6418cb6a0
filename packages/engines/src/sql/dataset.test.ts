import { expect, test } from 'vitest';
import {
  nodePool,
  type DatasetDefinition,
  type InlineTable,
  type Node,
  type Series,
  type Table,
} from '@glovebox/language';
import { openDuckDb } from '../duckdb/connection.js';
import { datasetSql } from './dataset.js';
import { duckdb } from './dialects/duckdb/dialect.js';
import { extractDataset } from './extract-dataset.js';
import { printDatasetSql } from './print-dataset.js';
import { printStatement } from './printer.js';

const pool = nodePool();
const share = <N extends Node>(node: N): N => pool.share(node);
const patients = share<Table>({
  kind: 'table',
  name: 'patients',
  rows: 'one',
  columns: [
    { name: 'sex', type: 'str' },
    { name: 'date_of_birth', type: 'date' },
  ],
});
const events = share<Table>({
  kind: 'table',
  name: 'events',
  rows: 'many',
  columns: [
    { name: 'code', type: 'SNOMEDCTCode' },
    { name: 'date', type: 'date' },
    { name: 'value', type: 'float' },
  ],
});
const select = (source: Parameters<typeof selectFrom>[0], name: string): Series => selectFrom(source, name);
function selectFrom(source: Extract<Series, { kind: 'select_column' }>['source'], name: string): Series {
  return share({ kind: 'select_column', source, name });
}
const date = (value: string): Series => share({ kind: 'value', type: 'date', value });
const codes = (from: number, count: number): Series =>
  share({
    kind: 'value_set',
    type: 'SNOMEDCTCode',
    values: Array.from({ length: count }, (_, at) => `${from + at}000000`),
  });
const withCode = (set: Series) =>
  share({
    kind: 'filter' as const,
    source: events,
    condition: share<Series>({ kind: 'in', left: select(events, 'code'), right: set }),
  });
const isBorn = share<Series>({ kind: 'lt', left: select(patients, 'date_of_birth'), right: date('2000-01-01') });

const dataset = (columns: Readonly<Record<string, Series>>): DatasetDefinition => ({
  kind: 'dataset',
  population: isBorn,
  columns: Object.entries(columns).map(([name, series]) => ({ name, series })),
  eventTables: [],
  dummyData: {},
});
const textOf = (definition: DatasetDefinition): string =>
  datasetSql(definition, duckdb)
    .statements.map(({ statement }) => printStatement(statement, duckdb))
    .join(';\n');

test('SQL of a small dataset for DuckDB', async () => {
  const recent = withCode(codes(1, 3));
  const sorted = share({ kind: 'sort' as const, source: recent, by: select(recent, 'date') });
  const last = share({ kind: 'pick' as const, source: sorted, position: 'last' as const });
  const definition = dataset({
    sex: select(patients, 'sex'),
    events: share({ kind: 'count', source: recent }),
    latest: select(last, 'date'),
    latest_value: select(last, 'value'),
    after_birthday: share({
      kind: 'exists',
      source: share({
        kind: 'filter' as const,
        source: events,
        condition: share<Series>({
          kind: 'gt',
          left: select(events, 'date'),
          right: share({
            kind: 'add_years',
            left: select(patients, 'date_of_birth'),
            right: share({ kind: 'value', type: 'int', value: 18n }),
          }),
        }),
      }),
    }),
  });
  await expect(printDatasetSql(definition)).toMatchFileSnapshot('golden/duckdb/small-dataset.sql');
});

test('aggregations over one table share one scan, and long code lists one join', async () => {
  const definition = dataset(
    Object.fromEntries(
      [1, 2, 3, 4].map((n) => [`n${n}`, share({ kind: 'count', source: withCode(codes(n * 100, 40)) })]),
    ),
  );
  const text = textOf(definition);
  expect(text.match(/FROM "events"/g)).toHaveLength(1);
  expect(text.match(/JOIN "code_masks"/g)).toHaveLength(1);
  expect(text).not.toContain('100000000');
  await expect(text).toMatchFileSnapshot('golden/duckdb/code-lists.sql');
});

test('the population starts from the table that it implies', () => {
  expect(textOf(dataset({ sex: select(patients, 'sex') }))).toContain('FROM "patients" AS "p"');
});

test('the SQL grows linearly with a definition that reuses its expressions', () => {
  const lengths = [20, 40, 80].map((depth) => {
    let sum: Series = share({ kind: 'count', source: withCode(codes(1, 3)) });
    for (let n = 0; n < depth; n++) sum = share({ kind: 'add', left: sum, right: sum });
    return textOf(dataset({ sum })).length;
  });
  expect(lengths[2]! - lengths[1]!).toBeLessThan(2.5 * (lengths[1]! - lengths[0]!));
});

test('a chain of thousands of operations is planned without running out of stack', () => {
  let sum: Series = share({ kind: 'count', source: events });
  for (let n = 0; n < 5000; n++) {
    sum = share({ kind: 'add', left: sum, right: share({ kind: 'value', type: 'int', value: BigInt(n) }) });
  }
  expect(textOf(dataset({ sum })).length).toBeLessThan(1_000_000);
});

test('INTERVAL in a dataset is a problem', () => {
  const start = share<Series>({ kind: 'parameter', name: 'interval_start_date', type: 'date' });
  expect(() => textOf(dataset({ start }))).toThrow('INTERVAL');
});

test('thousands of aggregations over one table are printed without running out of stack', () => {
  const columns = Array.from({ length: 5000 }, (_, at): readonly [string, Series] => {
    const right = share<Series>({ kind: 'value', type: 'float', value: at });
    const condition = share<Series>({ kind: 'eq', left: select(events, 'value'), right });
    return [`c${at}`, share({ kind: 'exists', source: share({ kind: 'filter', source: events, condition }) })];
  });
  expect(textOf(dataset(Object.fromEntries(columns))).match(/ OR /g)).toHaveLength(4999);
});

test('columns of a table in the definition may differ in case alone', async () => {
  const columns = ['x', 'X', 'Patient_ID'].map((name) => ({ name, type: 'int' as const }));
  const source = share<InlineTable>({ kind: 'inline_table', columns, rows: [[1n, 2n, 3n, 4n]] });
  const definition: DatasetDefinition = {
    ...dataset(Object.fromEntries(columns.map(({ name }) => [name, select(source, name)]))),
    population: share({ kind: 'exists', source }),
  };
  const db = await openDuckDb();
  try {
    const rows: unknown[] = [];
    for await (const batch of extractDataset(db, definition)[0]!.rows) rows.push(...batch);
    expect(rows).toEqual([[1n, 2n, 3n, 4n]]);
  } finally {
    db.close();
  }
});
