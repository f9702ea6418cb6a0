// Measures over many intervals on databases against the reference engine: whatever the intervals share, and however many of
// them fit in one statement, the cells are those of each interval alone.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  nodePool,
  type Frame,
  type Interval,
  type ManyRowsFrame,
  type Measure,
  type MeasuresDefinition,
  type Node,
  type Nullable,
  type Series,
  type Table,
} from '@glovebox/language';
import { startPostgres, type PostgresServer } from '@glovebox/testkit';
import type { Database } from '../database.js';
import { openDuckDb } from '../duckdb/connection.js';
import { openPostgres } from '../postgres/connection.js';
import { observeStatements } from '../observe-statements.js';
import { measuresTable } from '../reference/measure-rows.js';
import { runMeasures } from '../reference/run-measures.js';
import type { Row, Tables } from '../tables.js';
import { extractCells, type MeasureProgress } from './extract-measures.js';
import { extractEachMeasure, extractMeasures } from './measures-result.js';

const pool = nodePool();
const share = <N extends Node>(node: N): N => pool.share(node);
const people = share<Table>({
  kind: 'table',
  name: 'people',
  rows: 'one',
  columns: [
    { name: 'sex', type: 'str' },
    { name: 'born', type: 'date' },
    { name: 'weight', type: 'int' },
  ],
});
const events = share<Table & { readonly rows: 'many' }>({
  kind: 'table',
  name: 'events',
  rows: 'many',
  columns: [
    { name: 'date', type: 'date' },
    { name: 'until', type: 'date' },
    { name: 'code', type: 'str' },
    { name: 'number', type: 'int' },
    { name: 'bits', type: 'int' },
  ],
});

const of = (source: Frame, name: string): Series => share({ kind: 'select_column', source, name });
const text = (value: string): Series => share({ kind: 'value', type: 'str', value });
const int = (value: bigint): Series => share({ kind: 'value', type: 'int', value });
const start = share<Series>({ kind: 'parameter', name: 'interval_start_date', type: 'date' });
const end = share<Series>({ kind: 'parameter', name: 'interval_end_date', type: 'date' });
const two = (kind: 'and' | 'or' | 'ge' | 'gt' | 'le' | 'lt' | 'eq' | 'add' | 'add_days', left: Series, right: Series) =>
  share<Series>({ kind, left, right });
const not = (source: Series): Series => share({ kind: 'not', source });
const where = (source: ManyRowsFrame, condition: Series): ManyRowsFrame => share({ kind: 'filter', source, condition });
const count = (source: Frame): Series => share({ kind: 'count', source });
const exists = (source: Frame): Series => share({ kind: 'exists', source });

const date = of(events, 'date');
const during = where(events, two('and', two('ge', date, start), two('le', date, end)));
const isFemale = two('eq', of(people, 'sex'), text('female'));
const born = of(people, 'born');
/** Rows that are not over when the interval begins; without an end they never are. */
const current = where(
  where(events, two('le', date, start)),
  two(
    'or',
    not(two('lt', of(events, 'until'), start)),
    share({ kind: 'is_null', source: two('lt', of(events, 'until'), start) }),
  ),
);
const lastCode = of(
  share({
    kind: 'pick',
    source: share({ kind: 'sort', source: where(events, two('lt', date, start)), by: date }),
    position: 'last',
  } as unknown as Frame),
  'code',
);

const weeks = (amount: number): readonly Interval[] =>
  Array.from({ length: amount }, (_, at) => {
    const day = (offset: number) => new Date(Date.UTC(2022, 0, 3 + 7 * at + offset)).toISOString().slice(0, 10);
    return { start: day(0), end: day(6) };
  });

const sex = { name: 'sex', series: of(people, 'sex') };
const measure = (name: string, parts: Partial<Measure> = {}): Measure => ({
  name,
  numerator: count(during),
  denominator: exists(people),
  groupBy: [sex],
  intervals: weeks(9),
  ...parts,
});

