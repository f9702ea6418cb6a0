import { expect, test } from 'vitest';
import {
  nodePool,
  type Measure,
  type MeasuresDefinition,
  type NamedSeries,
  type Node,
  type Nullable,
  type Series,
  type Table,
} from '@glovebox/language';
import { openDuckDb } from '../duckdb/connection.js';
import type { Row } from '../tables.js';
import { extractEachMeasure, extractMeasures } from './measures-result.js';

const pool = nodePool();
const share = <N extends Node>(node: N): N => pool.share(node);
const patients = share<Table>({
  kind: 'table',
  name: 'patients',
  rows: 'one',
  columns: [
    { name: 'sex', type: 'str' },
    { name: 'born', type: 'date' },
    { name: 'died', type: 'date' },
    { name: 'visits', type: 'int' },
  ],
});
const column = (name: string): Series => share({ kind: 'select_column', source: patients, name });
const exists = share<Series>({ kind: 'exists', source: patients });
const isFemale = share<Series>({
  kind: 'eq',
  left: column('sex'),
  right: share({ kind: 'value', type: 'str', value: 'female' }),
});
const week = { start: '2022-01-03', end: '2022-01-09' };
const sex: NamedSeries = { name: 'sex', series: column('sex') };
const born: NamedSeries = { name: 'born', series: column('born') };

const measure = (name: string, parts: Partial<Measure> = {}): Measure => ({
  name,
  numerator: isFemale,
  denominator: exists,
  groupBy: [],
  intervals: [week],
  ...parts,
});

const people: readonly Row[] = [
  [1n, 'female', '1990-01-01', null, 3n],
  [2n, 'female', '1990-01-01', null, 0n],
  [3n, 'male', '1980-05-01', '2020-01-01', 1n],
  [4n, null, null, null, -2n],
];

async function run(
  measures: readonly Measure[],
  { rows = people, disclosureControl = false }: { rows?: readonly Row[]; disclosureControl?: boolean } = {},
): Promise<readonly string[]> {
  const definition: MeasuresDefinition = { kind: 'measures', measures, dummyData: {}, disclosureControl };
  const db = await openDuckDb({ tables: new Map([['patients', { columns: patients.columns, rows }]]) });
  try {
    let text = '';
    for await (const lines of extractMeasures(db, definition).lines!) text += lines;
    return text
      .split('\r\n')
      .slice(0, -1)
      .map((line) => line.replace(',2022-01-03,2022-01-09', ''));
  } finally {
    db.close();
  }
}

test('rows come by grouping, then group values with NULL first, then measure', async () => {
  const visits = measure('b', { numerator: column('visits'), groupBy: [sex] });
  expect(await run([measure('a', { groupBy: [sex] }), visits, measure('c')])).toEqual([
    'a,0.0,0,1,',
    'b,-2.0,-2,1,',
    'a,1.0,2,2,female',
    'b,1.5,3,2,female',
    'a,0.0,0,1,male',
    'b,1.0,1,1,male',
    'c,0.5,2,4,',
  ]);
});

test('groups named in another order count once each', async () => {
  const rows = await run([measure('a', { groupBy: [sex, born] }), measure('b', { groupBy: [born, sex] })]);
  expect(rows.filter((row) => row.includes('1990'))).toEqual([
    'a,1.0,2,2,female,1990-01-01',
    'b,1.0,2,2,female,1990-01-01',
  ]);
});

test('one series under two names fills both columns', async () => {
  const again = { name: 'gender', series: sex.series };
  expect(await run([measure('a', { groupBy: [sex, again] })])).toContain('a,1.0,2,2,female,female');
});

test('measures that name the same series differently both have rows', async () => {
  const gender = { name: 'gender', series: sex.series };
  const rows = await run([measure('a', { groupBy: [sex] }), measure('b', { groupBy: [gender] })]);
  expect(rows).toContain('a,1.0,2,2,female,');
  expect(rows).toContain('b,1.0,2,2,,female');
});

test('a measure about nobody has no rows, grouped or not', async () => {
  expect(await run([measure('a'), measure('b', { groupBy: [sex] })], { rows: [] })).toEqual([]);
});

test('a denominator that is true for NULL counts the patients of its tables', async () => {
  const denominator = share<Series>({ kind: 'is_null', source: column('died') });
  expect(await run([measure('a', { denominator })])).toEqual(['a,0.6666666666666666,2,3']);
});

test('integer denominators count only above zero', async () => {
  expect(await run([measure('a', { denominator: column('visits') })])).toEqual(['a,0.25,1,4']);
});

test('disclosure control rounds each count and makes the ratio from the rounded ones', async () => {
  const many = Array.from({ length: 20 }, (_, at): Row => [BigInt(at), at < 6 ? 'female' : 'male', null, null, -3n]);
  const negative = measure('b', { numerator: column('visits') });
  expect(await run([measure('a'), negative], { rows: many, disclosureControl: true })).toEqual([
    'a,0.0,0,20',
    'b,-3.0,-60,20',
  ]);
  expect(await run([measure('a')], { disclosureControl: true })).toEqual(['a,,0,0']);
});

test('a table for each measure has only its own groups, and is there without rows too', async () => {
  const definition: MeasuresDefinition = {
    kind: 'measures',
    measures: [measure('a', { groupBy: [sex] }), measure('b', { intervals: [] })],
    dummyData: {},
    disclosureControl: false,
  };
  const db = await openDuckDb({ tables: new Map([['patients', { columns: patients.columns, rows: people }]]) });
  try {
    const found: Record<string, readonly (readonly Nullable[])[]> = {};
    const names = extractEachMeasure(db, definition).map((table) => table.columns.map((c) => c.name).join());
    for (const table of extractEachMeasure(db, definition)) {
      const rows: (readonly Nullable[])[] = [];
      for await (const batch of table.rows) rows.push(...batch);
      found[table.name] = rows;
    }
    expect(names).toEqual([
      'interval_start,interval_end,ratio,numerator,denominator,sex',
      'interval_start,interval_end,ratio,numerator,denominator',
    ]);
    expect(found['a']).toHaveLength(3);
    expect(found['b']).toEqual([]);
  } finally {
    db.close();
  }
});
