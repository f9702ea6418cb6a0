// The SQL Server dialect, from version 2016. Conditions are no values, aggregates have no filters and take plain columns
// only, and a stage in front of a statement is worked out again for each use, so stages are temporary tables. Texts are
// compared by code units; spaces at the end of a text make no difference to it.
import { typeOf, type Series } from '@glovebox/language';
import {
  aggregate,
  binary,
  boolLiteral,
  call,
  cast,
  either,
  extract,
  intLiteral,
  isNotNull,
  nullLiteral,
  type ExpressionNode,
  type SqlType,
} from '../../tree/index.js';
import type { Dialect } from '../../dialect.js';
import { isBeyond32Bits } from '../integer.js';
import { printLiteral, quoteIdentifier } from './literals.js';

const collation = 'COLLATE Latin1_General_BIN2';

/** Texts are declared in tables alone. */
const types: Record<SqlType, string> = {
  bool: 'BIT',
  int: 'BIGINT',
  int32: 'INT',
  float: 'FLOAT',
  str: `NVARCHAR(4000) ${collation}`,
  date: 'DATE',
};

/** Moves a date; NULL for a constant that no date can be moved by. */
function dateAdd(part: 'day' | 'month', date: ExpressionNode, by: ExpressionNode): ExpressionNode {
  if (by.kind !== 'literal') return call(`dateadd_${part}`, cast(by, 'int32'), date);
  return by.type === 'int' && !isBeyond32Bits(by.value) ? call(`dateadd_${part}`, by, date) : cast(nullLiteral, 'date');
}

function contains(text: ExpressionNode, part: ExpressionNode): ExpressionNode {
  const isFound = binary('>', call('CHARINDEX', part, text), intLiteral(0));
  // The empty text is in every text, and CHARINDEX finds it in none.
  if (part.kind !== 'literal') {
    const isEmpty = binary('=', call('DATALENGTH', part), intLiteral(0));
    return binary('or', isFound, binary('and', isEmpty, isNotNull(text)));
  }
  return part.type === 'str' && part.value === '' ? either(isNotNull(text), boolLiteral(true)) : isFound;
}

/** A condition is printed twice where its value is used: once for true and once for false. */
function repeats(node: Series): boolean {
  switch (node.kind) {
    case 'eq':
    case 'ne':
      return typeOf(node.left) === 'bool';
    case 'case':
      return typeOf(node) === 'bool';
    case 'cast_to_int':
    case 'is_null':
      return typeOf(node.source) === 'bool';
    case 'contains':
      return node.right.kind !== 'value';
    default:
      return false;
  }
}

export const mssql: Dialect = {
  name: 'mssql',
  picks: 'windows',
  stages: 'tables',
  hasConditionValues: false,
  hasFilter: false,
  hasNullOrder: false,
  joinsIntervals: false,
  // It takes ten, of which values of conditions and calculations need some.
  deepestCase: 6,
  repeats,
  temporaryName: (stem) => `#${stem}`,
  createTable: (name, columns) => `CREATE TABLE ${quoteIdentifier(name)} (${columns})`,
  createTableAs: (name, query) => `SELECT * INTO ${quoteIdentifier(name)} FROM (\n${query}\n) AS [q]`,
  quote: quoteIdentifier,
  literal: printLiteral,
  typeName: (type) => types[type],
  text: (value) => call('by_code_units', value),
  primitives: {
    addDays: (date, days) => dateAdd('day', date, days),
    monthStart: (date, later) => {
      const start = call('month_start', date);
      return later === undefined ? start : dateAdd('month', start, later);
    },
    addMonths: (date, months) => {
      // SQL Server stays in the month: where the day is another one, the first of the month after is meant.
      const moved = dateAdd('month', date, months);
      const isSameDay = binary('=', extract('day', moved), extract('day', date));
      return either(isSameDay, moved, dateAdd('day', moved, intLiteral(1)));
    },
    yearStart: (date) => call('year_start', date),
    daysBetween: (later, earlier) => cast(call('days_between', earlier, later), 'int'),
    contains,
    conditionToInteger: (condition) => cast(condition, 'int'),
    toInteger: (value) => call('try_cast_int', value),
    divideTruncating: (left, right) => binary('/', left, right),
    extreme: (which, values) => call(which, ...values),
    sum: (value, type, filter) => cast(aggregate('sum', [cast(value, type)], filter), type),
    mean: (value, _type, filter) => aggregate('avg', [cast(value, 'float')], filter),
    anyTrue: (condition) => cast(aggregate('max', [cast(condition, 'int32')]), 'bool'),
  },
  print: {
    // COUNT has 32 bits.
    aggregateName: (name) => (name === 'count' ? 'COUNT_BIG' : name.toUpperCase()),
    extract: (part, operand) => `CAST(DATEPART(${part}, ${operand}) AS BIGINT)`,
    call: (node, print) => {
      const args = node.args.map(print);
      const [first, second] = args;
      switch (node.name) {
        case 'by_code_units':
          return `(${first} ${collation})`;
        case 'dateadd_day':
          return `DATEADD(day, ${first}, ${second})`;
        case 'dateadd_month':
          return `DATEADD(month, ${first}, ${second})`;
        case 'month_start':
          return fromStart('month', first!);
        case 'year_start':
          return fromStart('year', first!);
        case 'days_between':
          return `DATEDIFF(day, ${first}, ${second})`;
        case 'try_cast_int':
          return `TRY_CAST(${first} AS BIGINT)`;
        case 'trunc':
          return `ROUND(${first}, 0, 1)`;
        case 'pow':
          return `POWER(${first}, ${second})`;
        case 'greatest':
        case 'least': {
          const pickOne = node.name === 'greatest' ? 'MAX' : 'MIN';
          return `(SELECT ${pickOne}([v].[v]) FROM (VALUES ${args.map((arg) => `(${arg})`).join(', ')}) AS [v] ([v]))`;
        }
        default:
          return `${node.name.toUpperCase()}(${args.join(', ')})`;
      }
    },
  },
};

/** The start of a date's month or year: whole ones are counted from a day that starts one. */
function fromStart(part: 'month' | 'year', date: string): string {
  const day = printLiteral({ kind: 'literal', type: 'date', value: '1900-01-01' });
  return `DATEADD(${part}, DATEDIFF(${part}, ${day}, ${date}), ${day})`;
}
