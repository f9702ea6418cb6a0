// Calculations with numbers: where SQL would fail or answer otherwise than the query language, it is spelled out.
import { typeOf, type Binary, type Series } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import {
  binary,
  call,
  caseOf,
  cast,
  either,
  floatLiteral,
  intLiteral,
  nullLiteral,
  type ExpressionNode,
} from '../tree/index.js';

/** The sum, difference or product of two numbers of one type. */
export function arithmetic(
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
export function divide(left: ExpressionNode, right: ExpressionNode, { primitives }: Dialect): ExpressionNode {
  const divisor = call('nullif', right, floatLiteral(0));
  return primitives.floatArithmetic ? primitives.floatArithmetic('/', left, divisor) : binary('/', left, divisor);
}

/** Toward minus infinity; NULL for a zero divisor. */
export function floorDivide(
  left: ExpressionNode,
  right: ExpressionNode,
  floats: boolean,
  dialect: Dialect,
): ExpressionNode {
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
export function power(base: ExpressionNode, exponent: ExpressionNode, { primitives }: Dialect): ExpressionNode {
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
