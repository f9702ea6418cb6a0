// The values that generated queries and data are made of. There are few of each type, so that ties, empty sets, NULLs and
// equal dates happen all the time; the rare ones are at the edges of what a type can hold.
import { multiCodeTypes, type BasicType, type Column, type Nullable, type Scalar } from '@glovebox/language';
import type { Row, TableRows, Tables } from '../tables.js';

/** Picks a number from 0 up to but not including `below`. */
export type Draw = (below: number) => number;

export const oneOf =
  (draw: Draw) =>
  <T>(items: readonly T[]): T =>
    items[draw(items.length)]!;

/** The types that are generated: the basic ones, a coding system and a type of several codes in one value. */
export type Kind = BasicType | 'SNOMEDCTCode' | 'ICD10MultiCodeString';
export const basicKinds: readonly BasicType[] = ['bool', 'int', 'float', 'str', 'date'];
export const kinds: readonly Kind[] = [...basicKinds, 'SNOMEDCTCode', multiCodeTypes[0]];
/** Types that can be compared by size and sorted. */
export const orderedKinds: readonly Kind[] = ['int', 'float', 'str', 'date', 'SNOMEDCTCode'];

export type Values = Readonly<Record<Kind, readonly Scalar[]>>;

const usual: Values = {
  bool: [true, false],
  int: [-7n, -1n, 0n, 1n, 2n, 3n, 10n, 101n],
  // Halves and quarters, so that their sums are exact in any order.
  float: [-2.5, -1, 0, 0.5, 1, 3.25, 100],
  str: ['', 'a', 'b', 'B', 'a%', '_', "it's", '\u{1F600}', '\uFB00', 'ab'],
  date: ['1999-12-31', '2000-02-29', '2003-01-29', '2003-01-31', '2020-01-01', '2020-02-28', '2021-03-01'],
  SNOMEDCTCode: ['195967001', '409596002', '1234567', '12345678'],
  ICD10MultiCodeString: ['A01', '||A011,B20||C34', 'B20', '||J459 ,A01'],
};

const atTheEdges: Values = {
  ...usual,
  int: [
    ...usual.int,
    2n ** 53n + 1n,
    -(2n ** 53n) - 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    3_000_000_000n,
    2_000_000_000n,
    -40_000n,
  ],
  float: [...usual.float, NaN, Infinity, -Infinity, 1e12, -1e12],
  date: [...usual.date, '0001-01-01', '9999-12-31', '0004-02-29', '9999-11-30'],
};

/** The values of one example. Most keep to ints whose arithmetic stays within 64 bits. */
export const valuesFor = (draw: Draw): Values => (draw(5) === 0 ? atTheEdges : usual);

/** Parts that are looked for in text, or in the codes of one value. */
export const parts = ['', 'a', 'b', '%', '_', "'", '\u{1F600}', 'A01', 'B2', 'J', 'C34'];

export const columns: readonly Column[] = [
  { name: 'b', type: 'bool' },
  { name: 'i', type: 'int' },
  { name: 'j', type: 'int' },
  { name: 'f', type: 'float' },
  { name: 's', type: 'str' },
  { name: 'd', type: 'date' },
  { name: 'e', type: 'date' },
  { name: 'c', type: 'SNOMEDCTCode' },
  { name: 'k', type: 'ICD10MultiCodeString' },
];

export const oneRowTables: ReadonlySet<string> = new Set(['p', 'q']);

export function drawRow(id: bigint, draw: Draw, values: Values): Row {
  const value = (kind: Kind): Nullable => (draw(4) === 0 ? null : oneOf(draw)(values[kind]));
  return [id, ...columns.map((column) => value(column.type as Kind))];
}

/** Two tables of one row a patient and two of many, for up to six patients. */
export function drawTables(draw: Draw, values: Values): Tables {
  const table = (rowsOf: () => number): TableRows => {
    const isEmpty = draw(16) === 0;
    const ids = isEmpty ? [] : [1n, 2n, 3n, 4n, 5n, 6n];
    return {
      columns,
      rows: ids.flatMap((id) => Array.from({ length: rowsOf() }, () => drawRow(id, draw, values))),
    };
  };
  // Now and then a patient has two rows where one is expected: the last counts.
  const oneOrMore = (): number => (draw(16) === 0 ? 2 : 1);
  return new Map([
    ['p', table(() => (draw(4) === 0 ? 0 : oneOrMore()))],
    ['q', table(() => (draw(2) === 0 ? 0 : oneOrMore()))],
    ['m', table(() => draw(5))],
    ['n', table(() => draw(3))],
  ]);
}
