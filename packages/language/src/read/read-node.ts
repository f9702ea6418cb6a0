// One node of the JSON list of nodes. A node refers only to nodes before it, so a cycle can't be written down.
import {
  binaryKinds,
  unaryKinds,
  type BinaryKind,
  type Column,
  type Frame,
  type InlineTable,
  type ManyRowsFrame,
  type Node,
  type Series,
  type UnaryKind,
} from '../model/nodes.js';
import { isFrame } from '../model/order.js';
import * as read from './fields.js';
import { Malformed, type Fields, type Json } from './fields.js';
import { columns } from './read-columns.js';

const unary = new Set<string>(unaryKinds);
const binary = new Set<string>(binaryKinds);

/** Resolves references to the nodes read so far. */
export interface Earlier {
  series(index: Json, where: string): Series;
  frame(index: Json, where: string): Frame;
}

/** What an index may refer to while node number `nodes.length` is being read. */
export function earlier(nodes: readonly Node[]): Earlier {
  const at = (index: Json, where: string): Node => {
    const node = typeof index === 'number' && Number.isInteger(index) ? nodes[index] : undefined;
    if (node === undefined) throw new Malformed(where, 'a reference is not to an earlier node');
    return node;
  };
  return {
    series(index, where) {
      const node = at(index, where);
      if (isFrame(node)) throw new Malformed(where, `expected a series, got a ${node.kind}`);
      return node;
    },
    frame(index, where) {
      const node = at(index, where);
      if (!isFrame(node)) throw new Malformed(where, `expected a frame, got a ${node.kind}`);
      return node;
    },
  };
}

/** Reads one node; throws Malformed. Types and domains are checked by the caller. */
export function readNode(json: Json, where: string, refer: Earlier): Node {
  const f = read.fields(json, where);
  const kind = read.text(f.take('kind'), where);
  const node = unary.has(kind)
    ? { kind: kind as UnaryKind, source: refer.series(f.take('source'), where) }
    : binary.has(kind)
      ? {
          kind: kind as BinaryKind,
          left: refer.series(f.take('left'), where),
          right: refer.series(f.take('right'), where),
        }
      : readOther(kind, f, refer);
  f.end();
  return node;
}

function readOther(kind: string, f: Fields, refer: Earlier): Node {
  const { where } = f;
  const series = (name: string): Series => refer.series(f.take(name), where);
  const source = (): Frame => refer.frame(f.take('source'), where);
  switch (kind) {
    case 'table':
      return {
        kind,
        name: tableName(f.take('name'), where),
        rows: read.oneOf(f.take('rows'), ['one', 'many'], where),
        columns: columns(f.take('columns'), where),
      };
    case 'inline_table': {
      const declared = columns(f.take('columns'), where);
      return { kind, columns: declared, rows: inlineRows(f.take('rows'), declared, where) };
    }
    case 'file_table':
      return { kind, path: filePath(f.take('path'), where), columns: columns(f.take('columns'), where) };
    case 'filter':
      return { kind, source: manyRows(source(), where), condition: series('condition') };
    case 'sort':
      return { kind, source: manyRows(source(), where), by: series('by') };
    case 'pick':
      return {
        kind,
        source: manyRows(source(), where),
        position: read.oneOf(f.take('position'), ['first', 'last'], where),
      };
    case 'value': {
      const type = read.seriesType(f.take('type'), where);
      return { kind, type, value: read.scalar(f.take('value'), type, where) };
    }
    case 'value_set': {
      const type = read.seriesType(f.take('type'), where);
      const values = read.list(f.take('values'), where).map((v) => read.scalar(v, type, where));
      return { kind, type, values: [...new Set(values)] };
    }
    case 'parameter':
      return {
        kind,
        name: read.oneOf(f.take('name'), ['interval_start_date', 'interval_end_date'], where),
        type: 'date',
      };
    case 'select_column':
      return { kind, source: source(), name: read.text(f.take('name'), where) };
    case 'exists':
    case 'count':
      return { kind, source: source() };
    case 'count_distinct':
    case 'min':
    case 'max':
    case 'sum':
    case 'mean':
    case 'combine_as_set':
      return { kind, source: series('source') };
    case 'count_episodes':
      return {
        kind,
        source: series('source'),
        maximumGapDays: read.integer(f.take('maximum_gap_days'), where),
      };
    case 'maximum_of':
    case 'minimum_of':
      return { kind, sources: read.list(f.take('sources'), where).map((s) => refer.series(s, where)) };
    case 'case': {
      const cases = read.list(f.take('cases'), where).map((item) => {
        const [when, then] = read.pair(item, where);
        return { when: refer.series(when, where), then: then === null ? null : refer.series(then, where) };
      });
      const otherwise = f.take('otherwise');
      return { kind, cases, otherwise: otherwise === null ? null : refer.series(otherwise, where) };
    }
    default:
      throw new Malformed(where, `${read.short(kind)} is not a kind of node`);
  }
}

function tableName(value: Json, where: string): string {
  const name = read.text(value, where);
  if (name === '' || name.length > 200) throw new Malformed(where, 'a table name has 1 to 200 characters');
  return name;
}

function filePath(value: Json, where: string): string {
  const path = read.text(value, where);
  if (path === '' || path.length > 4096) throw new Malformed(where, 'a path has 1 to 4096 characters');
  return path;
}

function manyRows(frame: Frame, where: string): ManyRowsFrame {
  if (frame.kind === 'filter' || frame.kind === 'sort') return frame;
  if (frame.kind === 'table' && frame.rows === 'many') return frame;
  throw new Malformed(where, 'its source has one row a patient');
}

function inlineRows(value: Json, columns: readonly Column[], where: string): InlineTable['rows'] {
  return read.list(value, where).map((item, i) => {
    const at = `${where}.rows[${i}]`;
    const cells = read.list(item, at);
    if (cells.length !== columns.length + 1) throw new Malformed(at, `expected ${columns.length + 1} values`);
    const patient = read.scalar(cells[0], 'int', at) as bigint;
    return [patient, ...columns.map((column, c) => read.nullable(cells[c + 1], column.type, at))];
  });
}
