// Definitions that together use every operation of the query language, with rows to run them on.
import {
  nodePool,
  type DatasetDefinition,
  type Frame,
  type InlineTable,
  type Series,
  type Table,
} from '@glovebox/language';
import type { Tables } from '../../tables.js';

const pool = nodePool();
const share = (series: Series): Series => pool.share(series);
const patients = pool.share<Table>({
  kind: 'table',
  name: 'patients',
  rows: 'one',
  columns: [
    { name: 'sex', type: 'str' },
    { name: 'date_of_birth', type: 'date' },
    { name: 'size', type: 'int' },
    { name: 'weight', type: 'float' },
    { name: 'is_alive', type: 'bool' },
  ],
});
const events = pool.share<Table>({
  kind: 'table',
  name: 'events',
  rows: 'many',
  columns: [
    { name: 'code', type: 'SNOMEDCTCode' },
    { name: 'date', type: 'date' },
    { name: 'value', type: 'float' },
    { name: 'count', type: 'int' },
    { name: 'is_urgent', type: 'bool' },
  ],
});
const inline = pool.share<InlineTable>({
  kind: 'inline_table',
  columns: [{ name: 'arm', type: 'str' }],
  rows: [
    [1n, 'it\'s ]"\\ %_'],
    [2n, null],
  ],
});

const of = (source: Frame, name: string): Series => share({ kind: 'select_column', source, name });
const int = (value: number | bigint): Series => share({ kind: 'value', type: 'int', value: BigInt(value) });
const float = (value: number): Series => share({ kind: 'value', type: 'float', value });
const text = (value: string): Series => share({ kind: 'value', type: 'str', value });
const day = (value: string): Series => share({ kind: 'value', type: 'date', value });
const two = (kind: Extract<Series, { left: Series }>['kind'], left: Series, right: Series): Series =>
  share({ kind, left, right });
const one = (
  kind: 'not' | 'is_null' | 'negate' | 'absolute' | 'cast_to_int' | 'cast_to_float',
  source: Series,
): Series => share({ kind, source });
const part = (kind: 'year' | 'month' | 'day' | 'to_first_of_year' | 'to_first_of_month', source: Series): Series =>
  share({ kind, source });
const where = (source: Frame, condition: Series): Frame =>
  pool.share<Frame>({ kind: 'filter', source: source as Table, condition });
const sorted = (source: Frame, by: Series): Frame => pool.share<Frame>({ kind: 'sort', source: source as Table, by });
const pick = (source: Frame, position: 'first' | 'last'): Frame =>
  pool.share<Frame>({ kind: 'pick', source: source as Table, position });
const codes = (from: number, count: number): Series =>
  share({
    kind: 'value_set',
    type: 'SNOMEDCTCode',
    values: Array.from({ length: count }, (_, at) => `${from + at}000000`),
  });

const [sex, birth, size, weight, isAlive] = patients.columns.map(({ name }) => of(patients, name)) as [
  Series,
  Series,
  Series,
  Series,
  Series,
];
const [code, date, value, count, isUrgent] = events.columns.map(({ name }) => of(events, name)) as [
  Series,
  Series,
  Series,
  Series,
  Series,
];
const isThere = share({ kind: 'exists', source: patients });

function dataset(columns: Readonly<Record<string, Series>>, rest: Partial<DatasetDefinition> = {}): DatasetDefinition {
  const named = Object.entries(columns).map(([name, series]) => ({ name, series }));
  return { kind: 'dataset', population: isThere, columns: named, eventTables: [], dummyData: {}, ...rest };
}

