import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { permissionFor, tableCatalogue } from '../tables.js';
import { categoriesOf } from './categories.js';
import { domainOf, typeOf } from './check.js';
import type { Frame, ManyRowsFrame, Pick, Series, Table } from './nodes.js';
import { nodePool, substituteParameters } from './pool.js';
import { compareText } from './text.js';
import { tieBreaks } from './ties.js';

const sexes = ['female', 'male'];
const e: Table = {
  kind: 'table',
  name: 'e',
  rows: 'many',
  columns: [
    { name: 'd', type: 'date' },
    { name: 'sex', type: 'str', categories: sexes },
    { name: 'b', type: 'bool' },
    { name: 'n', type: 'int' },
  ],
};
const column = (name: string, source: Frame = e): Series => ({ kind: 'select_column', source, name });
const text = (value: string): Series => ({ kind: 'value', type: 'str', value });
const sorted: ManyRowsFrame = { kind: 'sort', source: e, by: column('d') };
const first: Pick = { kind: 'pick', source: sorted, position: 'first' };

describe('categories', () => {
  const exists: Series = { kind: 'exists', source: e };
  const when = (then: Series | null, otherwise: Series | null): Series => ({
    kind: 'case',
    cases: [{ when: exists, then }],
    otherwise,
  });
  it('follow a column through a pick, min, max and case, and nothing else', () => {
    const picked = column('sex', first);
    expect(categoriesOf(picked)).toEqual(sexes);
    expect(categoriesOf({ kind: 'max', source: column('sex') })).toEqual(sexes);
    expect(categoriesOf(when(picked, text('none')))).toEqual(['female', 'male', 'none']);
    expect(categoriesOf(when(text('a'), null))).toEqual(['a']);
    expect(categoriesOf({ kind: 'maximum_of', sources: [picked, picked] })).toBeUndefined();
    expect(categoriesOf(column('d', first))).toBeUndefined();
  });
});

describe('ties', () => {
  it('are broken by the selected columns that are not sort keys, by name', () => {
    expect(tieBreaks([column('sex', first), column('d', first), column('b', first)]).get(first)).toEqual(['b', 'sex']);
  });
});

describe('sharing', () => {
  it('keeps equal nodes one object and tells apart what only looks alike', () => {
    const pool = nodePool();
    const share = (node: Series): Series => pool.share(node);
    expect(share(text('a'))).toBe(share(text('a')));
    const one: readonly Series[] = [
      { kind: 'value', type: 'float', value: 0 },
      { kind: 'value', type: 'float', value: -0 },
      { kind: 'value', type: 'int', value: 0n },
      text('0'),
      { kind: 'value', type: 'float', value: NaN },
    ];
    expect(new Set(one.map(share)).size).toBe(one.length);
  });

  it('of a case sees which results are NULL', () => {
    const pool = nodePool();
    const [a, b] = [pool.share(text('a')), pool.share<Series>({ kind: 'value', type: 'bool', value: true })];
    const left = pool.share<Series>({ kind: 'case', cases: [{ when: b, then: a }], otherwise: null });
    const right = pool.share<Series>({ kind: 'case', cases: [{ when: b, then: null }], otherwise: a });
    expect(left).not.toBe(right);
  });
});

describe('intervals', () => {
  it('replace their placeholders and leave everything else the same object', () => {
    const start: Series = { kind: 'parameter', name: 'interval_start_date', type: 'date' };
    const after: Series = { kind: 'gt', left: column('d'), right: start };
    const fixed = column('n');
    const [filled, same] = substituteParameters([after, fixed], { start: '2022-01-01', end: '2022-01-31' });
    expect(filled).toMatchObject({ right: { kind: 'value', value: '2022-01-01' } });
    expect(same).toBe(fixed);
  });
});

describe('types and rows', () => {
  it('are known however deep a series is', () => {
    let deep: Series = column('n');
    for (let i = 0; i < 50_000; i += 1) deep = { kind: 'negate', source: deep };
    expect([typeOf(deep), domainOf(deep)]).toEqual(['int', domainOf(e)]);
  });

  it('two filters that are equal give the same rows', () => {
    const condition = column('b');
    const filter = (): Frame => ({ kind: 'filter', source: e, condition });
    expect(domainOf(filter())).toBe(domainOf(filter()));
    expect(domainOf(sorted)).toBe(domainOf(e));
  });
});

describe('text', () => {
  it('is ordered by code point', () => {
    const points = (s: string): readonly number[] => Array.from(s, (c) => c.codePointAt(0)!);
    const byPoints = (a: string, b: string): number => {
      const [x, y] = [points(a), points(b)];
      const at = x.findIndex((point, i) => point !== y[i]);
      return at === -1 ? x.length - y.length : x[at]! - (y[at] ?? -1);
    };
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Math.sign(byPoints(a, b)));
      }),
    );
  });
});

describe('tables', () => {
  it('are those that studies import, and some take a permission', () => {
    expect(Object.keys(tableCatalogue().namespaces)).toContain('tpp');
    expect([permissionFor('appointments'), permissionFor('wl_clockstops_raw'), permissionFor('patients')]).toEqual([
      'appointments',
      'waiting_list',
      undefined,
    ]);
  });
});
