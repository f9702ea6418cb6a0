// One series to one SQL expression, row by row. What is known already, as a column of the relation being read, is used
// from there; everything else is spelled out. Operands that the spelling repeats are made columns beforehand
// (`repeatsOperands`), so that the text stays linear in the size of the definition.
import { typeOf, type Binary, type Series, type SeriesType, type Value } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import { constantOf } from './constant.js';
import { unlessNull } from './graph.js';
import {
  binary,
  boolLiteral,
  call,
  caseOf,
  cast,
  dateLiteral,
  either,
  extract,
  floatLiteral,
  inList,
  intLiteral,
  isNotNull,
  isNull,
  nullLiteral,
  prefix,
  textLiteral,
  type BinaryOperator,
  type ExpressionNode,
  type SqlType,
} from '../tree/index.js';

/** What an expression may refer to. */
export interface Scope {
  readonly dialect: Dialect;
  readonly known: ReadonlyMap<Series, ExpressionNode>;
  /** Membership in a set that is in a table: too many constants to spell out, or the values of a patient, given the set. */
  longList(operand: ExpressionNode, node: Binary, set?: ExpressionNode): ExpressionNode;
}

/** Sets of up to this many constants are spelled out. */
export const longestInlineSet = 16;

export const sqlTypeOf = (type: SeriesType): SqlType =>
  type === 'bool' || type === 'int' || type === 'float' || type === 'date' ? type : 'str';

/** A constant of the model as a SQL constant. */
export function literalOf(type: SeriesType, value: Value['value']): ExpressionNode {
  switch (sqlTypeOf(type)) {
    case 'bool':
      return boolLiteral(value as boolean);
    case 'int':
      return intLiteral(value as bigint);
    case 'float':
      return floatLiteral(Number(value));
    case 'date':
      return dateLiteral(value as string);
    default:
      return textLiteral(value as string);
  }
}

/** Whether the spelling of a node names an operand more than once. */
export function repeatsOperands(node: Series, dialect: Dialect): boolean {
  switch (node.kind) {
    case 'floor_divide':
    case 'power':
    case 'add_days':
    case 'add_months':
    case 'add_years':
    case 'difference_in_months':
    case 'difference_in_years':
      return true;
    case 'in':
      return node.right.kind === 'combine_as_set';
    default:
      return dialect.repeats(node);
  }
}

const comparisons: Partial<Record<Series['kind'], BinaryOperator>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  and: 'and',
  or: 'or',
};

/** Kinds whose SQL is a 64-bit integer whatever their operands are stored as. */
const wideKinds = new Set<Series['kind']>([
  'add',
  'subtract',
  'multiply',
  'negate',
  'absolute',
  'floor_divide',
  'cast_to_int',
  'year',
  'month',
  'day',
  'difference_in_days',
  'difference_in_months',
  'difference_in_years',
]);

/**
 * The SQL of a series.
 *
 * @throws ProblemError when a constant can't be stored by the dialect.
 */
