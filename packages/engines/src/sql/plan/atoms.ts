// The pieces of a definition that need a pass over a table: aggregations, and first or last rows. Each says which table
// it scans, which rows take part, what it reads from a row, and what the patient's value is once the scan is done.
import { domainOf, sortKeys, typeOf, type Pick, type Series, type Table } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import {
  aggregate,
  binary,
  boolLiteral,
  call,
  either,
  field,
  intLiteral,
  isNotNull,
  isNull,
  nullLiteral,
  record,
  windowOf,
  type ExpressionNode,
} from '../tree/index.js';
import { sqlTypeOf } from './compile.js';
import { operandOrder } from './graph.js';
import { conjunctsOf, frameOf, tableOf, type Membership } from './membership.js';

export interface Atom {
  readonly table: Table;
  /** The rows that take part; undefined for all. */
  readonly member: Series | undefined;
  /** Only whether any row takes part is asked. */
  readonly isExistence?: boolean;
  /** What is read from each row. */
  readonly inputs: readonly Series[];
  /**
   * What is worked out for each row from the others of its patient before the scan, in dialects that have windows for it:
   * `patientId`, and the rows' condition, are as in `columns`.
   */
  windows?(
    of: (input: Series) => ExpressionNode,
    filter: ExpressionNode | undefined,
    dialect: Dialect,
    patientId: ExpressionNode,
  ): readonly { readonly name: string; readonly value: ExpressionNode }[];
  /** A set whose values are to be rows of a table, in dialects without lists. */
  readonly isSet?: boolean;
  /**
   * Aggregates for the scan, given the rows' condition and a way to compile inputs. Names are unique within the atom.
   *
   * @param row reads what `windows` made, and `patient_id`.
   */
  columns(
    of: (input: Series) => ExpressionNode,
    filter: ExpressionNode | undefined,
    dialect: Dialect,
    row?: (name: string) => ExpressionNode,
  ): readonly { readonly name: string; readonly value: ExpressionNode }[];
  /** The values of a patient, from those columns: they are NULL for a patient without any row. */
  readonly results: readonly {
    readonly node: Series;
    readonly value: (column: (name: string) => ExpressionNode, dialect: Dialect) => ExpressionNode;
  }[];
}

/** Everything that needs to know the whole definition. */
export interface AtomContext {
  readonly membership: Membership;
  readonly ties: ReadonlyMap<Pick, readonly string[]>;
}

const andNotNull = (filter: ExpressionNode | undefined, value: ExpressionNode): ExpressionNode =>
  filter === undefined ? isNotNull(value) : binary('and', filter, isNotNull(value));

const orZero = (value: ExpressionNode): ExpressionNode => call('coalesce', value, intLiteral(0));

/**
 * The atom of an aggregation or of the selections from a pick; undefined when the series needs no scan.
 *
 * @param selections all the columns that are selected from the same pick, itself included.
 */
export function atomOf(node: Series, selections: readonly Series[], context: AtomContext): Atom | undefined {
  switch (node.kind) {
    case 'exists':
    case 'count': {
      const table = tableOf(node.source);
      if (table === undefined) return undefined;
      const member = context.membership(node.source);
      const isPicked = node.source.kind === 'pick';
      const one = node.kind === 'exists' || isPicked;
      return {
        table,
        member,
        isExistence: one,
        inputs: [],
        columns: (_of, filter, dialect) => [
          {
            name: 'n',
            value: one
              ? filter === undefined
                ? aggregate('count', [])
                : dialect.primitives.anyTrue(filter)
              : aggregate('count', [], filter),
          },
        ],
        results: [
          {
            node,
            value: (column, { primitives }) => {
              const n = column('n');
              if (!one) return orZero(n);
              const found = member === undefined ? isNotNull(n) : call('coalesce', n, boolLiteral(false));
              return node.kind === 'exists' ? found : primitives.conditionToInteger(found);
            },
          },
        ],
      };
    }
    case 'count_distinct':
    case 'min':
    case 'max':
    case 'sum':
    case 'mean':
    case 'combine_as_set':
    case 'count_episodes':
      return valueAtom(node, context);
    case 'select_column': {
      if (node.source.kind !== 'pick') return undefined;
      return pickAtom(node.source, selections, context);
    }
    default:
      return undefined;
  }
}

