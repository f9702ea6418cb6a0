import { describe, expect, it } from 'vitest';
import type { DatasetDefinition, Frame, ManyRowsFrame, Nullable, Series, Table } from '@glovebox/language';
import type { Row, Tables } from '../tables.js';
import { populationProblem } from './population.js';
import { runDataset } from './run-dataset.js';

const p: Table = { kind: 'table', name: 'p', rows: 'one', columns: [{ name: 'i', type: 'int' }] };
const e: Table = {
  kind: 'table',
  name: 'e',
  rows: 'many',
  columns: [
    { name: 'i', type: 'int' },
    { name: 'j', type: 'int' },
    { name: 'b', type: 'bool' },
  ],
};
const select = (source: Frame, name: string): Series => ({ kind: 'select_column', source, name });
const exists = (source: Frame): Series => ({ kind: 'exists', source });
const either = (left: Series, right: Series): Series => ({ kind: 'or', left, right });
const int = (value: bigint): Series => ({ kind: 'value', type: 'int', value });

function tables(patients: readonly Row[], events: readonly Row[]): Tables {
  return new Map([
    ['p', { columns: p.columns, rows: patients }],
    ['e', { columns: e.columns, rows: events }],
  ]);
}

/** The values of one series by patient, for everyone in either table. */
function run(columns: Readonly<Record<string, Series>>, given: Tables): readonly (readonly Nullable[])[] {
  const definition: DatasetDefinition = {
    kind: 'dataset',
    population: either(exists(p), exists(e)),
    columns: Object.entries(columns).map(([name, series]) => ({ name, series })),
    eventTables: [],
    dummyData: {},
  };
  return runDataset(definition, given)[0]!.rows;
}

const sortBy = (source: ManyRowsFrame, name: string): ManyRowsFrame => ({ kind: 'sort', source, by: select(e, name) });
const first = (source: ManyRowsFrame): Frame => ({ kind: 'pick', source, position: 'first' });
const last = (source: ManyRowsFrame): Frame => ({ kind: 'pick', source, position: 'last' });

describe('frames', () => {
  it('a filter keeps only rows for which the condition is true', () => {
    const kept: Frame = { kind: 'filter', source: e, condition: select(e, 'b') };
    const rows: Row[] = [
      [1n, 1n, 0n, true],
      [1n, 2n, 0n, false],
      [1n, 4n, 0n, null],
    ];
    expect(run({ n: { kind: 'count', source: kept } }, tables([], rows))).toEqual([[1n, 1n]]);
  });

  it('NULL sorts first, and a patient without rows has NULL', () => {
    const rows: Row[] = [
      [1n, 1n, 10n, null],
      [1n, null, 20n, null],
    ];
    const sorted = sortBy(e, 'i');
    expect(run({ a: select(first(sorted), 'j'), z: select(last(sorted), 'j') }, tables([[2n, 0n]], rows))).toEqual([
      [1n, 20n, 10n],
      [2n, null, null],
    ]);
  });

  it('the sort called last counts most', () => {
    const rows: Row[] = [
      [1n, 1n, 2n, null],
      [1n, 2n, 1n, null],
    ];
    expect(run({ i: select(first(sortBy(sortBy(e, 'i'), 'j')), 'i') }, tables([], rows))).toEqual([[1n, 2n]]);
  });

  it('ties are broken by the columns that the definition selects from the same pick', () => {
    const rows: Row[] = [
      [1n, 5n, 1n, true],
      [1n, 1n, 1n, false],
      [1n, 3n, 1n, false],
    ];
    const sorted = sortBy(e, 'j');
    expect(run({ i: select(first(sorted), 'i') }, tables([], rows))).toEqual([[1n, 1n]]);
    expect(run({ i: select(last(sorted), 'i') }, tables([], rows))).toEqual([[1n, 5n]]);
    const both = { i: select(first(sorted), 'i'), b: select(first(sorted), 'b') };
    expect(run(both, tables([], rows))).toEqual([[1n, 1n, false]]);
  });

  it('of several rows of a table with one row a patient the last counts', () => {
    const rows: Row[] = [
      [1n, 1n],
      [1n, 2n],
    ];
    expect(run({ i: select(p, 'i') }, tables(rows, []))).toEqual([[1n, 2n]]);
  });
});

