// The Trino dialect. A stage in front of a statement would be worked out again for each use, and there are no temporary
// tables: stages are tables that are dropped again, so whoever runs the SQL gives them a name of its own.
import {
  aggregate,
  binary,
  call,
  cast,
  either,
  extract,
  intLiteral,
  type ExpressionNode,
  type SqlType,
} from '../../tree/index.js';
import type { Dialect } from '../../dialect.js';
import { printLiteral, quoteIdentifier } from './literals.js';

const types: Record<SqlType, string> = {
  bool: 'BOOLEAN',
  int: 'BIGINT',
  int32: 'INTEGER',
  float: 'DOUBLE',
  str: 'VARCHAR',
  date: 'DATE',
};

const dateAdd = (part: 'day' | 'month', date: ExpressionNode, by: ExpressionNode): ExpressionNode =>
  call(`date_add_${part}`, by, date);

export const trino: Dialect = {
  name: 'trino',
  picks: 'windows',
  stages: 'tables',
  hasConditionValues: true,
  hasFilter: true,
  hasNullOrder: true,
  joinsIntervals: false,
  repeats: () => false,
  temporaryName: (stem) => `glovebox_${stem}`,
  createTable: (name, columns) => `CREATE TABLE ${quoteIdentifier(name)} (${columns})`,
  createTableAs: (name, query) => `CREATE TABLE ${quoteIdentifier(name)} AS\n${query}`,
  quote: quoteIdentifier,
  literal: printLiteral,
  typeName: (type) => types[type],
  primitives: {
    addDays: (date, days) => dateAdd('day', date, days),
    monthStart: (date, later) => {
      const start = call('month_start', date);
      return later === undefined ? start : dateAdd('month', start, later);
    },
    addMonths: (date, months) => {
      // Trino stays in the month: where the day is another one, the first of the month after is meant.
      const moved = dateAdd('month', date, months);
      const isSameDay = binary('=', extract('day', moved), extract('day', date));
      return either(isSameDay, moved, dateAdd('day', moved, intLiteral(1)));
    },
    yearStart: (date) => call('year_start', date),
    daysBetween: (later, earlier) => call('days_between', earlier, later),
    contains: (text, part) => binary('>', call('strpos', text, part), intLiteral(0)),
    conditionToInteger: (condition) => cast(condition, 'int'),
    toInteger: (value) => call('try_cast_int', value),
    divideTruncating: (left, right) => binary('/', left, right),
    extreme: (which, values) => call(which, ...values),
    sum: (value, type, filter) => aggregate('sum', [cast(value, type)], filter),
    mean: (value, _type, filter) => aggregate('avg', [cast(value, 'float')], filter),
    anyTrue: (condition) => aggregate('bool_or', [condition]),
    anyBits: (value) => aggregate('bitwise_or_agg', [value]),
    lists: {
      collectSet: (value, filter) => aggregate('array_agg', [value], filter, true),
      setContains: (set, value) => call('contains', set, value),
    },
  },
  print: {
    binary: (operator, left, right, print) =>
      operator === '&' ? `bitwise_and(${print(left)}, ${print(right)})` : undefined,
    call: (node, print) => {
      const args = node.args.map(print);
      const [first, second] = args;
      switch (node.name) {
        case 'date_add_day':
          return `date_add('day', ${first}, ${second})`;
        case 'date_add_month':
          return `date_add('month', ${first}, ${second})`;
        case 'month_start':
          return `date_trunc('month', ${first})`;
        case 'year_start':
          return `date_trunc('year', ${first})`;
        case 'days_between':
          return `date_diff('day', ${first}, ${second})`;
        case 'try_cast_int':
          return `TRY_CAST(${first} AS BIGINT)`;
        case 'trunc':
          return `truncate(${first})`;
        case 'greatest':
        case 'least': {
          // Its own of that name are NULL when any value is.
          const pickOne = node.name === 'greatest' ? 'array_max' : 'array_min';
          return `${pickOne}(filter(ARRAY[${args.join(', ')}], v -> v IS NOT NULL))`;
        }
        default:
          return undefined;
      }
    },
  },
};