type ValueAggregation = Extract<
  Series,
  { kind: 'count_distinct' | 'min' | 'max' | 'sum' | 'mean' | 'combine_as_set' | 'count_episodes' }
>;

function valueAtom(node: ValueAggregation, context: AtomContext): Atom {
  const { source } = node;
  const domain = domainOf(source);
  if (domain.kind !== 'event') throw new Error(`${node.kind} of a value of the patient`);
  const member = context.membership(
    frameOf(
      source,
      operandOrder([source], () => false),
    ),
  );
  const type = sqlTypeOf(typeOf(source));
  return {
    table: domain.table,
    member,
    inputs: [source],
    isSet: node.kind === 'combine_as_set',
    windows: (of, filter, dialect, patientId) => {
      if (node.kind !== 'count_episodes' || dialect.primitives.episodes) return [];
      const value = of(source);
      return [{ name: 'before', value: lastBefore(value, andNotNull(filter, value), patientId) }];
    },
    columns: (of, filter, dialect, row) => {
      const value = of(source);
      const one = (result: ExpressionNode) => [{ name: 'v', value: result }];
      const { primitives } = dialect;
      switch (node.kind) {
        case 'count_distinct':
          return one(aggregate('count', [value], filter, true));
        case 'mean':
          return one(primitives.mean(value, type, filter));
        case 'combine_as_set':
          // A set whose values are in a table is known by its patient.
          return one(
            primitives.lists
              ? primitives.lists.collectSet(value, andNotNull(filter, value))
              : aggregate('max', [row!('patient_id')], andNotNull(filter, value)),
          );
        case 'count_episodes':
          return one(
            primitives.episodes
              ? primitives.episodes.collectDates(value, andNotNull(filter, value))
              : aggregate(
                  'count',
                  [],
                  binary(
                    'and',
                    andNotNull(filter, value),
                    binary(
                      'or',
                      isNull(row!('before')),
                      binary('>', primitives.daysBetween(value, row!('before')), intLiteral(node.maximumGapDays)),
                    ),
                  ),
                ),
          );
        case 'sum':
          return one(primitives.sum(value, type, filter));
        default:
          return one(aggregate(node.kind, [value], filter));
      }
    },
    results: [
      {
        node,
        value: (column, dialect) => {
          const v = column('v');
          if (node.kind === 'count_distinct') return orZero(v);
          if (node.kind !== 'count_episodes') return v;
          const { episodes } = dialect.primitives;
          return episodes ? episodes.countEpisodes(v, node.maximumGapDays) : orZero(v);
        },
      },
    ],
  };
}

/** Whether a row takes part, as a value to divide rows by. */
const takesPart = (filter: ExpressionNode | undefined): readonly ExpressionNode[] =>
  filter === undefined ? [] : [either(filter, intLiteral(1), intLiteral(0))];

/** The value of the row before, of those that take part. */
const lastBefore = (value: ExpressionNode, filter: ExpressionNode, patientId: ExpressionNode): ExpressionNode =>
  windowOf({
    name: 'lag',
    args: [value],
    partitionBy: [patientId, ...takesPart(filter)],
    orderBy: [value],
    descending: false,
  });

/**
 * All keys of a pick's order are compared, and every selected column is among them, so rows that tie are alike in all
 * that anybody sees: the greatest or least row is well defined and needs no sort.
 */
