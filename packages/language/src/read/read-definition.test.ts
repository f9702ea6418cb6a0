import { describe, expect, it } from 'vitest';
import type { Binary, MeasuresDefinition } from '../model/nodes.js';
import { topologicalOrder } from '../model/order.js';
import { readDefinition } from './read-definition.js';

type Json = Record<string, unknown>;

const patients = {
  kind: 'table',
  name: 'patients',
  rows: 'one',
  columns: [
    { name: 'sex', type: 'str', categories: ['female', 'male'] },
    { name: 'age', type: 'int' },
  ],
};
const events = { kind: 'table', name: 'events', rows: 'many', columns: [{ name: 'date', type: 'date' }] };
const code = { kind: 'select_column', source: 0, name: 'age' };

/** Nodes 0 to 5: patients, exists, events, their date, patients' age, the int 5. */
const nodes = [
  patients,
  { kind: 'exists', source: 0 },
  events,
  { kind: 'select_column', source: 2, name: 'date' },
  code,
  { kind: 'value', type: 'int', value: 5 },
];

function dataset(more: readonly Json[], columns: readonly unknown[] = [], population = 1): Json {
  return {
    glovebox: 1,
    kind: 'dataset',
    nodes: [...nodes, ...more],
    dataset: { population, columns, event_tables: [], dummy_data: {} },
    claimed_permissions: [],
  };
}

function withConstraint(rule: Json): Json {
  const columns = [{ name: 'x', type: 'int', constraints: [rule] }];
  return dataset([{ kind: 'table', name: 'own', rows: 'one', columns }]);
}

function refusal(document: unknown): string {
  const read = readDefinition(document);
  return read.ok ? 'accepted' : `${read.problems[0].code}: ${read.problems[0].message}`;
}

describe('a good document', () => {
  it('is read, its equal nodes one object', () => {
    const eq = { kind: 'eq', left: 4, right: 5 };
    const read = readDefinition(dataset([eq, eq, { kind: 'or', left: 6, right: 7 }], [['x', 8]]));
    if (!read.ok || read.definition.kind !== 'dataset') throw new Error('expected a dataset');
    const either = read.definition.columns[0]!.series as Binary;
    expect(either.left).toBe(either.right);
    expect(either.left).toMatchObject({ kind: 'eq', right: { kind: 'value', value: 5n } });
  });

  it('may hold ints beyond 2^53 as text and floats that JSON has no number for', () => {
    const big = { kind: 'value', type: 'int', value: '9007199254740993' };
    const nan = { kind: 'value', type: 'float', value: 'nan' };
    const read = readDefinition(
      dataset(
        [big, nan],
        [
          ['big', 6],
          ['nan', 7],
        ],
      ),
    );
    if (!read.ok || read.definition.kind !== 'dataset') throw new Error('expected a dataset');
    const values = read.definition.columns.map((c) => ('value' in c.series ? c.series.value : undefined));
    expect(values).toEqual([9007199254740993n, NaN]);
  });

  it('may promise something of the columns of a table of its own', () => {
    const rules = [
      { kind: 'NotNull' },
      { kind: 'ClosedRange', minimum: 0, maximum: 9, step: 1 },
      { kind: 'Categorical', values: [0, 'a', null] },
      { kind: 'GeneralRange', minimum: '2020-01-01', maximum: null, includes_minimum: true, includes_maximum: false },
      { kind: 'DateAfter', column_names: ['start'] },
    ];
    const column = { name: 'x', type: 'int', constraints: rules, dummy_data_constraints: [{ kind: 'Unique' }] };
    const own = { kind: 'table', name: 'own', rows: 'one', columns: [column] };
    const read = readDefinition(dataset([own, { kind: 'select_column', source: 6, name: 'x' }], [['x', 7]]));
    if (!read.ok || read.definition.kind !== 'dataset') throw new Error('expected a dataset');
    expect(read.definition.columns[0]!.series).toMatchObject({
      source: { columns: [{ name: 'x', constraints: rules, dummyDataConstraints: [{ kind: 'Unique' }] }] },
    });
  });

  it('of measures has its intervals ascending and once each', () => {
    const document = {
      glovebox: 1,
      kind: 'measures',
      nodes,
      measures: {
        measures: [
          {
            name: 'm',
            numerator: 1,
            denominator: 1,
            group_by: [['age', 4]],
            intervals: [
              ['2022-02-01', '2022-02-28'],
              ['2022-01-01', '2022-01-31'],
              ['2022-02-01', '2022-02-28'],
            ],
          },
        ],
        dummy_data: { population_size: 100 },
        disclosure_control: true,
      },
      claimed_permissions: ['appointments'],
    };
    const read = readDefinition(document);
    if (!read.ok) throw new Error(read.problems[0].message);
    expect(read.claimedPermissions).toEqual(['appointments']);
    const { measures, dummyData } = read.definition as MeasuresDefinition;
    expect(measures[0]!.intervals.map((i) => i.start)).toEqual(['2022-01-01', '2022-02-01']);
    expect(dummyData.populationSize).toBe(100);
  });

  it('may be a chain of a hundred thousand nodes', () => {
    const chain = Array.from({ length: 100_000 }, (_, i) => ({ kind: 'add', left: i === 0 ? 4 : 5 + i, right: 5 }));
    const read = readDefinition(dataset(chain, [['x', 5 + chain.length]]));
    if (!read.ok || read.definition.kind !== 'dataset') throw new Error('expected a dataset');
    expect(topologicalOrder([read.definition.columns[0]!.series]).length).toBe(100_003);
  });
});