/** Always the same, and with NULLs, ties and days at the edges of weeks. */
function tables(): Tables {
  let seed = 7;
  const below = (limit: number): number => (seed = (seed * 48_271) % 2_147_483_647) % limit;
  const oneOf = <T>(values: readonly T[]): T => values[below(values.length)]!;
  const day = (): Nullable =>
    below(9) === 0 ? null : new Date(Date.UTC(2021, 11, 20 + below(100))).toISOString().slice(0, 10);
  const persons = Array.from({ length: 60 }, (_, at): Row => [
    BigInt(at) * 1_000_003n - 5n,
    oneOf(['female', 'male', null]),
    oneOf(['1980-01-10', '2000-02-29', null]),
    oneOf([-1n, 0n, 1n, 3n, null]),
  ]);
  const rows = Array.from({ length: 400 }, (): Row => [
    BigInt(below(70)) * 1_000_003n - 5n,
    day(),
    day(),
    oneOf(['a', 'b', 'c', null]),
    BigInt(below(5)),
    oneOf([1n, 2n, null]),
  ]);
  return new Map([
    ['people', { columns: people.columns, rows: persons }],
    ['events', { columns: events.columns, rows }],
  ]);
}

const inText = (rows: readonly (readonly Nullable[])[]): readonly string[] => rows.map((row) => row.map(String).join());

async function expectSame(measures: readonly Measure[], sizes: readonly number[] = [1, 100, 1_000_000]): Promise<void> {
  const definition: MeasuresDefinition = { kind: 'measures', measures, dummyData: {}, disclosureControl: false };
  const data = tables();
  const expected = inText(measuresTable(definition, runMeasures(definition, data)).rows);
  expect(expected.length).toBeGreaterThan(0);
  for (const open of [() => openDuckDb({ tables: data, threads: 2 }), () => postgresWith(data)]) {
    const db = await open();
    try {
      for (const rowsPerStatement of sizes) {
        const rows: (readonly Nullable[])[] = [];
        for await (const batch of extractMeasures(db, definition, { rowsPerStatement }).rows) rows.push(...batch);
        expect(inText(rows)).toEqual(expected);
      }
    } finally {
      await db.close();
    }
  }
}

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

async function postgresWith(data: Tables): Promise<Database> {
  const db = await openPostgres({ url: server.url });
  for (const [name, { columns, rows }] of data) {
    await db.upload({ name, columns: [{ name: 'patient_id', type: 'int' }, ...columns], rows });
  }
  return db;
}

test('events of the interval, by groups that stay the same', { timeout: 120_000 }, async () => {
  const flagged = count(where(during, two('eq', of(during, 'code'), text('a'))));
  await expectSame([measure('a'), measure('b', { numerator: flagged }), measure('c', { numerator: isFemale })]);
  await expectSame([measure('a', { numerator: share({ kind: 'value', type: 'bool', value: false }) })]);
});

test('the same without groups, with weights, and with groups that are not in a key', { timeout: 120_000 }, async () => {
  const weighted = { denominator: of(people, 'weight') };
  await expectSame([measure('a', { groupBy: [] })]);
  await expectSame([measure('a', { ...weighted, groupBy: [{ name: 'born', series: born }] })]);
  await expectSame([measure('a', weighted), measure('b', { ...weighted, groupBy: [] })]);
});

test('groups that change from interval to interval', { timeout: 120_000 }, async () => {
  const groupBy = [
    sex,
    { name: 'code', series: lastCode },
    { name: 'current', series: exists(current) },
    { name: 'many', series: two('gt', count(current), int(1n)) },
  ];
  await expectSame([measure('a', { groupBy }), measure('b', { groupBy, numerator: exists(during) })]);
});

test('who counts changes from interval to interval', { timeout: 120_000 }, async () => {
  const denominator = two('and', exists(current), isFemale);
  await expectSame([measure('a', { denominator }), measure('b', { denominator, groupBy: [] })]);
  await expectSame([measure('a', { denominator: count(during), groupBy: [] })]);
});

test(
  'rows compared with a value of the patient, and with the interval after a calculation',
  { timeout: 120_000 },
  async () => {
    const after = where(where(events, two('gt', date, two('add_days', born, int(7000n)))), two('ge', date, start));
    const shifted = where(
      events,
      two('ge', two('add_days', date, of(events, 'number')), two('add_days', start, int(-3n))),
    );
    const flagged = where(where(events, isFemale), two('lt', date, start));
    const codes = of(where(events, two('eq', of(events, 'number'), int(1n))), 'code');
    const right = share<Series>({ kind: 'combine_as_set', source: codes });
    const listed = where(during, share<Series>({ kind: 'in', left: of(events, 'code'), right }));
    await expectSame([
      measure('a', { numerator: count(after) }),
      measure('e', { numerator: count(listed) }),
      measure('b', { numerator: count(shifted) }),
      measure('c', { numerator: count(flagged) }),
      measure('d', {
        numerator: share({ kind: 'sum', source: of(where(during, not(two('lt', of(during, 'until'), end))), 'bits') }),
      }),
    ]);
  },
);

