// Populations of many shapes, each built by hand beside what must hold of its patients. Long, because the few lines of each
// case are easier to read in one list with the builders they share than over several files.
import { evaluator, populationProblem, type Tables } from '@glovebox/engines';
import {
  nodePool,
  rewrite,
  tieBreaks,
  type BinaryKind,
  type Column,
  type DatasetDefinition,
  type DummyDataOptions,
  type Frame,
  type ManyRowsFrame,
  type MeasuresDefinition,
  type Nullable,
  type OneRowFrame,
  type Scalar,
  type Series,
  type SeriesType,
  type Table,
} from '@glovebox/language';
import { describe, expect, test } from 'vitest';
import { explainShortfall } from './conflicts.js';
import { generateDummyTables, type Shortfall } from './generate-dummy-tables.js';

// ---- Small words to build models with --------------------------------------------------------------------------------

const column = (name: string, type: SeriesType, categories?: readonly string[]): Column => ({
  name,
  type,
  ...(categories && { categories }),
});
const patients: Table = {
  kind: 'table',
  name: 'patients',
  rows: 'one',
  columns: [
    column('date_of_birth', 'date'),
    column('sex', 'str', ['female', 'male', 'intersex', 'unknown']),
    column('date_of_death', 'date'),
  ],
};
const events: Table = {
  kind: 'table',
  name: 'clinical_events',
  rows: 'many',
  columns: [column('date', 'date'), column('snomedct_code', 'SNOMEDCTCode'), column('numeric_value', 'float')],
};
const medications: Table = {
  kind: 'table',
  name: 'medications',
  rows: 'many',
  columns: [column('date', 'date'), column('dmd_code', 'DMDCode')],
};
const registrations: Table = {
  kind: 'table',
  name: 'practice_registrations',
  rows: 'many',
  columns: [column('start_date', 'date'), column('end_date', 'date'), column('practice_pseudo_id', 'int')],
};
const spells: Table = {
  kind: 'table',
  name: 'apcs',
  rows: 'many',
  columns: [
    column('admission_date', 'date'),
    column('discharge_date', 'date'),
    column('all_diagnoses', 'ICD10MultiCodeString'),
  ],
};
const deaths: Table = {
  kind: 'table',
  name: 'ons_deaths',
  rows: 'one',
  columns: [column('date', 'date'), column('underlying_cause_of_death', 'ICD10Code')],
};
const own: Table = {
  kind: 'table',
  name: 'my_table',
  rows: 'many',
  columns: [column('i', 'int'), column('j', 'int'), column('s', 'str'), column('b', 'bool')],
};

const col = (source: Frame, name: string): Series => ({ kind: 'select_column', source, name });
const value = (type: SeriesType, of: Scalar): Series => ({ kind: 'value', type, value: of });
const date = (of: string): Series => value('date', of);
const int = (of: number): Series => value('int', BigInt(of));
const op = (kind: BinaryKind, left: Series, right: Series): Series => ({ kind, left, right });
const not = (source: Series): Series => ({ kind: 'not', source });
const all = (...series: Series[]): Series => series.reduce((left, right) => op('and', left, right));
const any = (...series: Series[]): Series => series.reduce((left, right) => op('or', left, right));
const oneOf = (left: Series, type: SeriesType, values: Scalar[]): Series =>
  op('in', left, { kind: 'value_set', type, values });
const where = (source: ManyRowsFrame, condition: Series): ManyRowsFrame => ({ kind: 'filter', source, condition });
const exists = (source: Frame): Series => ({ kind: 'exists', source });
const count = (source: Frame): Series => ({ kind: 'count', source });
const last = (source: ManyRowsFrame, by: string): OneRowFrame => ({
  kind: 'pick',
  position: 'last',
  source: { kind: 'sort', source, by: col(source, by) },
});
const first = (source: ManyRowsFrame, by: string): OneRowFrame => ({
  kind: 'pick',
  position: 'first',
  source: { kind: 'sort', source, by: col(source, by) },
});
const withCode = (source: ManyRowsFrame, ...codes: string[]): ManyRowsFrame =>
  where(source, oneOf(col(source, 'snomedct_code'), 'SNOMEDCTCode', codes));
const during = (source: ManyRowsFrame, start: string, end: string): ManyRowsFrame =>
  where(source, all(op('ge', col(source, 'date'), date(start)), op('le', col(source, 'date'), date(end))));
const ageOn = (day: string): Series => op('difference_in_years', date(day), col(patients, 'date_of_birth'));

