// The one order of values: NULL first, false before true, text by code point, NaN after every other number and equal
// to itself.
import { compareText, type Nullable, type Scalar } from '@glovebox/language';

export function compareScalars(a: Scalar, b: Scalar): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number' && (Number.isNaN(a) || Number.isNaN(b))) {
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareNullable(a: Nullable, b: Nullable): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compareScalars(a, b);
}