/** Operations on a patient's own values. */
const values = dataset({
  same: two('eq', sex, text('female')),
  same_condition: two('eq', isAlive, two('gt', size, int(10))),
  other: two('ne', two('le', weight, float(0.5)), isAlive),
  order: two('and', two('lt', sex, text('m')), two('ge', birth, day('1950-01-01'))),
  logic: one('not', two('or', isAlive, one('is_null', weight))),
  condition_number: one('cast_to_int', two('or', isAlive, one('is_null', weight))),
  calculation: two('subtract', two('add', size, int(5_000_000_000)), two('multiply', size, int(3))),
  negated: one('absolute', one('negate', size)),
  half: two('true_divide', size, int(2)),
  floor: two('floor_divide', size, int(-7)),
  floor_of_floats: two('floor_divide', weight, float(0.3)),
  product: two('multiply', two('add', weight, float(1.5)), two('subtract', weight, float(1e-7))),
  power: two('power', weight, float(2)),
  whole: one('cast_to_int', weight),
  as_float: one('cast_to_float', size),
  year: part('year', birth),
  month: part('month', birth),
  day: part('day', birth),
  year_start: part('to_first_of_year', birth),
  month_start: part('to_first_of_month', birth),
  days_later: two('add_days', birth, size),
  months_later: two('add_months', birth, size),
  years_later: two('add_years', birth, int(1)),
  days_between: two('difference_in_days', day('2020-02-29'), birth),
  months_between: two('difference_in_months', day('2020-02-29'), birth),
  years_between: two('difference_in_years', day('2020-02-29'), birth),
  has_part: two('contains', sex, text('%')),
  has_nothing: two('contains', sex, text('')),
  has_other: two('contains', sex, share({ kind: 'minimum_of', sources: [text('e'), sex] })),
  greatest: share({ kind: 'maximum_of', sources: [size, int(3), two('add', size, int(1))] }),
  few: two('in', sex, share({ kind: 'value_set', type: 'str', values: ["it's", 'female'] })),
  none: two('in', sex, share({ kind: 'value_set', type: 'str', values: [] })),
  choice: share({
    kind: 'case',
    cases: [
      { when: isAlive, then: text('alive') },
      { when: two('gt', weight, float(2)), then: null },
    ],
    otherwise: text("l'autre"),
  }),
  choice_of_conditions: share({
    kind: 'case',
    cases: [{ when: two('gt', size, int(0)), then: two('lt', weight, float(3)) }],
    otherwise: isAlive,
  }),
  arm: of(inline, 'arm'),
  has_arm: share({ kind: 'exists', source: inline }),
});

const urgent = where(events, isUrgent);
const recent = where(events, two('gt', date, two('add_years', birth, int(20))));
const firstUrgent = pick(sorted(sorted(urgent, count), date), 'first');
const last = pick(sorted(events, date), 'last');
const setOfDates = share({ kind: 'combine_as_set', source: of(urgent, 'date') });

/** Aggregations, first and last rows, episodes and sets. */
const rows = dataset({
  exists: share({ kind: 'exists', source: urgent }),
  exists_with: share({ kind: 'exists', source: where(events, two('gt', value, float(3))) }),
  exists_since: share({ kind: 'exists', source: where(events, two('gt', date, day('2020-01-01'))) }),
  count: share({ kind: 'count', source: recent }),
  distinct: share({ kind: 'count_distinct', source: code }),
  distinct_conditions: share({ kind: 'count_distinct', source: two('gt', value, float(1)) }),
  least: share({ kind: 'min', source: of(recent, 'date') }),
  greatest: share({ kind: 'max', source: value }),
  sum: share({ kind: 'sum', source: of(urgent, 'count') }),
  mean: share({ kind: 'mean', source: count }),
  episodes: share({ kind: 'count_episodes', source: of(urgent, 'date'), maximumGapDays: 14 }),
  first_value: of(firstUrgent, 'value'),
  first_count: of(firstUrgent, 'count'),
  has_first: share({ kind: 'exists', source: firstUrgent }),
  last_date: of(last, 'date'),
  last_urgent: of(last, 'is_urgent'),
  in_set: two('in', birth, setOfDates),
  rows_in_set: share({ kind: 'count', source: where(events, two('in', date, setOfDates)) }),
});

/** Code lists that are joined, a population that needs a row, and a table of events. */
const lists = dataset(
  {
    either: share({ kind: 'exists', source: where(events, two('in', code, codes(10, 20))) }),
    both: share({
      kind: 'count',
      source: where(where(events, two('in', code, codes(10, 20))), two('in', code, codes(20, 30))),
    }),
    last_is_listed: two('in', of(pick(sorted(events, date), 'last'), 'code'), codes(10, 20)),
  },
  {
    population: two('gt', size, int(0)),
    eventTables: [
      {
        name: 'listed',
        columns: [
          { name: 'code', series: of(where(events, two('in', code, codes(20, 30))), 'code') },
          { name: 'late', series: two('gt', of(where(events, two('in', code, codes(20, 30))), 'date'), birth) },
        ],
      },
    ],
  },
);

export const goldenDefinitions = { values, rows, lists } as const;

export const goldenTables: Tables = new Map([
  [
    'patients',
    {
      columns: patients.columns,
      rows: [
        [1n, 'female', '1952-02-29', 12n, 71.5, true],
        [2n, "it's %", '1999-12-31', -5n, 0.25, false],
        [3n, null, null, null, null, null],
        [4n, 'FEMALE', '2020-01-31', 1n, -3, null],
      ],
    },
  ],
  [
    'events',
    {
      columns: events.columns,
      rows: [
        [1n, '10000000', '2020-01-01', 1.5, 3n, true],
        [1n, '25000000', '2020-01-10', null, 4n, true],
        [1n, '25000000', '2020-03-01', 4, null, true],
        [1n, '99000000', null, 2.5, 7n, false],
        [2n, '20000000', '1999-12-31', 3.5, 1n, true],
        [2n, '20000000', '2021-12-31', 3.5, 1n, null],
        [4n, null, '2021-01-31', null, null, false],
      ],
    },
  ],
]);
