// The DuckDB dialect: spelling, types and the operations that SQL has no common words for.
import { aggregate, binary, call, cast, either, intLiteral, isNull } from '../../tree/index.js';
import type { SqlType } from '../../tree/index.js';
import type { Dialect } from '../../dialect.js';
import { printLiteral, quoteIdentifier, quoteText } from './literals.js';

const types: Record<SqlType, string> = {
  bool: 'BOOLEAN',
  int: 'BIGINT',
  int32: 'INTEGER',
  float: 'DOUBLE',
  str: 'VARCHAR',
  date: 'DATE',
};

export const duckdb: Dialect = {
  name: 'duckdb',
  picks: 'records',
  stages: 'with',
  hasConditionValues: true,
  hasFilter: true,
  hasNullOrder: true,
  joinsIntervals: true,
  rowNumber: 'rowid',
  repeats: () => false,
  temporaryName: (stem) => stem,
  createTable: (name, columns) => `CREATE TEMPORARY TABLE ${quoteIdentifier(name)} (${columns})`,
  createTableAs: (name, query) => `CREATE TEMPORARY TABLE ${quoteIdentifier(name)} AS\n${query}`,
  quote: quoteIdentifier,
  literal: printLiteral,
  typeName: (type) => types[type],
  primitives: {
    // Numbers of days or months that no date can have are asked about beforehand, but DuckDB may convert them even so.
    addDays: (date, days) => binary('+', date, call('try_cast_int32', days)),
    monthStart: (date, later) => {
      const start = call('date_trunc_month', date);
      return later === undefined
        ? cast(start, 'date')
        : cast(binary('+', start, call('to_months', call('try_cast_int32', later))), 'date');
    },
    yearStart: (date) => cast(call('date_trunc_year', date), 'date'),
    daysBetween: (later, earlier) => binary('-', later, earlier),
    contains: (text, part) => call('contains', text, part),
    conditionToInteger: (condition) => cast(condition, 'int'),
    toInteger: (value) => call('try_cast_int', value),
    divideTruncating: (left, right) => binary('//', left, right),
    extreme: (which, values) => call(which, ...values),
    sum: (value, type, filter) => cast(aggregate('sum', [value], filter), type),
    mean: (value, _type, filter) => aggregate('avg', [value], filter),
    anyTrue: (condition) => aggregate('bool_or', [condition]),
    anyBits: (value) => aggregate('bit_or', [value]),
    lists: {
      collectSet: (value, filter) => aggregate('list', [value], filter, true),
      setContains: (set, value) => call('list_contains', set, value),
    },
    episodes: {
      collectDates: (value, filter) => call('list_sort', aggregate('list', [value], filter)),
      countEpisodes: (dates, gap) =>
        either(isNull(dates), intLiteral(0), binary('+', intLiteral(1), call('episode_gaps', dates, intLiteral(gap)))),
    },
  },
  print: {
    record: (fields) => `struct_pack(${fields.map((f) => `${quoteIdentifier(f.name)} := ${f.value}`).join(', ')})`,
    field: (record, name) => `struct_extract(${record}, ${quoteText(name)})`,
    call: (node, print) => {
      const args = node.args.map(print);
      switch (node.name) {
        case 'date_trunc_month':
          return `date_trunc('month', ${args[0]})`;
        case 'date_trunc_year':
          return `date_trunc('year', ${args[0]})`;
        case 'try_cast_int':
          return `TRY_CAST(${args[0]} AS BIGINT)`;
        case 'try_cast_int32':
          return `TRY_CAST(${args[0]} AS INTEGER)`;
        case 'episode_gaps':
          return `len(list_filter(list_zip(${args[0]}[2:], ${args[0]}), lambda pair: pair[1] - pair[2] > ${args[1]}))`;
        default:
          return undefined;
      }
    },
  },
};
