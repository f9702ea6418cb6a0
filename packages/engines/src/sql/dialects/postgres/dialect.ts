// The PostgreSQL dialect, from version 15. Rows are numbered in windows: it has no least or greatest of records before
// version 18. Queries end in OFFSET 0 where their columns must not be worked out again for each use.
import { typeOf, type Series } from '@glovebox/language';
import {
  aggregate,
  binary,
  call,
  cast,
  either,
  extract,
  floatLiteral,
  intLiteral,
  nullLiteral,
  type ExpressionNode,
  type SqlType,
} from '../../tree/index.js';
import type { Dialect } from '../../dialect.js';
import { isBeyond32Bits } from '../integer.js';
import { floatArithmetic, meanOfFloats, sumOfFloats } from './floats.js';
import { printLiteral, quoteIdentifier } from './literals.js';

const types: Record<SqlType, string> = {
  bool: 'BOOLEAN',
  int: 'BIGINT',
  int32: 'INTEGER',
  float: 'DOUBLE PRECISION',
  str: 'TEXT',
  date: 'DATE',
};

/** Constants are worked out before any condition is looked at, so one that doesn't fit must not be there. */
const narrow = (value: ExpressionNode): ExpressionNode =>
  value.kind === 'literal' && value.type === 'int' && isBeyond32Bits(value.value) ? nullLiteral : cast(value, 'int32');

/** Calculations with floats name their operands more than once. */
function repeats(node: Series): boolean {
  switch (node.kind) {
    case 'add':
    case 'subtract':
    case 'multiply':
      return typeOf(node.left) === 'float';
    case 'true_divide':
      return true;
    case 'cast_to_int':
      return typeOf(node.source) === 'float';
    default:
      return false;
  }
}

export const postgres: Dialect = {
  name: 'postgres',
  picks: 'windows',
  stages: 'with',
  hasConditionValues: true,
  hasFilter: true,
  hasNullOrder: true,
  joinsIntervals: true,
  repeats,
  fence: 'OFFSET 0',
  temporaryName: (stem) => stem,
  createTable: (name, columns) => `CREATE TEMPORARY TABLE ${quoteIdentifier(name)} (${columns})`,
  createTableAs: (name, query) => `CREATE TEMPORARY TABLE ${quoteIdentifier(name)} AS\n${query}`,
  quote: quoteIdentifier,
  literal: printLiteral,
  typeName: (type) => types[type],
  text: (value) => call('by_code_points', value),
  primitives: {
    addDays: (date, days) => binary('+', date, narrow(days)),
    monthStart: (date, later) =>
      later === undefined ? call('month_start', date) : call('months_later', call('month_start', date), narrow(later)),
    addMonths: (date, months) => {
      // PostgreSQL stays in the month: where the day is another one, the first of the month after is meant.
      const moved = call('months_later', date, narrow(months));
      const isSameDay = binary('=', extract('day', moved), extract('day', date));
      return either(isSameDay, moved, binary('+', moved, cast(intLiteral(1), 'int32')));
    },
    yearStart: (date) => call('year_start', date),
    daysBetween: (later, earlier) => cast(binary('-', later, earlier), 'int'),
    contains: (text, part) => binary('>', call('strpos', text, part), intLiteral(0)),
    conditionToInteger: (condition) => cast(cast(condition, 'int32'), 'int'),
    toInteger: (value) =>
      either(
        binary(
          'and',
          binary('>=', value, floatLiteral(-9223372036854775808)),
          binary('<', value, floatLiteral(9223372036854775808)),
        ),
        cast(value, 'int'),
      ),
    divideTruncating: (left, right) => binary('/', left, right),
    floatArithmetic,
    extreme: (which, values) => call(which, ...values),
    sum: (value, type, filter) =>
      type === 'float' ? sumOfFloats(value, filter) : cast(aggregate('sum', [cast(value, type)], filter), type),
    mean: (value, type, filter) =>
      type === 'float' ? meanOfFloats(value, filter) : cast(aggregate('avg', [value], filter), 'float'),
    anyTrue: (condition) => aggregate('bool_or', [condition]),
    anyBits: (value) => aggregate('bit_or', [value]),
  },
  print: {
    binary: (operator, left, right, print) => (operator === '//' ? `(${print(left)} / ${print(right)})` : undefined),
    extract: (part, operand) => `CAST(EXTRACT(${part.toUpperCase()} FROM ${operand}) AS BIGINT)`,
    call: (node, print) => {
      const [first, second] = node.args.map(print);
      switch (node.name) {
        case 'by_code_points':
          return `(${first} COLLATE "C")`;
        case 'month_start':
          return `CAST(date_trunc('month', CAST(${first} AS TIMESTAMP)) AS DATE)`;
        case 'year_start':
          return `CAST(date_trunc('year', CAST(${first} AS TIMESTAMP)) AS DATE)`;
        case 'months_later':
          return `CAST(${first} + make_interval(months => ${second}) AS DATE)`;
        case 'xor':
          return `(${first} # ${second})`;
        case 'bit_count':
          return `bit_count(CAST(${first} AS BIT(64)))`;
        default:
          return undefined;
      }
    },
  },
};
