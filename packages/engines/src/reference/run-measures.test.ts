import { describe, expect, it } from 'vitest';
import type { Measure, MeasuresDefinition, Series, Table } from '@glovebox/language';
import type { Row, Tables } from '../tables.js';
import { controlledCount } from './disclosure-control.js';
import { measuresTable, tablePerMeasure } from './measure-rows.js';
import { runMeasures } from './run-measures.js';

const p: Table = {
  kind: 'table',
  name: 'p',
  rows: 'one',
  columns: [
    { name: 'i', type: 'int' },
    { name: 's', type: 'str' },
    { name: 't', type: 'str' },
  ],
};
const e: Table = { kind: 'table', name: 'e', rows: 'many', columns: [{ name: 'd', type: 'date' }] };
const column = (name: string): Series => ({ kind: 'select_column', source: p, name });
const everyone: Series = { kind: 'exists', source: p };
const date: Series = { kind: 'select_column', source: e, name: 'd' };
const during: Series = {
  kind: 'and',
  left: { kind: 'ge', left: date, right: { kind: 'parameter', name: 'interval_start_date', type: 'date' } },
  right: { kind: 'le', left: date, right: { kind: 'parameter', name: 'interval_end_date', type: 'date' } },
};
const inInterval: Series = { kind: 'count', source: { kind: 'filter', source: e, condition: during } };
const january = { start: '2022-01-01', end: '2022-01-31' };
const february = { start: '2022-02-01', end: '2022-02-28' };

function measure(name: string, more: Partial<Measure> = {}): Measure {
  return { name, numerator: everyone, denominator: everyone, groupBy: [], intervals: [january], ...more };
}

const by = (...names: string[]): Measure['groupBy'] => names.map((name) => ({ name, series: column(name) }));

function definition(measures: readonly Measure[], disclosureControl = false): MeasuresDefinition {
  return { kind: 'measures', measures, dummyData: {}, disclosureControl };
}

function tables(patients: readonly Row[], events: readonly Row[] = []): Tables {
  return new Map([
    ['p', { columns: p.columns, rows: patients }],
    ['e', { columns: e.columns, rows: events }],
  ]);
}

const rowsOf = (measures: readonly Measure[], given: Tables) => {
  const whole = definition(measures);
  return measuresTable(whole, runMeasures(whole, given)).rows;
};

describe('counts', () => {
  it('events on both ends of an interval count', () => {
    const events: Row[] = ['2021-12-31', '2022-01-01', '2022-01-31', '2022-02-01'].map((d) => [1n, d]);
    const rows = rowsOf(
      [measure('m', { numerator: inInterval, intervals: [january, february] })],
      tables([[1n, 0n, 'a', null]], events),
    );
    expect(rows.map((row) => [row[1], row[4]])).toEqual([
      ['2022-01-01', 2n],
      ['2022-02-01', 1n],
    ]);
  });

  it('an int denominator adds up, and only patients above zero take part', () => {
    const patients: Row[] = [1n, 3n, 0n, -2n, null].map((i, at) => [BigInt(at), i, null, null]);
    const [row] = rowsOf([measure('m', { denominator: column('i') })], tables(patients));
    expect(row!.slice(3)).toEqual([0.5, 2n, 4n]);
  });

  it('a group without members gives no row, and NULL is a group of its own that comes first', () => {
    const patients: Row[] = [
      [1n, 1n, 'b', null],
      [2n, 1n, null, null],
      [3n, 0n, 'c', null],
    ];
    const rows = rowsOf([measure('m', { denominator: column('i'), groupBy: by('s') })], tables(patients));
    expect(rows.map((row) => row.at(-1))).toEqual([null, 'b']);
  });

  it('a denominator with nobody in it gives no rows', () => {
    expect(rowsOf([measure('m')], tables([]))).toEqual([]);
  });
});

describe('the table of all measures', () => {
  const patients: Row[] = [
    [1n, 1n, 'x', 'u'],
    [2n, 2n, 'x', 'v'],
  ];

  it('interleaves measures that share a grouping, and leaves unused groups empty', () => {
    const rows = rowsOf(
      [measure('a', { groupBy: by('s') }), measure('b'), measure('c', { groupBy: by('s') })],
      tables(patients),
    );
    expect(rows.map((row) => [row[0], row[6]])).toEqual([
      ['a', 'x'],
      ['c', 'x'],
      ['b', null],
    ]);
  });

  it('groupings of the same names in another order count nobody twice', () => {
    const rows = rowsOf(
      [measure('a', { groupBy: by('s', 't') }), measure('b', { groupBy: by('t', 's') })],
      tables(patients),
    );
    expect(rows.map((row) => [row[0], row[4], row[5], row[6], row[7]])).toEqual([
      ['a', 1n, 1n, 'x', 'u'],
      ['b', 1n, 1n, 'x', 'u'],
      ['a', 1n, 1n, 'x', 'v'],
      ['b', 1n, 1n, 'x', 'v'],
    ]);
  });

  it('two names for one series are two columns', () => {
    const groupBy = [...by('s'), { name: 'again', series: column('s') }];
    const rows = rowsOf([measure('a', { groupBy }), measure('b', { groupBy: by('s') })], tables(patients));
    expect(rows.map((row) => [row[0], row[6], row[7]])).toEqual([
      ['a', 'x', 'x'],
      ['b', 'x', null],
    ]);
  });

  it('each measure can have a table of its own, also without rows', () => {
    const whole = definition([measure('a'), measure('b', { intervals: [] })]);
    const [a, b] = tablePerMeasure(whole, runMeasures(whole, tables(patients)));
    expect([a!.rows.length, b!.rows.length, b!.columns.map((c) => c.name)]).toEqual([
      1,
      0,
      ['interval_start', 'interval_end', 'ratio', 'numerator', 'denominator'],
    ]);
  });
});

describe('disclosure control', () => {
  it('counts up to seven become zero, others the nearest five', () => {
    expect([0n, 7n, 8n, 12n, 13n, 17n, 18n].map(controlledCount)).toEqual([0n, 0n, 10n, 10n, 15n, 15n, 20n]);
    expect(controlledCount(-8n)).toBe(-10n);
  });

  it('makes the ratio of what is left, and keeps rows without anything to divide by', () => {
    const patients: Row[] = Array.from({ length: 20 }, (_, i) => [BigInt(i), 1n, i < 18 ? 'big' : 'small', null]);
    const few: Series = { kind: 'exists', source: { kind: 'filter', source: e, condition: during } };
    const events: Row[] = [0n, 1n, 2n, 3n, 4n, 5n].map((id) => [id, '2022-01-05']);
    const whole = definition([measure('m', { numerator: few, groupBy: by('s') })], true);
    const { rows } = measuresTable(whole, runMeasures(whole, tables(patients, events)));
    expect(rows.map((row) => row.slice(3))).toEqual([
      [0, 0n, 20n, 'big'],
      [null, 0n, 0n, 'small'],
    ]);
  });
});
