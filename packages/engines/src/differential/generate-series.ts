// Makes typed series and frames for tests: backwards from the wanted type, so that every query is valid.
import {
  type Column,
  type Frame,
  type InlineTable,
  type ManyRowsFrame,
  type OneRowFrame,
  type Series,
  type Table,
} from '@glovebox/language';
import { operation, type Making } from './operations.js';
import { basicKinds, columns, drawRow, kinds, oneOf, orderedKinds, type Kind } from './values.js';

/** The file that a generated table of a file refers to; its rows are those of `fileRows` in the test. */
export const filePath = 'rows.csv';

export interface SeriesMaker {
  /** Tables of one row a patient. */
  readonly oneRow: readonly OneRowFrame[];
  rows(depth: number): ManyRowsFrame;
  /**
   * A series for a patient or, given a frame, for its rows.
   *
   * @param mustReadRows the series may not be the same for all rows of a patient.
   */
  series(kind: Kind, depth: number, frame?: ManyRowsFrame, mustReadRows?: boolean): Series;
  /** Offers a series to those made later. */
  remember(kind: Kind, series: Series): void;
}

export function seriesMaker(making: Making): SeriesMaker {
  const { draw, share, values, literal } = making;
  const choose = oneOf(draw);
  const [p, q] = ['p', 'q'].map((name) => share<Table>({ kind: 'table', name, rows: 'one', columns })) as [
    Table,
    Table,
  ];
  const many = ['m', 'n'].map((name) => share<Table>({ kind: 'table', name, rows: 'many', columns }));
  const inline = share<InlineTable>({
    kind: 'inline_table',
    columns,
    rows: (draw(4) === 0 ? [1n, 2n, 7n, 1n] : [1n, 2n, 4n]).map((id) => drawRow(id, draw, values)),
  });
  const file = share<OneRowFrame>({ kind: 'file_table', path: filePath, columns });
  const oneRow = draw(6) === 0 ? [p, q, inline, file] : [p, q, inline];
  const remembered = new Map<Kind, Series[]>();

  const columnsOf = (frame: Frame): readonly Column[] => ('columns' in frame ? frame.columns : columnsOf(frame.source));
  const columnOf = (source: Frame, kind: Kind): Series =>
    share({ kind: 'select_column', source, name: choose(columnsOf(source).filter((c) => c.type === kind)).name });

  /** The frame without its sorts, whose columns correspond to its own; now and then without its last filters. */
  const readable = (frame: ManyRowsFrame, mayWiden: boolean): ManyRowsFrame => {
    if (frame.kind === 'table') return frame;
    if (frame.kind === 'sort' || (mayWiden && draw(3) === 0)) return readable(frame.source, mayWiden);
    return share({ ...frame, source: readable(frame.source, false) });
  };

  const filtered = (source: ManyRowsFrame, depth: number): ManyRowsFrame =>
    share({ kind: 'filter', source, condition: series('bool', depth - 1, readable(source, true)) });

  function rows(depth: number): ManyRowsFrame {
    let frame: ManyRowsFrame = choose(many);
    for (let n = draw(3); n > 0; n--) frame = filtered(frame, depth);
    return frame;
  }

  function sorted(depth: number): ManyRowsFrame {
    let frame = rows(depth);
    for (let n = 1 + draw(3); n > 0; n--) {
      const kind = choose(orderedKinds);
      const source = readable(frame, true);
      const by = draw(3) === 0 ? series(kind, depth - 2, source, true) : columnOf(source, kind);
      frame = share({ kind: 'sort', source: frame, by });
      if (draw(6) === 0) frame = filtered(frame, depth);
    }
    return frame;
  }

  const pick = (depth: number): OneRowFrame =>
    share({ kind: 'pick', source: sorted(depth), position: choose(['first', 'last'] as const) });

  /** Any frame: what exists, or how many rows there are. */
  const anyFrame = (depth: number): Frame => {
    switch (draw(4)) {
      case 0:
        return choose([...oneRow, pick(depth)]);
      case 1:
        return sorted(depth);
      default:
        return rows(depth);
    }
  };

  function patientLeaf(kind: Kind, depth: number): Series {
    const known = remembered.get(kind);
    if (known && draw(4) === 0) return choose(known);
    switch (depth <= 0 ? 0 : draw(4)) {
      case 0:
        return columnOf(choose(oneRow), kind);
      case 1:
        return columnOf(pick(depth - 1), kind);
      default:
        return aggregation(kind, depth - 1);
    }
  }

  function aggregation(kind: Kind, depth: number): Series {
    const frame = rows(depth);
    const of = (inner: Kind): Series => series(inner, depth, frame, true);
    switch (kind) {
      case 'bool':
        if (draw(4) > 0) return share({ kind: 'exists', source: anyFrame(depth) });
        return isInRows(choose(kinds), depth, of);
      case 'int':
        switch (draw(6)) {
          case 0:
            return share({ kind: 'count', source: anyFrame(depth) });
          case 1:
            return share({ kind: 'count_distinct', source: of(choose(kinds)) });
          case 2:
            return share({ kind: 'count_episodes', source: of('date'), maximumGapDays: draw(4) * 300 - 1 });
          case 3:
            return share({ kind: 'sum', source: of('int') });
          default:
            return share({ kind: choose(['min', 'max'] as const), source: of('int') });
        }
      case 'float':
        switch (draw(4)) {
          case 0:
            return share({ kind: 'mean', source: of('int') });
          case 1:
            return share({ kind: choose(['mean', 'sum'] as const), source: summable(frame) });
          default:
            return share({ kind: choose(['min', 'max'] as const), source: of('float') });
        }
      case 'ICD10MultiCodeString':
        return columnOf(pick(depth), kind);
      default:
        return share({ kind: choose(['min', 'max'] as const), source: of(kind) });
    }
  }

  /** Floats whose sum is the same in any order. */
  function summable(frame: ManyRowsFrame): Series {
    const column = columnOf(frame, 'float');
    if (draw(2) === 0) return column;
    return draw(2) === 0
      ? share({ kind: choose(['negate', 'absolute'] as const), source: column })
      : share({ kind: 'add', left: column, right: literal('float') });
  }

  function isInRows(kind: Kind, depth: number, of: (kind: Kind) => Series): Series {
    const right = share<Series>({ kind: 'combine_as_set', source: of(kind) });
    return share({ kind: 'in', left: series(kind, depth), right });
  }

  function series(kind: Kind, depth: number, frame?: ManyRowsFrame, mustReadRows = false): Series {
    if (mustReadRows && frame) return readingRows(kind, depth, frame);
    if (depth <= 0 || draw(4) === 0) {
      if (draw(5) === 0) return literal(kind);
      return frame && draw(3) > 0 ? columnOf(frame, kind) : patientLeaf(kind, depth);
    }
    return operation(making, kind, (inner) => series(inner, depth - 1, frame), setFor(depth));
  }

  /** The values of rows of another frame, for `in`. */
  const setFor = (depth: number): ((kind: Kind) => Series) | undefined =>
    depth <= 1
      ? undefined
      : (kind) => {
          const source = series(kind, depth - 2, rows(depth - 2), true);
          return share({ kind: 'combine_as_set', source });
        };

  function readingRows(kind: Kind, depth: number, frame: ManyRowsFrame): Series {
    if (depth <= 0 || draw(2) === 0) return columnOf(frame, kind);
    let isFirst = true;
    const of = (inner: Kind): Series => {
      const reads = isFirst;
      isFirst = false;
      return series(inner, depth - 1, frame, reads);
    };
    return operation(making, kind, of, setFor(depth));
  }

  return {
    oneRow,
    rows,
    series,
    remember: (kind, made) => void remembered.set(kind, [...(remembered.get(kind) ?? []), made]),
  };
}

export const drawKind = (making: Making): Kind => oneOf(making.draw)([...basicKinds, ...basicKinds, ...kinds]);