function dataset(population: Series, columns: Series[] = [], dummyData: DummyDataOptions = {}): DatasetDefinition {
  const pool = nodePool();
  const extra = dummyData.additionalPopulationConstraint;
  const roots = [population, ...columns, ...(extra ? [extra] : [])];
  const shared = rewrite(roots, (node) => node, pool);
  return {
    kind: 'dataset',
    population: shared(population) as Series,
    columns: columns.map((series, i) => ({ name: `c${i}`, series: shared(series) as Series })),
    eventTables: [],
    dummyData: extra ? { ...dummyData, additionalPopulationConstraint: shared(extra) as Series } : dummyData,
  };
}

/** The ids in the tables, and whether the condition is true of each. */
function members(condition: Series, tables: Tables): { ids: readonly bigint[]; isMember: readonly boolean[] } {
  const ids = [...new Set([...tables.values()].flatMap((table) => table.rows.map(([id]) => id)))].sort((a, b) =>
    a < b ? -1 : 1,
  );
  const values = evaluator(tables, ids, tieBreaks([condition])).patientValues(condition);
  return { ids, isMember: values.map((v) => v === true) };
}

// ---- Populations ---------------------------------------------------------------------------------------------------

const asthma = withCode(events, '195967001', '370218001');
const copd = withCode(events, '13645005');
const registered = where(
  registrations,
  all(
    op('le', col(registrations, 'start_date'), date('2023-03-31')),
    any(op('ge', col(registrations, 'end_date'), date('2023-03-31')), {
      kind: 'is_null',
      source: col(registrations, 'end_date'),
    }),
  ),
);
const spellsIn2022 = where(spells, op('ge', col(spells, 'admission_date'), date('2022-01-01')));

const populations: Record<string, Series> = {
  'adults of two sexes': all(
    op('ge', ageOn('2023-03-31'), int(18)),
    op('le', ageOn('2023-03-31'), int(110)),
    oneOf(col(patients, 'sex'), 'str', ['female', 'male']),
  ),
  'children registered on a day, who are alive': all(
    op('lt', ageOn('2023-03-31'), int(1)),
    exists(registered),
    any(op('gt', col(patients, 'date_of_death'), date('2023-03-31')), {
      kind: 'is_null',
      source: col(patients, 'date_of_death'),
    }),
  ),
  'a code but never another': all(exists(asthma), not(exists(copd))),
  'a narrow window of dates': exists(during(asthma, '2019-02-03', '2019-02-04')),
  'two codes in opposite order and more than ten events': all(
    op('lt', col(first(asthma, 'date'), 'date'), col(last(copd, 'date'), 'date')),
    exists(during(asthma, '2020-01-01', '2020-01-31')),
    exists(during(copd, '2022-06-01', '2022-06-30')),
    op('gt', count(events), int(10)),
  ),
  'a count of prescriptions and a measured value': all(
    op('ge', count(where(medications, oneOf(col(medications, 'dmd_code'), 'DMDCode', ['39113311000001107']))), int(3)),
    op(
      'ge',
      col(last(where(asthma, not({ kind: 'is_null', source: col(events, 'numeric_value') })), 'date'), 'numeric_value'),
      value('float', 7.5),
    ),
  ),
  'someone without prescriptions who died of something': all(
    not(exists(medications)),
    oneOf(col(deaths, 'underlying_cause_of_death'), 'ICD10Code', ['J440', 'J189']),
    op('ge', col(deaths, 'date'), date('2021-01-01')),
  ),
  'a diagnosis within a text of several': exists(
    where(spellsIn2022, op('contains', col(spells, 'all_diagnoses'), value('ICD10MultiCodeString', 'J44'))),
  ),
  'a relation between two columns of one row': exists(
    where(
      spellsIn2022,
      op('ge', op('difference_in_days', col(spells, 'discharge_date'), col(spells, 'admission_date')), int(20)),
    ),
  ),
  'an event on the day of another': exists(
    where(asthma, op('in', col(events, 'date'), { kind: 'combine_as_set', source: col(medications, 'date') })),
  ),
  'a case expression': op(
    'eq',
    {
      kind: 'case',
      cases: [
        { when: op('lt', ageOn('2023-03-31'), int(40)), then: value('str', 'young') },
        { when: op('lt', ageOn('2023-03-31'), int(65)), then: value('str', 'middle') },
      ],
      otherwise: value('str', 'old'),
    },
    value('str', 'middle'),
  ),
  'arithmetic over a table of the study': op(
    'eq',
    op('add', { kind: 'sum', source: col(own, 'i') }, op('multiply', { kind: 'max', source: col(own, 'j') }, int(2))),
    int(14),
  ),
  'the greatest of some dates, in a year': op(
    'eq',
    {
      kind: 'year',
      source: {
        kind: 'maximum_of',
        sources: [
          { kind: 'max', source: col(asthma, 'date') },
          { kind: 'max', source: col(copd, 'date') },
        ],
      },
    },
    int(2018),
  ),
  'a date some months after another': all(
    op('ge', op('difference_in_months', col(first(copd, 'date'), 'date'), col(first(asthma, 'date'), 'date')), int(6)),
    op('lt', op('difference_in_months', col(first(copd, 'date'), 'date'), col(first(asthma, 'date'), 'date')), int(9)),
  ),
};