describe('series', () => {
  it('a column of an unfiltered frame can be used on the filtered one', () => {
    const big: ManyRowsFrame = {
      kind: 'filter',
      source: e,
      condition: { kind: 'gt', left: select(e, 'i'), right: int(1n) },
    };
    const bigAndTrue: Frame = { kind: 'filter', source: big, condition: select(e, 'b') };
    const rows: Row[] = [
      [1n, 1n, 0n, true],
      [1n, 2n, 0n, true],
      [1n, 3n, 0n, null],
    ];
    expect(run({ n: { kind: 'count', source: bigAndTrue } }, tables([], rows))).toEqual([[1n, 1n]]);
  });

  it('in an empty set is false even for NULL; in a set, NULL is NULL', () => {
    const column = select(p, 'i');
    const inSet = (values: bigint[]): Series => ({
      kind: 'in',
      left: column,
      right: { kind: 'value_set', type: 'int', values },
    });
    expect(
      run(
        { none: inSet([]), some: inSet([1n]) },
        tables(
          [
            [1n, 1n],
            [2n, null],
          ],
          [],
        ),
      ),
    ).toEqual([
      [1n, false, true],
      [2n, false, null],
    ]);
  });

  it('the set of an event series leaves NULL out, and without values is empty', () => {
    const set: Series = { kind: 'combine_as_set', source: select(e, 'i') };
    const isIn: Series = { kind: 'in', left: select(p, 'i'), right: set };
    const events: Row[] = [
      [1n, 7n, null, null],
      [2n, null, null, null],
      [4n, 1n, null, null],
    ];
    const patients: Row[] = [
      [1n, 7n],
      [2n, 7n],
      [3n, null],
      [4n, null],
    ];
    expect(run({ isIn }, tables(patients, events))).toEqual([
      [1n, true],
      [2n, false],
      [3n, false],
      [4n, null],
    ]);
  });

  it('case takes the first condition that is true, and NULL falls through', () => {
    const column = select(p, 'i');
    const banded: Series = {
      kind: 'case',
      cases: [
        { when: { kind: 'lt', left: column, right: int(5n) }, then: int(1n) },
        { when: { kind: 'lt', left: column, right: int(9n) }, then: null },
      ],
      otherwise: int(3n),
    };
    expect(
      run(
        { banded },
        tables(
          [
            [1n, 4n],
            [2n, 6n],
            [3n, 9n],
            [4n, null],
          ],
          [],
        ),
      ),
    ).toEqual([
      [1n, 1n],
      [2n, null],
      [3n, 3n],
      [4n, 3n],
    ]);
  });

  it('the greatest and least leave NULL out', () => {
    const of = (kind: 'maximum_of' | 'minimum_of'): Series => ({ kind, sources: [select(p, 'i'), int(5n)] });
    expect(
      run(
        { max: of('maximum_of'), min: of('minimum_of') },
        tables(
          [
            [1n, 9n],
            [2n, null],
          ],
          [],
        ),
      ),
    ).toEqual([
      [1n, 9n, 5n],
      [2n, 5n, 5n],
    ]);
  });

  it('a chain of many thousand operations is evaluated', () => {
    let sum: Series = select(p, 'i');
    for (let i = 0; i < 20_000; i += 1) sum = { kind: 'add', left: sum, right: int(1n) };
    expect(run({ sum }, tables([[1n, 1n]], []))).toEqual([[1n, 20_001n]]);
  });
});

describe('event tables', () => {
  it('hold the rows of members only, with values of the patient repeated', () => {
    const definition: DatasetDefinition = {
      kind: 'dataset',
      population: exists(p),
      columns: [],
      eventTables: [
        {
          name: 'events',
          columns: [
            { name: 'i', series: select(e, 'i') },
            { name: 'of_patient', series: select(p, 'i') },
          ],
        },
      ],
      dummyData: {},
    };
    const events: Row[] = [
      [2n, 1n, null, null],
      [1n, 2n, null, null],
      [1n, 3n, null, null],
    ];
    const [, table] = runDataset(definition, tables([[1n, 9n]], events));
    expect(table!.rows).toEqual([
      [1n, 2n, 9n],
      [1n, 3n, 9n],
    ]);
  });
});

describe('the population rule', () => {
  it('refuses what is true of someone about whom nothing is recorded, and nothing else', () => {
    const isNull: Series = { kind: 'is_null', source: select(p, 'i') };
    const none: Series = { kind: 'eq', left: { kind: 'count', source: e }, right: int(0n) };
    const notIn = (values: bigint[]): Series => ({
      kind: 'not',
      source: { kind: 'in', left: select(p, 'i'), right: { kind: 'value_set', type: 'int', values } },
    });
    const refused = [isNull, none, either(exists(p), none), notIn([]), { kind: 'not', source: exists(e) } as const];
    expect(refused.map((s) => populationProblem(s)?.code)).toEqual(refused.map(() => 'population-includes-everyone'));
    expect([exists(p), notIn([1n])].map(populationProblem)).toEqual([undefined, undefined]);
  });
});