export function compile(node: Series, scope: Scope): ExpressionNode {
  const known = scope.known.get(node);
  if (known !== undefined) return known;
  const constant = constantOf(node);
  if (constant !== undefined) {
    // With its type: databases look for a function by the types of its operands.
    return constant === null ? cast(nullLiteral, sqlTypeOf(typeOf(node))) : literalOf(typeOf(node), constant);
  }
  const of = (operand: Series): ExpressionNode => compile(operand, scope);
  /** An operand of arithmetic, in the full width of its type: databases store narrower ones, and would overflow early. */
  const wide = (operand: Series): ExpressionNode => {
    const type = sqlTypeOf(typeOf(operand));
    if (type === 'float' && operand.kind === 'value') return of(operand);
    return wideKinds.has(operand.kind) ? of(operand) : cast(of(operand), type);
  };
  const { primitives } = scope.dialect;
  switch (node.kind) {
    case 'value':
      return literalOf(node.type, node.value);
    case 'not':
      return prefix('not', of(node.source));
    case 'is_null':
      return isNull(of(node.source));
    case 'negate':
      return prefix('-', wide(node.source));
    case 'absolute':
      return call('abs', wide(node.source));
    case 'cast_to_int':
      return typeOf(node.source) === 'float'
        ? primitives.toInteger(call('trunc', of(node.source)))
        : typeOf(node.source) === 'bool'
          ? primitives.conditionToInteger(of(node.source))
          : cast(of(node.source), 'int');
    case 'cast_to_float':
      return cast(of(node.source), 'float');
    case 'year':
    case 'month':
    case 'day':
      return extract(node.kind, of(node.source));
    case 'to_first_of_year':
      return primitives.yearStart(of(node.source));
    case 'to_first_of_month':
      return primitives.monthStart(of(node.source), undefined);
    case 'maximum_of':
    case 'minimum_of':
      return asText(
        typeOf(node),
        primitives.extreme(
          node.kind === 'maximum_of' ? 'greatest' : 'least',
          // Constants alone would be compared in the order of the database's own language.
          node.sources.map((source) =>
            source.kind === 'value' ? asText(source.type, of(source), scope.dialect) : of(source),
          ),
        ),
        scope.dialect,
      );
    case 'case': {
      const alternatives = unlessNull(node);
      if (alternatives) return asText(typeOf(node), call('coalesce', ...alternatives.map(of)), scope.dialect);
      return asText(
        typeOf(node),
        caseOf(
          node.cases.map(({ when, then }) => ({ when: of(when), then: then === null ? nullLiteral : of(then) })),
          node.otherwise === null ? nullLiteral : of(node.otherwise),
        ),
        scope.dialect,
      );
    }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'and':
    case 'or':
      return binary(comparisons[node.kind]!, of(node.left), of(node.right));
    case 'add':
      return arithmetic('+', node, wide, scope.dialect);
    case 'subtract':
      return arithmetic('-', node, wide, scope.dialect);
    case 'multiply':
      return arithmetic('*', node, wide, scope.dialect);
    case 'true_divide':
      return divide(cast(of(node.left), 'float'), cast(of(node.right), 'float'), scope.dialect);
    case 'floor_divide':
      return floorDivide(wide(node.left), wide(node.right), typeOf(node.left) === 'float', scope.dialect);
    case 'power':
      return power(of(node.left), of(node.right), scope.dialect);
    case 'add_days':
      if (isOutOfCalendar(node.right)) return cast(nullLiteral, 'date');
      return addDays(of(node.left), of(node.right), scope.dialect);
    case 'add_months':
      if (isOutOfCalendar(node.right)) return cast(nullLiteral, 'date');
      return shiftMonths(of(node.left), constantInt(node.right) ?? wide(node.right), scope.dialect);
    case 'add_years':
      if (isOutOfCalendar(node.right)) return cast(nullLiteral, 'date');
      return shiftMonths(of(node.left), constantInt(node.right, 12n) ?? monthsOf(wide(node.right)), scope.dialect);
    case 'difference_in_days':
      return primitives.daysBetween(of(node.left), of(node.right));
    case 'difference_in_months':
      return monthsBetween(of(node.left), of(node.right));
    case 'difference_in_years':
      return yearsBetween(of(node.left), of(node.right));
    case 'contains':
      return primitives.contains(of(node.left), of(node.right));
    case 'in':
      return membership(node, scope);
    default:
      throw new Error(`${node.kind} must be known before it is used`);
  }
}

function membership(node: Binary, scope: Scope): ExpressionNode {
  const operand = compile(node.left, scope);
  if (node.right.kind === 'value_set') {
    const { type, values } = node.right;
    const [first, ...rest] = values.map((value) => literalOf(type, value));
    if (first === undefined) return boolLiteral(false);
    return values.length > longestInlineSet ? scope.longList(operand, node) : inList(operand, [first, ...rest]);
  }
  // A patient's own set: without any value it behaves as the empty set, also for NULL.
  const set = compile(node.right, scope);
  const { lists } = scope.dialect.primitives;
  return caseOf(
    [
      { when: isNull(set), then: boolLiteral(false) },
      {
        when: isNotNull(operand),
        then: lists ? lists.setContains(set, operand) : scope.longList(operand, node, set),
      },
    ],
    nullLiteral,
  );
}

/** The sum, difference or product of two numbers of one type. */
function arithmetic(
  operator: '+' | '-' | '*',
  node: Binary,
  of: (operand: Series) => ExpressionNode,
  { primitives }: Dialect,
): ExpressionNode {
  const operands = [of(node.left), of(node.right)] as const;
  const ofFloats = typeOf(node.left) === 'float' ? primitives.floatArithmetic : undefined;
  return ofFloats ? ofFloats(operator, ...operands) : binary(operator, ...operands);
}

/** NULL for a zero divisor. */
function divide(left: ExpressionNode, right: ExpressionNode, { primitives }: Dialect): ExpressionNode {
  const divisor = call('nullif', right, floatLiteral(0));
  return primitives.floatArithmetic ? primitives.floatArithmetic('/', left, divisor) : binary('/', left, divisor);
}

/** Texts made of constants have the order of the database until they are told otherwise. */
export const asText = (type: SeriesType, value: ExpressionNode, dialect: Dialect): ExpressionNode =>
  sqlTypeOf(type) === 'str' && dialect.text ? dialect.text(value) : value;