describe('everyone in the dummy tables is in the population', () => {
  test.each(Object.entries(populations))('%s', (_name, population) => {
    const definition = dataset(population, [col(patients, 'sex'), col(last(asthma, 'date'), 'date'), count(copd)], {
      populationSize: 100,
    });
    expect(populationProblem(definition.population)).toBeUndefined();
    const shortfalls: Shortfall[] = [];
    const tables = generateDummyTables(definition, { onShortfall: (shortfall) => shortfalls.push(shortfall) });
    const { ids, isMember } = members(definition.population, tables);
    expect(shortfalls).toEqual([]);
    expect(ids.length).toBe(100);
    expect(isMember.every(Boolean)).toBe(true);
  });
});

const hard = dataset(populations['two codes in opposite order and more than ten events']!, [], {
  populationSize: 1000,
});

test('a thousand patients of a rare kind take less than ten seconds of a processor', () => {
  const started = process.cpuUsage();
  const tables = generateDummyTables(hard);
  expect(members(hard.population, tables).ids.length).toBe(1000);
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(10);
});

describe('the result follows from the definition and the seed', () => {
  const small = { populationSize: 20 };
  const text = (tables: Tables): string =>
    JSON.stringify([...tables], (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v));

  test('twice the same', () => {
    expect(text(generateDummyTables(hard, small))).toBe(text(generateDummyTables(hard, small)));
  });

  test('another seed gives others', () => {
    expect(text(generateDummyTables(hard, { ...small, seed: 'b' }))).not.toBe(
      text(generateDummyTables(hard, { ...small, seed: 'a' })),
    );
  });

  test('a larger size begins with the patients of a smaller one', () => {
    const few = generateDummyTables(hard, { populationSize: 10 }).get('clinical_events')!.rows;
    const more = generateDummyTables(hard, { populationSize: 15 }).get('clinical_events')!.rows;
    expect(more.slice(0, few.length)).toEqual(few);
  });
});

test('only the columns that the definition uses are made, of the tables that it reads', () => {
  const tables = generateDummyTables(dataset(exists(asthma), [col(patients, 'sex')]));
  expect([...tables].map(([name, table]) => [name, table.columns.map((c) => c.name)])).toEqual([
    ['patients', ['sex']],
    ['clinical_events', ['snomedct_code']],
  ]);
});

test('constraints of the tables hold', () => {
  const definition = dataset(
    exists(registered),
    [
      ageOn('2023-03-31'),
      col(patients, 'sex'),
      col(last(registered, 'start_date'), 'practice_pseudo_id'),
      col(last(spells, 'admission_date'), 'discharge_date'),
    ],
    { populationSize: 300 },
  );
  const tables = generateDummyTables(definition);
  const rows = (name: string): readonly (readonly Nullable[])[] => tables.get(name)!.rows;
  for (const [, born, sex] of rows('patients')) {
    expect(String(born)).toMatch(/^\d{4}-\d\d-01$/);
    expect(['female', 'male', 'intersex', 'unknown']).toContain(sex);
  }
  for (const [, start, end, practice] of rows('practice_registrations')) {
    expect(start).not.toBeNull();
    if (end !== null) expect(String(end) >= String(start)).toBe(true);
    expect(Number(practice)).toBeGreaterThanOrEqual(0);
    expect(Number(practice)).toBeLessThanOrEqual(999);
  }
  for (const [, admitted, discharged] of rows('apcs')) {
    if (admitted !== null && discharged !== null) expect(String(discharged) >= String(admitted)).toBe(true);
  }
  expect(rows('practice_registrations').length).toBeGreaterThan(300);
  expect(new Set(rows('patients').map(([, born]) => born)).size).toBeGreaterThan(50);
});

