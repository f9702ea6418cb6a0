// Makes typed queries and data for tests: backwards from the wanted type, so that every query is valid. Values come from
// small ranges, so that ties, empty sets, NULLs and equal dates happen all the time.
import {
  nodePool,
  type BasicType,
  type Column,
  type Frame,
  type MeasuresDefinition,
  type ManyRowsFrame,
  type Node,
  type Nullable,
  type OneRowFrame,
  type Scalar,
  type Series,
  type Table,
} from '@glovebox/language';
import type { Row, TableRows, Tables } from '../tables.js';

/** Picks a number from 0 up to but not including `below`. */
export type Draw = (below: number) => number;

const columns: readonly Column[] = [
  { name: 'b', type: 'bool' },
  { name: 'i', type: 'int' },
  { name: 'j', type: 'int' },
  { name: 'f', type: 'float' },
  { name: 's', type: 'str' },
  { name: 'd', type: 'date' },
  { name: 'e', type: 'date' },
];
const types: readonly BasicType[] = ['bool', 'int', 'float', 'str', 'date'];

const values: Record<BasicType, readonly Scalar[]> = {
  bool: [true, false],
  int: [-7n, -1n, 0n, 1n, 2n, 3n, 10n, 101n],
  float: [-2.5, -1, 0, 0.5, 1, 3.25, 100],
  str: ['', 'a', 'b', 'B', 'a%', '_', "it's", '\u{1F600}', '\uFB00', 'ab'],
  date: ['1999-12-31', '2000-02-29', '2003-01-29', '2003-01-31', '2020-01-01', '2020-02-28', '2021-03-01'],
};

export interface Generated {
  readonly tables: Tables;
  /** Series of numerators and of groups, each of a type that measures accept; with placeholders for the interval. */
  readonly measures: MeasuresDefinition;
  readonly population: Series;
  readonly outputs: readonly Series[];
  readonly oneRowTables: ReadonlySet<string>;
}