describe('a bad document', () => {
  it.each<[string, unknown, string]>([
    ['null', null, 'model-malformed'],
    ['another version', { glovebox: 2, kind: 'dataset', nodes: [] }, 'model-version'],
    ['an unknown field', { ...dataset([]), extra: 1 }, 'the field "extra" is not known'],
    ['a missing field', dataset([{ kind: 'not' }]), 'nodes[6]: the field source is missing'],
    ['an unknown kind', dataset([{ kind: 'drop_table' }]), '"drop_table" is not a kind of node'],
    ['a reference to itself', dataset([{ kind: 'not', source: 6 }]), 'not to an earlier node'],
    ['a reference ahead', dataset([{ kind: 'not', source: 7 }, nodes[1]!]), 'not to an earlier node'],
    ['a reference that is no index', dataset([{ kind: 'not', source: '__proto__' }]), 'not to an earlier node'],
    ['a frame where a series belongs', dataset([{ kind: 'not', source: 0 }]), 'expected a series, got a table'],
    ['a series where a frame belongs', dataset([{ kind: 'exists', source: 1 }]), 'expected a frame, got a exists'],
    ['a constraint that is none', withConstraint({ kind: 'Regex', regex: '(a+)+b' }), 'expected one of NotNull'],
    ['a range without values', withConstraint({ kind: 'ClosedRange', minimum: 2, maximum: 1, step: 1 }), 'no value'],
    ['a constraint with more', withConstraint({ kind: 'NotNull', more: 1 }), 'the field "more" is not known'],
    ['types that differ', dataset([{ kind: 'eq', left: 4, right: 1 }]), 'got int and bool'],
    ['an order of bools', dataset([{ kind: 'lt', left: 1, right: 1 }]), 'one type that has an order'],
    ['a column that the table lacks', dataset([{ ...code, name: 'toString' }]), 'no column "toString"'],
    ['a date that is none', dataset([{ kind: 'value', type: 'date', value: '2022-02-30' }]), 'is not a date'],
    ['an int that is too big', dataset([{ kind: 'value', type: 'int', value: '9223372036854775808' }]), '64 bits'],
    ['a float as an int', dataset([{ kind: 'value', type: 'int', value: 1.5 }]), 'expected an int'],
    [
      'a float named after an object',
      dataset([{ kind: 'value', type: 'float', value: '__proto__' }]),
      'expected a float',
    ],
    ['half a character', dataset([{ kind: 'value', type: 'str', value: '\ud800' }]), 'not text'],
    ['a pick without a sort', dataset([{ kind: 'pick', source: 2, position: 'first' }]), 'must be sorted'],
    ['a sort of one row', dataset([{ kind: 'sort', source: 0, by: 4 }]), 'one row a patient'],
    ['a sort by one value a patient', dataset([{ kind: 'sort', source: 2, by: 4 }]), 'one value a patient'],
    ['an aggregation of one value', dataset([{ kind: 'sum', source: 4 }]), 'one value a patient already'],
    ['a bare set as a column', dataset([{ kind: 'combine_as_set', source: 3 }], [['x', 6]]), 'can only follow `in`'],
    [
      'a set inside a case',
      dataset([
        { kind: 'value_set', type: 'int', values: [1] },
        { kind: 'case', cases: [[1, 6]], otherwise: null },
      ]),
      'can only follow `in`',
    ],
    [
      'a case without a result',
      dataset([{ kind: 'case', cases: [[1, null]], otherwise: null }]),
      'all its results are NULL',
    ],
    ['events as a column', dataset([], [['x', 3]]), 'expected one value a patient'],
    ['a population that is a number', dataset([], [], 4), 'expected bool, got int'],
    ['a reserved name', dataset([], [['patient_id', 4]]), 'reserved or there twice'],
    ['a name of other characters', dataset([], [['x"; drop', 4]]), 'not a name'],
    [
      'INTERVAL in a dataset',
      dataset([{ kind: 'parameter', name: 'interval_start_date' }], [['x', 6]]),
      'model-parameter',
    ],
  ])('with %s is refused', (_what, document, expected) => {
    expect(refusal(document)).toContain(expected);
  });

  it.each([
    ['SNOMEDCTCode', '1234567', '0234567'],
    ['DMDCode', '39113611000001102', 'abc'],
    ['CTV3Code', 'H33..', 'H33'],
    ['ICD10Code', 'J45', 'j45'],
    ['OPCS4Code', 'K401', 'I40'],
    ['BNFCode', '0301011R0AAAAAA', '0301'],
  ])('with a %s that its system has no form for is refused', (type, good, bad) => {
    expect(refusal(dataset([{ kind: 'value', type, value: good }]))).toBe('accepted');
    expect(refusal(dataset([{ kind: 'value', type, value: bad }]))).toContain(`is not a ${type}`);
    expect(refusal(dataset([{ kind: 'value_set', type, values: [good, `${bad}\n`] }]))).toContain('is not a');
  });

  it('with rows of two tables in one operation is refused', () => {
    const other = { ...events, name: 'others' };
    const mixed = [other, { kind: 'select_column', source: 6, name: 'date' }, { kind: 'eq', left: 3, right: 7 }];
    expect(refusal(dataset(mixed))).toContain('rows that do not correspond');
  });
});