/** Toward minus infinity; NULL for a zero divisor. */
function floorDivide(left: ExpressionNode, right: ExpressionNode, floats: boolean, dialect: Dialect): ExpressionNode {
  if (floats) {
    return dialect.primitives.toInteger(call('floor', divide(left, right, dialect)));
  }
  const divisor = call('nullif', right, intLiteral(0));
  const isInexact = binary('<>', binary('%', left, divisor), intLiteral(0));
  const isNegative = binary('<>', binary('<', left, intLiteral(0)), binary('<', right, intLiteral(0)));
  return binary(
    '-',
    dialect.primitives.divideTruncating(left, divisor),
    either(binary('and', isInexact, isNegative), intLiteral(1), intLiteral(0)),
  );
}

/** NULL where no real number is the answer. */
function power(base: ExpressionNode, exponent: ExpressionNode, { primitives }: Dialect): ExpressionNode {
  const b = cast(base, 'float');
  const e = cast(exponent, 'float');
  const zero = floatLiteral(0);
  return caseOf(
    [
      { when: binary('and', binary('=', b, zero), binary('<', e, zero)), then: nullLiteral },
      { when: binary('and', binary('<', b, zero), binary('<>', e, call('floor', e))), then: nullLiteral },
    ],
    primitives.floatArithmetic ? primitives.floatArithmetic('pow', b, e) : call('pow', b, e),
  );
}

const firstDate = dateLiteral('0001-01-01');
const lastDate = dateLiteral('9999-12-31');

const within = (value: ExpressionNode, least: ExpressionNode, greatest: ExpressionNode): ExpressionNode =>
  binary('and', binary('>=', value, least), binary('<=', value, greatest));

/** NULL for a date outside the years 1 to 9999. */
function addDays(date: ExpressionNode, days: ExpressionNode, dialect: Dialect): ExpressionNode {
  const { addDays: add, daysBetween } = dialect.primitives;
  return either(within(days, daysBetween(firstDate, date), daysBetween(lastDate, date)), add(date, days));
}

/**
 * The same day of another month; where that day doesn't exist, the first of the month after. The day is counted from
 * the start of the month, and `least` holds it there. NULL for a date outside the years 1 to 9999.
 */
function shiftMonths(date: ExpressionNode, months: ExpressionNode, dialect: Dialect): ExpressionNode {
  const { addDays: add, addMonths, monthStart } = dialect.primitives;
  const dayOffset = binary('-', extract('day', date), intLiteral(1));
  const monthNumber = binary('+', binary('*', extract('year', date), intLiteral(12)), extract('month', date));
  return either(
    within(months, binary('-', intLiteral(13), monthNumber), binary('-', intLiteral(9999 * 12 + 12), monthNumber)),
    addMonths
      ? addMonths(date, months)
      : call('least', add(monthStart(date, months), dayOffset), monthStart(date, binary('+', months, intLiteral(1)))),
  );
}

/** Whether a date is moved by a constant that takes any date out of the calendar; no database is asked to calculate it. */
function isOutOfCalendar(by: Series): boolean {
  const value = constantOf(by);
  return typeof value === 'bigint' && (value > 4_000_000n || value < -4_000_000n);
}

/** A number of months that stands in the definition, where it is one that dates can have. */
function constantInt(series: Series, factor = 1n): ExpressionNode | undefined {
  const value = constantOf(series);
  if (typeof value !== 'bigint' || value > 20_000n || value < -20_000n) return undefined;
  return intLiteral(value * factor);
}

/** Years as months; NULL for more years than there are, which would overflow. */
function monthsOf(years: ExpressionNode): ExpressionNode {
  return either(within(years, intLiteral(-20_000), intLiteral(20_000)), binary('*', years, intLiteral(12)));
}

function monthsBetween(later: ExpressionNode, earlier: ExpressionNode): ExpressionNode {
  const years = binary('-', extract('year', later), extract('year', earlier));
  const months = binary('-', extract('month', later), extract('month', earlier));
  const isShort = binary('<', extract('day', later), extract('day', earlier));
  return binary(
    '-',
    binary('+', binary('*', intLiteral(12), years), months),
    either(isShort, intLiteral(1), intLiteral(0)),
  );
}

function yearsBetween(later: ExpressionNode, earlier: ExpressionNode): ExpressionNode {
  const dayOfYear = (date: ExpressionNode): ExpressionNode =>
    binary('+', binary('*', extract('month', date), intLiteral(100)), extract('day', date));
  return binary(
    '-',
    binary('-', extract('year', later), extract('year', earlier)),
    either(binary('<', dayOfYear(later), dayOfYear(earlier)), intLiteral(1), intLiteral(0)),
  );
}