/** A query with its data. */
export function generateQuery(draw: Draw): Generated {
  let hasInterval = false;
  const pool = nodePool();
  const share = <N extends Node>(node: N): N => pool.share(node);
  const oneOf = <T>(items: readonly T[]): T => items[draw(items.length)]!;
  const p = share<Table>({ kind: 'table', name: 'p', rows: 'one', columns });
  const q = share<Table>({ kind: 'table', name: 'q', rows: 'one', columns });
  const many = ['m', 'n'].map((name) => share<Table>({ kind: 'table', name, rows: 'many', columns }));
  const inline = share<Frame>({
    kind: 'inline_table',
    columns: columns.slice(0, 3),
    rows: [1n, 2n, 4n].map((id) => [id, draw(2) === 0, BigInt(draw(3)), null] as const),
  } as never) as OneRowFrame;
  const patientSeries = new Map<BasicType, Series[]>();

  const literal = (type: BasicType): Series => {
    if (hasInterval && type === 'date' && draw(2) === 0) {
      const name = oneOf(['interval_start_date', 'interval_end_date'] as const);
      return share({ kind: 'parameter', name, type: 'date' });
    }
    return share({ kind: 'value', type, value: oneOf(values[type]) });
  };
  const columnOf = (source: Frame, type: BasicType): Series =>
    share({ kind: 'select_column', source, name: oneOf(columnsOf(source).filter((c) => c.type === type)).name });
  const columnsOf = (frame: Frame): readonly Column[] =>
    'columns' in frame ? frame.columns : columnsOf((frame as { source: Frame }).source);

  /** A frame of many rows, with its domain. */
  function rows(depth: number): ManyRowsFrame {
    let frame: ManyRowsFrame = oneOf(many);
    for (let n = draw(3); n > 0; n--) {
      frame = share({ kind: 'filter', source: frame, condition: series('bool', depth - 1, withoutSorts(frame)) });
    }
    return frame;
  }

  function pick(depth: number): OneRowFrame {
    let frame = rows(depth);
    for (let n = 1 + draw(2); n > 0; n--) {
      const type = oneOf(['int', 'date', 'str', 'float'] as const);
      const by =
        draw(3) === 0 ? series(type, depth - 2, withoutSorts(frame), true) : columnOf(withoutSorts(frame), type);
      frame = share({ kind: 'sort', source: frame, by });
    }
    if (draw(4) === 0) {
      frame = share({ kind: 'filter', source: frame, condition: series('bool', depth - 1, withoutSorts(frame)) });
    }
    return share({ kind: 'pick', source: frame, position: oneOf(['first', 'last'] as const) });
  }

  const withoutSorts = (frame: ManyRowsFrame): ManyRowsFrame => {
    if (frame.kind === 'sort') return withoutSorts(frame.source);
    if (frame.kind === 'filter') return share({ ...frame, source: withoutSorts(frame.source) });
    return frame;
  };

  function patientLeaf(type: BasicType, depth: number): Series {
    const known = patientSeries.get(type);
    if (known && draw(4) === 0) return oneOf(known);
    switch (depth <= 0 ? 0 : draw(4)) {
      case 0:
        return columnOf(type === 'bool' || type === 'int' ? oneOf([p, q, inline]) : oneOf([p, q]), type);
      case 1:
        return columnOf(pick(depth - 1), type);
      default:
        return aggregation(type, depth);
    }
  }

  function aggregation(type: BasicType, depth: number): Series {
    const frame = rows(depth - 1);
    const of = (inner: BasicType): Series => series(inner, depth - 1, frame, true);
    switch (type) {
      case 'bool':
        if (draw(4) === 0) {
          const inner = oneOf(types);
          const right = share<Series>({ kind: 'combine_as_set', source: of(inner) });
          return share({ kind: 'in', left: series(inner, depth - 1), right });
        }
        return share({ kind: 'exists', source: draw(3) === 0 ? oneOf([p, q, inline, pick(depth - 1)]) : frame });
      case 'int':
        switch (draw(6)) {
          case 0:
            return share({ kind: 'count', source: draw(3) === 0 ? oneOf([p, q, inline, pick(depth - 1)]) : frame });
          case 1:
            return share({ kind: 'count_distinct', source: of(oneOf(types)) });
          case 2:
            return share({ kind: 'count_episodes', source: of('date'), maximumGapDays: draw(4) * 300 - 1 });
          case 3:
            return share({ kind: 'sum', source: of('int') });
          default:
            return share({ kind: oneOf(['min', 'max'] as const), source: of('int') });
        }
      case 'float':
        return draw(3) === 0
          ? share({ kind: 'mean', source: of(oneOf(['int', 'float'] as const)) })
          : share({ kind: oneOf(['min', 'max', 'sum'] as const), source: of('float') });
      default:
        return share({ kind: oneOf(['min', 'max'] as const), source: of(type) });
    }
  }

  /**
   * A series of a type for a patient or, given a frame, for its rows.
   *
   * @param mustReadRows the series may not be the same for all rows of a patient.
   */
  function series(type: BasicType, depth: number, frame?: ManyRowsFrame, mustReadRows = false): Series {
    if (mustReadRows && frame) return readingRows(type, depth, frame);
    if (depth <= 0 || draw(4) === 0) {
      if (draw(5) === 0) return literal(type);
      return frame && draw(3) > 0 ? columnOf(frame, type) : patientLeaf(type, depth);
    }
    return operation(type, (inner) => series(inner, depth - 1, frame), frame, depth);
  }

  function readingRows(type: BasicType, depth: number, frame: ManyRowsFrame): Series {
    if (depth <= 0 || draw(2) === 0) return columnOf(frame, type);
    let isFirst = true;
    return operation(
      type,
      (inner) => {
        const reads = isFirst;
        isFirst = false;
        return series(inner, depth - 1, frame, reads);
      },
      frame,
      depth,
    );
  }

  function operation(
    type: BasicType,
    of: (type: BasicType) => Series,
    frame: ManyRowsFrame | undefined,
    depth: number,
  ): Series {
    const choice = draw(10);
    if (choice === 0) {
      const then = of(type);
      return share({
        kind: 'case',
        cases: [
          { when: of('bool'), then },
          { when: of('bool'), then: draw(2) === 0 ? null : of(type) },
        ],
        otherwise: draw(2) === 0 ? null : of(type),
      });
    }
    if (choice === 1 && type !== 'bool') {
      return share({
        kind: oneOf(['maximum_of', 'minimum_of'] as const),
        sources: [of(type), of(type), literal(type)],
      });
    }
    switch (type) {
      case 'bool':
        return condition(of, frame, depth);
      case 'int':
        return integer(of);
      case 'float':
        switch (draw(5)) {
          case 0:
            return share({ kind: 'cast_to_float', source: of('int') });
          case 1: {
            const operand = oneOf(['int', 'float'] as const);
            return share({ kind: 'true_divide', left: of(operand), right: of(operand) });
          }
          case 2:
            return share({ kind: oneOf(['negate', 'absolute'] as const), source: of('float') });
          default:
            return share({ kind: oneOf(['add', 'subtract'] as const), left: of('float'), right: of('float') });
        }
      case 'str':
        return columnOfAny(of, 'str');
      case 'date':
        switch (draw(4)) {
          case 0:
            return share({ kind: oneOf(['to_first_of_year', 'to_first_of_month'] as const), source: of('date') });
          default:
            return share({
              kind: oneOf(['add_days', 'add_months', 'add_years'] as const),
              left: of('date'),
              right: of('int'),
            });
        }
    }
  }

  const columnOfAny = (of: (type: BasicType) => Series, type: BasicType): Series =>
    share({ kind: 'case', cases: [{ when: of('bool'), then: of(type) }], otherwise: null });

  function condition(of: (type: BasicType) => Series, frame: ManyRowsFrame | undefined, depth: number): Series {
    const operand = oneOf(['int', 'float', 'str', 'date'] as const);
    switch (draw(8)) {
      case 0:
        return share({ kind: 'not', source: of('bool') });
      case 1:
        return share({ kind: 'is_null', source: of(oneOf(types)) });
      case 2: {
        const set = oneOf(types);
        const size = oneOf([0, 1, 3, 20]);
        const members = new Set(
          Array.from({ length: size }, (_, at) =>
            set === 'int' && size === 20
              ? BigInt(at)
              : set === 'str' && size === 20
                ? `c${at}${at % 3}`
                : oneOf(values[set]),
          ),
        );
        const all = set === 'str' && size === 20 ? [...members, 'a', 'b'] : [...members];
        return share({
          kind: 'in',
          left: of(set),
          right: share<Series>({ kind: 'value_set', type: set, values: all }),
        });
      }
      case 3:
        return share({ kind: 'contains', left: of('str'), right: of('str') });
      case 4:
        if (frame && depth > 1) {
          const set = oneOf(types);
          const other = rows(depth - 2);
          const right = share<Series>({ kind: 'combine_as_set', source: series(set, depth - 2, other, true) });
          return share({ kind: 'in', left: of(set), right });
        }
        return share({ kind: oneOf(['eq', 'ne'] as const), left: of('bool'), right: of('bool') });
      case 5:
      case 6:
        return share({ kind: oneOf(['and', 'or'] as const), left: of('bool'), right: of('bool') });
      default:
        return share({
          kind: oneOf(['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const),
          left: of(operand),
          right: of(operand),
        });
    }
  }

  function integer(of: (type: BasicType) => Series): Series {
    switch (draw(7)) {
      case 0:
        return share({ kind: oneOf(['negate', 'absolute'] as const), source: of('int') });
      case 1:
        return share({ kind: 'cast_to_int', source: of(oneOf(['bool', 'float'] as const)) });
      case 2:
        return share({ kind: oneOf(['year', 'month', 'day'] as const), source: of('date') });
      case 3:
        return share({
          kind: oneOf(['difference_in_days', 'difference_in_months', 'difference_in_years'] as const),
          left: of('date'),
          right: of('date'),
        });
      case 4:
        return share({ kind: 'floor_divide', left: of('int'), right: of('int') });
      default:
        return share({ kind: oneOf(['add', 'subtract', 'multiply'] as const), left: of('int'), right: of('int') });
    }
  }

  const outputs: Series[] = [];
  for (let n = 1 + draw(4); n > 0; n--) {
    const type = oneOf(types);
    const output = series(type, 1 + draw(4));
    outputs.push(output);
    patientSeries.set(type, [...(patientSeries.get(type) ?? []), output]);
  }
  // Half the populations lean on one table, as real ones do.
  const wanted = series('bool', 1 + draw(3));
  const population =
    draw(2) === 0 ? wanted : share<Series>({ kind: 'or', left: wanted, right: share({ kind: 'exists', source: p }) });
  hasInterval = true;
  const measures = generateMeasures();
  const oneRowTables = new Set(['p', 'q']);
  return { tables: generateTables(draw), population, outputs, measures, oneRowTables };

  function generateMeasures(): MeasuresDefinition {
    const groups = ['g', 'h', 'k'].map((name) => ({ name, series: series(oneOf(types), 1 + draw(3)) }));
    const denominators = [series('bool', 1 + draw(3)), series(oneOf(['bool', 'int'] as const), 1 + draw(3))];
    // Apart, side by side, one inside another, and years on end.
    const intervals = [
      ['1999-12-01', '1999-12-28'],
      ['1999-12-20', '2000-03-01'],
      ['2000-01-01', '2000-01-31'],
      ['2000-02-01', '2000-02-29'],
      ['2003-01-29', '2020-02-28'],
      ['2020-01-01', '2020-01-28'],
      ['2021-02-15', '2021-03-28'],
    ].map(([start, end]) => ({ start: start!, end: end! }));
    const some = [[oneOf(intervals)], intervals.slice(-2), intervals, intervals.filter(() => draw(2) === 0)].map(
      (chosen) => (chosen.length === 0 ? intervals.slice(0, 2) : chosen),
    );
    const measures = Array.from({ length: 1 + draw(4) }, (_, at) => ({
      name: `m${at}`,
      numerator: series(oneOf(['bool', 'int'] as const), 1 + draw(3)),
      denominator: oneOf(denominators),
      groupBy: oneOf([[], [0], [0, 1], [1, 0], [0, 1, 2]]).map((group) => groups[group]!),
      intervals: oneOf(some),
    }));
    return { kind: 'measures', measures, dummyData: {}, disclosureControl: draw(3) === 0 };
  }
}

function generateTables(draw: Draw): Tables {
  const value = (type: BasicType): Nullable => (draw(4) === 0 ? null : values[type][draw(values[type].length)]!);
  const row = (id: number): Row => [BigInt(id), ...columns.map((c) => value(c.type as BasicType))];
  const table = (rowsOf: (id: number) => number): TableRows => ({
    columns,
    rows: [1, 2, 3, 4, 5].flatMap((id) => Array.from({ length: rowsOf(id) }, () => row(id))),
  });
  return new Map([
    ['p', table(() => (draw(4) === 0 ? 0 : 1))],
    ['q', table(() => draw(2))],
    ['m', table(() => draw(5))],
    ['n', table(() => draw(3))],
  ]);
}