describe('columns have something in them', () => {
  const flag = exists(during(withCode(events, '233604007'), '2022-01-01', '2022-01-07'));
  const band: Series = {
    kind: 'case',
    cases: [{ when: op('lt', ageOn('2022-01-01'), int(18)), then: value('str', 'child') }],
    otherwise: value('str', 'adult'),
  };
  const definition = dataset(exists(registered), [flag, band], { populationSize: 200 });
  const tables = generateDummyTables(definition);

  test('a rare event happens to some patients and not to others', () => {
    const { isMember } = members(definition.columns[0]!.series, tables);
    const share = isMember.filter(Boolean).length / isMember.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.95);
  });

  test('every branch of a case occurs', () => {
    const { ids } = members(definition.population, tables);
    const bands = evaluator(tables, ids, new Map()).patientValues(definition.columns[1]!.series);
    expect(new Set(bands)).toEqual(new Set(['child', 'adult']));
  });
});

describe('sizes', () => {
  const start: Series = { kind: 'parameter', name: 'interval_start_date', type: 'date' };
  const denominator = op('ge', op('difference_in_years', start, col(patients, 'date_of_birth')), int(18));
  const intervals = [
    { start: '2022-01-01', end: '2022-01-31' },
    { start: '2022-02-01', end: '2022-02-28' },
    { start: '2022-03-01', end: '2022-03-31' },
  ];
  const measures: MeasuresDefinition = {
    kind: 'measures',
    measures: [
      {
        name: 'm',
        numerator: exists(asthma),
        denominator,
        groupBy: [{ name: 'sex', series: col(patients, 'sex') }],
        intervals,
      },
    ],
    dummyData: {},
    disclosureControl: true,
  };
  const size = (tables: Tables): number => tables.get('patients')!.rows.length;

  test('a dataset has ten patients unless it says otherwise', () => {
    expect(size(generateDummyTables(dataset(populations['adults of two sexes']!)))).toBe(10);
    expect(size(generateDummyTables(dataset(populations['adults of two sexes']!, [], { populationSize: 7 })))).toBe(7);
  });

  test('measures have ten for each denominator, interval and group column', () => {
    expect(size(generateDummyTables(measures))).toBe(30);
    expect(size(generateDummyTables({ ...measures, dummyData: { timeoutSeconds: 5 } }))).toBe(30);
    expect(size(generateDummyTables({ ...measures, dummyData: { populationSize: 12 } }))).toBe(12);
  });

  test('a denominator that counts includes who counts at least once', () => {
    const counted = { ...measures, measures: [{ ...measures.measures[0]!, denominator: count(asthma) }] };
    const tables = generateDummyTables(counted);
    const withEvents = new Set(tables.get('clinical_events')!.rows.map(([id]) => id));
    expect(withEvents.size).toBe(30);
  });
});

test('the additional constraint of the definition holds too', () => {
  const extra = op('gt', count(copd), int(4));
  const definition = dataset(exists(asthma), [], { populationSize: 30, additionalPopulationConstraint: extra });
  const tables = generateDummyTables(definition);
  const { ids, isMember } = members(definition.dummyData.additionalPopulationConstraint!, tables);
  expect([ids.length, isMember.every(Boolean)]).toEqual([30, true]);
});

test('a population limited to patients of a table in the definition gets those patients', () => {
  const chosen: Frame = {
    kind: 'inline_table',
    columns: [column('group', 'str')],
    rows: [
      [31n, 'a'],
      [5n, 'b'],
      [900n, null],
    ],
  };
  const definition = dataset(all(exists(chosen), exists(asthma)), [col(chosen, 'group')], { populationSize: 10 });
  const shortfalls: Shortfall[] = [];
  const tables = generateDummyTables(definition, { onShortfall: (shortfall) => shortfalls.push(shortfall) });
  expect([...new Set(tables.get('clinical_events')!.rows.map(([id]) => id))]).toEqual([5n, 31n, 900n]);
  expect(shortfalls).toMatchObject([{ wanted: 10, found: 3 }]);
});

test('a population that nobody can satisfy is explained by its conditions', () => {
  const impossible = all(
    exists(asthma),
    op('gt', ageOn('2023-03-31'), int(60)),
    op('lt', ageOn('2023-03-31'), int(20)),
  );
  const shortfalls: Shortfall[] = [];
  const tables = generateDummyTables(dataset(impossible), { onShortfall: (shortfall) => shortfalls.push(shortfall) });
  expect([...tables.values()].flatMap((table) => table.rows)).toEqual([]);
  expect(shortfalls[0]).toMatchObject({ wanted: 10, found: 0 });
  const conditions = explainShortfall(dataset(impossible), shortfalls[0]!);
  expect(conditions.map(({ text }) => text)).toEqual([
    '(("2023-03-31" - (years) patients.date_of_birth) > 60)',
    '(("2023-03-31" - (years) patients.date_of_birth) < 20)',
  ]);
});