test('more intervals than an integer has bits for, some of them longer than others', { timeout: 120_000 }, async () => {
  const intervals = [...weeks(64), { start: '2023-04-01', end: '2024-12-31' }];
  await expectSame([measure('a', { intervals }), measure('b', { intervals, numerator: exists(current) })], [1000]);
});

const databases = {
  DuckDB: (data: Tables): Promise<Database> => openDuckDb({ tables: data }),
  PostgreSQL: (data: Tables): Promise<Database> => postgresWith(data),
};

test.each(Object.keys(databases) as (keyof typeof databases)[])(
  'on %s each table is read as often for thirty weeks as for three',
  { timeout: 120_000 },
  async (name) => {
    const db = await databases[name](tables());
    const denominator = two('and', exists(current), isFemale);
    const readsOf = async (amount: number): Promise<readonly number[]> => {
      const parts = { intervals: weeks(amount), denominator, groupBy: [sex, { name: 'code', series: lastCode }] };
      const measures = [measure('a', parts), measure('b', { ...parts, groupBy: [sex] })];
      const statements: string[] = [];
      const watched = observeStatements(db, ({ sql }) => {
        statements.push(sql);
        return () => {};
      });
      const definition: MeasuresDefinition = { kind: 'measures', measures, dummyData: {}, disclosureControl: false };
      let rows = 0;
      for await (const cells of extractCells(watched, definition)) rows += cells.size;
      expect(rows).toBeGreaterThan(amount);
      return ['people', 'events'].map((table) => statements.filter((sql) => sql.includes(`FROM "${table}"`)).length);
    };
    try {
      const few = await readsOf(3);
      expect(few.every((reads) => reads > 0)).toBe(true);
      expect(await readsOf(30)).toEqual(few);
    } finally {
      await db.close();
    }
  },
);

test('a table for each measure has the rows that it has in the table of all', { timeout: 120_000 }, async () => {
  const groupBy = [sex, { name: 'current', series: exists(current) }];
  const measures = [measure('a'), measure('b', { groupBy }), measure('c', { denominator: isFemale }), measure('d')];
  const definition: MeasuresDefinition = { kind: 'measures', measures, dummyData: {}, disclosureControl: true };
  const db = await openDuckDb({ tables: tables() });
  try {
    const together: string[] = [];
    for await (const lines of extractMeasures(db, definition).lines!)
      together.push(...lines.split('\r\n').slice(0, -1));
    const each = await Promise.all(
      extractEachMeasure(db, definition).map(async (table) => {
        let text = '';
        for await (const lines of table.lines!) text += lines;
        return text.split('\r\n').slice(0, -1);
      }),
    );
    // Only the second has the group `current`, which comes last.
    const expected = measures.map(({ name }) =>
      together
        .filter((line) => line.startsWith(`${name},`))
        .map((line) => line.slice(2, name === 'b' ? undefined : -1)),
    );
    expect(each).toEqual(expected);
    const rows = await Promise.all(
      extractEachMeasure(db, definition).map(async (table) => {
        let size = 0;
        for await (const batch of table.rows) size += batch.length;
        return size;
      }),
    );
    expect(rows).toEqual(expected.map((lines) => lines.length));
  } finally {
    db.close();
  }
});

test('progress counts intervals and rows up to all of them', async () => {
  const definition: MeasuresDefinition = {
    kind: 'measures',
    measures: [measure('a'), measure('b', { denominator: isFemale, intervals: weeks(2) })],
    dummyData: {},
    disclosureControl: false,
  };
  const db = await openDuckDb({ tables: tables() });
  try {
    const seen: MeasureProgress[] = [];
    let rows = 0;
    for await (const cells of extractCells(db, definition, { onProgress: (progress) => void seen.push(progress) })) {
      rows += cells.size;
    }
    expect(seen.at(-1)).toEqual({ intervalsDone: 11, intervalsTimed: 11, intervals: 11, rows });
    for (const key of ['intervalsDone', 'rows'] as const) {
      const values = seen.map((progress) => progress[key]);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  } finally {
    db.close();
  }
});
