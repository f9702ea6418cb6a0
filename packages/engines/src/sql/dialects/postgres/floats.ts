// Calculation with floats that may be infinite. PostgreSQL stops a statement when a result is too large or too small for a
// float; here it is infinite or zero, as everywhere else. Operands are named several times: the dialect says so, and
// they are columns by then.
import {
  aggregate,
  binary,
  call,
  caseOf,
  cast,
  chain,
  either,
  floatLiteral,
  intLiteral,
  isNull,
  nullLiteral,
  prefix,
  type ExpressionNode,
} from '../../tree/index.js';

const greatestFloat = floatLiteral(Number.MAX_VALUE);
const leastFloat = floatLiteral(Number.MIN_VALUE);
const infinity = floatLiteral(Infinity);
const minusInfinity = floatLiteral(-Infinity);
const zero = floatLiteral(0);
const one = floatLiteral(1);

const all = (...conditions: readonly ExpressionNode[]): ExpressionNode => chain('and', conditions)!;
const times = (left: ExpressionNode, right: ExpressionNode): ExpressionNode => binary('*', left, right);
const sizeOf = (value: ExpressionNode): ExpressionNode => call('abs', value);
const isFinite = (value: ExpressionNode): ExpressionNode => binary('<', sizeOf(value), infinity);
/** Infinity with the sign of a product. */
const signedInfinity = (left: ExpressionNode, right: ExpressionNode): ExpressionNode =>
  times(times(call('sign', left), call('sign', right)), infinity);

export function floatArithmetic(
  operation: '+' | '-' | '*' | '/' | 'pow',
  left: ExpressionNode,
  right: ExpressionNode,
): ExpressionNode {
  switch (operation) {
    case '+':
      return add(left, right, binary('+', left, right));
    case '-':
      return add(left, prefix('-', right), binary('-', left, right));
    case '*':
      return multiply(left, right);
    case '/':
      return divide(left, right);
    case 'pow':
      return power(left, right);
  }
}

/** What is left of the greatest float after one operand is less than the other. */
function add(left: ExpressionNode, right: ExpressionNode, sum: ExpressionNode): ExpressionNode {
  const isFar = all(isFinite(left), isFinite(right));
  const room = binary('-', greatestFloat, call('greatest', left, zero));
  const roomBelow = binary('-', prefix('-', greatestFloat), call('least', left, zero));
  return caseOf(
    [
      { when: all(isFar, binary('>', right, room)), then: infinity },
      { when: all(isFar, binary('<', right, roomBelow)), then: minusInfinity },
    ],
    sum,
  );
}

function multiply(left: ExpressionNode, right: ExpressionNode): ExpressionNode {
  const [l, r] = [sizeOf(left), sizeOf(right)];
  const areFinite = all(isFinite(left), isFinite(right));
  const isHuge = binary('>', r, binary('/', greatestFloat, call('greatest', call('nullif', l, infinity), one)));
  const isTiny = all(
    binary('>', l, zero),
    binary('<', r, binary('/', leastFloat, call('nullif', call('least', l, one), zero))),
  );
  return caseOf(
    [
      { when: all(areFinite, isHuge), then: signedInfinity(left, right) },
      { when: all(areFinite, isTiny), then: zero },
    ],
    binary('*', left, right),
  );
}

function divide(left: ExpressionNode, right: ExpressionNode): ExpressionNode {
  const [l, r] = [sizeOf(left), sizeOf(right)];
  const areFinite = all(isFinite(left), isFinite(right));
  const isHuge = binary('>', l, times(greatestFloat, call('least', r, one)));
  const isTiny = binary('<', l, times(leastFloat, call('greatest', call('nullif', r, infinity), one)));
  return caseOf(
    [
      { when: all(areFinite, isHuge), then: signedInfinity(left, right) },
      { when: all(areFinite, isTiny), then: zero },
    ],
    binary('/', left, right),
  );
}

/** The logarithms of the greatest and the least float. */
const greatestLogarithm = floatLiteral(709.782712893384);
const leastLogarithm = floatLiteral(-745.1332191019411);

function power(base: ExpressionNode, exponent: ExpressionNode): ExpressionNode {
  const areFinite = all(isFinite(base), isFinite(exponent));
  // Held far from the ends, so that the product itself stays a float.
  const held = call('greatest', call('least', exponent, floatLiteral(1e300)), floatLiteral(-1e300));
  const logarithm = times(held, call('ln', call('nullif', sizeOf(base), zero)));
  const isNegative = all(
    binary('<', base, zero),
    binary('<>', binary('/', exponent, floatLiteral(2)), call('floor', binary('/', exponent, floatLiteral(2)))),
  );
  return caseOf(
    [
      {
        when: all(areFinite, binary('>', logarithm, greatestLogarithm)),
        then: caseOf([{ when: isNegative, then: minusInfinity }], infinity),
      },
      { when: all(areFinite, binary('<', logarithm, leastLogarithm)), then: zero },
    ],
    call('pow', base, exponent),
  );
}

/** Floats above this are summed apart, divided by a power of two that keeps any sum of them a float. */
const large = floatLiteral(1e290);
const divisor = 2 ** 64;

/** What is below this is nothing beside a large float. */
const negligible = floatLiteral(1e200);

export function sumOfFloats(value: ExpressionNode, filter: ExpressionNode | undefined): ExpressionNode {
  const float = cast(value, 'float');
  const isOrdinary = binary('<', sizeOf(float), large);
  const down = (part: ExpressionNode): ExpressionNode => times(part, floatLiteral(1 / divisor));
  const ordinary = aggregate('sum', [either(isOrdinary, float, nullLiteral)], filter);
  const others = aggregate('sum', [either(isOrdinary, nullLiteral, down(float))], filter);
  const both = binary('+', others, either(binary('>', sizeOf(ordinary), negligible), down(ordinary), zero));
  const isTooLarge = all(isFinite(both), binary('>', sizeOf(both), floatLiteral(Number.MAX_VALUE / divisor)));
  return caseOf(
    [
      { when: isNull(others), then: ordinary },
      { when: isTooLarge, then: times(call('sign', both), infinity) },
    ],
    times(both, floatLiteral(divisor)),
  );
}

/** PostgreSQL's own mean fails where a square is too large for a float. */
export const meanOfFloats = (value: ExpressionNode, filter: ExpressionNode | undefined): ExpressionNode =>
  binary(
    '/',
    sumOfFloats(value, filter),
    cast(call('nullif', aggregate('count', [value], filter), intLiteral(0)), 'float'),
  );
