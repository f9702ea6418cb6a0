// What each function of the query model does to single values. NULL in gives NULL out unless the function says
// otherwise. Every function is total: division by zero, a date out of range and a float that is no int give NULL;
// only arithmetic on ints beyond 64 bits is a problem, because a wrong number would go unnoticed.
import type { Binary, Nullable, Scalar, Unary } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import { addDays, addMonths, addYears, dayNumber, isoDate, monthsBetween, partsOf, yearsBetween } from './days.js';
import { compareScalars } from './order.js';

/** An int that fits 64 bits; throws the problem `integer-overflow`. */
export function int64(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new ProblemError(problem('integer-overflow', []));
  return value;
}

/** A whole float as an int; NULL when none has that value. */
function floatToInt(value: number): bigint | null {
  if (!Number.isFinite(value) || value >= 2 ** 63 || value < -(2 ** 63)) return null;
  return BigInt(value);
}

export function applyUnary(kind: Unary['kind'], value: Nullable): Nullable {
  if (kind === 'is_null') return value === null;
  if (value === null) return null;
  switch (kind) {
    case 'not':
      return value === false;
    case 'negate':
      return typeof value === 'bigint' ? int64(-value) : -(value as number);
    case 'absolute':
      return typeof value === 'bigint' ? int64(value < 0n ? -value : value) : Math.abs(value as number);
    case 'cast_to_int':
      if (typeof value === 'number') return floatToInt(Math.trunc(value));
      return typeof value === 'boolean' ? BigInt(value) : value;
    case 'cast_to_float':
      return Number(value);
    case 'year':
      return BigInt(partsOf(value as string).year);
    case 'month':
      return BigInt(partsOf(value as string).month);
    case 'day':
      return BigInt(partsOf(value as string).day);
    case 'to_first_of_year':
      return isoDate(partsOf(value as string).year, 1, 1);
    case 'to_first_of_month':
    default:
      return isoDate(partsOf(value as string).year, partsOf(value as string).month, 1);
  }
}

/** `in` is not here: its right side is a set. */
export type ValueBinaryKind = Exclude<Binary['kind'], 'in'>;

export function applyBinary(kind: ValueBinaryKind, left: Nullable, right: Nullable): Nullable {
  // Kleene logic: one side may decide alone.
  if (kind === 'and') return left === false || right === false ? false : left === null || right === null ? null : true;
  if (kind === 'or') return left === true || right === true ? true : left === null || right === null ? null : false;
  if (left === null || right === null) return null;
  switch (kind) {
    case 'eq':
      return compareScalars(left, right) === 0;
    case 'ne':
      return compareScalars(left, right) !== 0;
    case 'lt':
      return compareScalars(left, right) < 0;
    case 'le':
      return compareScalars(left, right) <= 0;
    case 'gt':
      return compareScalars(left, right) > 0;
    case 'ge':
      return compareScalars(left, right) >= 0;
    case 'contains':
      return (left as string).includes(right as string);
    case 'add_days':
      return addDays(left as string, right as bigint);
    case 'add_months':
      return addMonths(left as string, right as bigint);
    case 'add_years':
      return addYears(left as string, right as bigint);
    case 'difference_in_days':
      return BigInt(dayNumber(left as string) - dayNumber(right as string));
    case 'difference_in_months':
      return BigInt(monthsBetween(right as string, left as string));
    case 'difference_in_years':
      return BigInt(yearsBetween(right as string, left as string));
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'true_divide':
    case 'floor_divide':
    case 'power':
    default:
      return typeof left === 'bigint'
        ? intArithmetic(kind, left, right as bigint)
        : floatArithmetic(kind, left as number, right as number);
  }
}

type ArithmeticKind = 'add' | 'subtract' | 'multiply' | 'true_divide' | 'floor_divide' | 'power';

function intArithmetic(kind: ArithmeticKind, left: bigint, right: bigint): Scalar | null {
  switch (kind) {
    case 'add':
      return int64(left + right);
    case 'subtract':
      return int64(left - right);
    case 'multiply':
      return int64(left * right);
    case 'true_divide':
      return right === 0n ? null : Number(left) / Number(right);
    case 'floor_divide': {
      if (right === 0n) return null;
      const quotient = left / right;
      const isInexactNegative = left % right !== 0n && left < 0n !== right < 0n;
      return int64(isInexactNegative ? quotient - 1n : quotient);
    }
    case 'power':
    default:
      return power(Number(left), Number(right));
  }
}

function floatArithmetic(kind: ArithmeticKind, left: number, right: number): Scalar | null {
  switch (kind) {
    case 'add':
      return left + right;
    case 'subtract':
      return left - right;
    case 'multiply':
      return left * right;
    case 'true_divide':
      return right === 0 ? null : left / right;
    case 'floor_divide':
      // The floor of the quotient as a float: 1.0 // 0.1 is 10.
      return right === 0 ? null : floatToInt(Math.floor(left / right));
    case 'power':
    default:
      return power(left, right);
  }
}

/** As IEEE 754 has it, where JavaScript alone says that 1 to what is infinite or not a number is not a number. */
function power(base: number, exponent: number): number | null {
  if (base === 0 && exponent < 0) return null;
  const hasFraction = Number.isFinite(exponent) && !Number.isInteger(exponent);
  if (base < 0 && hasFraction) return null;
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return base ** exponent;
}