function pickAtom(pick: Pick, selections: readonly Series[], context: AtomContext): Atom {
  const table = tableOf(pick)!;
  const member = context.membership(pick);
  const direct = sortKeys(pick);
  const ties = (context.ties.get(pick) ?? []).map((name): Series => columnOf(pick, name));
  const keys = [...direct, ...ties];
  const nameOf = (node: Series): string => (node.kind === 'select_column' ? node.name : '');
  const positions = selections.map((node) =>
    keys.findIndex((key) => key.kind === 'select_column' && key.name === nameOf(node)),
  );
  const which = pick.position === 'first' ? 'min' : 'max';
  const [first] = keys;
  if (keys.length === 1 && first) return datePickAtom({ table, member, only: first, selections, which });
  return {
    table,
    member,
    inputs: keys,
    windows: (of, filter, dialect, patientId) => {
      if (dialect.picks === 'records') return [];
      const place = windowOf({
        name: 'row_number',
        args: [],
        partitionBy: [patientId, ...takesPart(filter)],
        orderBy: keys.map(of),
        descending: pick.position === 'last',
      });
      return [{ name: 'place', value: place }];
    },
    columns: (of, filter, dialect, row) => {
      if (dialect.picks === 'windows') {
        const isFirst = binary('=', row!('place'), intLiteral(1));
        const isPicked = filter === undefined ? isFirst : binary('and', filter, isFirst);
        return [...new Set(positions)].map((at) => ({ name: `k${at}`, value: only(keys[at]!, of, isPicked, dialect) }));
      }
      const fields = keys.flatMap((key, index) => {
        const value = of(key);
        // NULL comes first, whatever the database thinks of it.
        const known = { name: `n${index}`, value: isNotNull(value) };
        return isNeverNull(key, member) ? [{ name: `k${index}`, value }] : [known, { name: `k${index}`, value }];
      });
      return [{ name: 'row', value: aggregate(which, [record(fields)], filter) }];
    },
    results: selections.map((node, at) => ({
      node,
      value: (column, { picks }) =>
        picks === 'windows' ? column(`k${positions[at]}`) : field(column('row'), `k${positions[at]}`),
    })),
  };
}

/** The value of the one row that meets the condition. */
function only(
  key: Series,
  of: (input: Series) => ExpressionNode,
  isPicked: ExpressionNode,
  { primitives }: Dialect,
): ExpressionNode {
  const value = of(key);
  return typeOf(key) === 'bool'
    ? primitives.anyTrue(either(isPicked, value, nullLiteral))
    : aggregate('max', [value], isPicked);
}

/** One key, which is all that is selected: the greatest or least value; for the first row, NULL when there is one. */
function datePickAtom(parts: {
  readonly table: Table;
  readonly member: Series | undefined;
  readonly only: Series;
  readonly selections: readonly Series[];
  readonly which: 'min' | 'max';
}): Atom {
  const { table, member, only, selections, which } = parts;
  const needsNullCheck = which === 'min' && !isNeverNull(only, member);
  return {
    table,
    member,
    inputs: [only],
    columns: (of, filter, dialect) => {
      const value = of(only);
      const best = { name: 'v', value: aggregate(which, [value], filter) };
      if (!needsNullCheck) return [best];
      const isMissing = filter === undefined ? isNull(value) : binary('and', filter, isNull(value));
      return [best, { name: 'gap', value: dialect.primitives.anyTrue(isMissing) }];
    },
    results: selections.map((node) => ({
      node,
      value: (column) =>
        needsNullCheck
          ? either(call('coalesce', column('gap'), boolLiteral(false)), nullLiteral, column('v'))
          : column('v'),
    })),
  };
}

/** The same column read from the rows that are sorted. */
function columnOf(pick: Pick, name: string): Series {
  return { kind: 'select_column', source: pick.source, name };
}

/** Whether a row that takes part surely has a value in this column: a condition on it is true. */
function isNeverNull(key: Series, member: Series | undefined): boolean {
  if (key.kind !== 'select_column') return false;
  const isKey = (node: Series): boolean =>
    node.kind === 'select_column' &&
    node.name === key.name &&
    tableOf(node.source) === tableOf(key.source) &&
    node.source.kind !== 'pick';
  return conjunctsOf(member).some((condition) => {
    switch (condition.kind) {
      case 'eq':
      case 'ne':
      case 'lt':
      case 'le':
      case 'gt':
      case 'ge':
        return isKey(condition.left) || isKey(condition.right);
      case 'in':
        return isKey(condition.left) && condition.right.kind === 'value_set';
      case 'not':
        return condition.source.kind === 'is_null' && isKey(condition.source.source);
      default:
        return false;
    }
  });
}
