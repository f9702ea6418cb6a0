// One series to one SQL expression, row by row. What is known already, as a column of the relation being read, is used
// from there; everything else is spelled out. Operands that the spelling repeats are made columns beforehand
// (`repeatsOperands`), so that the text stays linear in the size of the definition.
import { typeOf, type Binary, type Series, type SeriesType, type Value } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import { constantOf } from './constant.js';
import { addDays, constantInt, isOutOfCalendar, monthsBetween, monthsOf, shiftMonths, yearsBetween } from './dates.js';
import { unlessNull } from './graph.js';
import { arithmetic, divide, floorDivide, power } from './numbers.js';
import {
  binary,
  boolLiteral,
  call,
  caseOf,
  cast,
  dateLiteral,
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

/** Texts made of constants have the order of the database until they are told otherwise. */
export const asText = (type: SeriesType, value: ExpressionNode, dialect: Dialect): ExpressionNode =>
  sqlTypeOf(type) === 'str' && dialect.text ? dialect.text(value) : value;
