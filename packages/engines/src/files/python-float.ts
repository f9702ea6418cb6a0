// Floats as Python prints them, because studies compare and parse these files: always with a point or an exponent, which
// starts at 1e16 and below 1e-4 and has at least two digits.

/** @example pythonFloat(1) === '1.0'; pythonFloat(1e22) === '1e+22'; pythonFloat(1e-7) === '1e-07'; */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e16 || size < 1e-4) {
    // JavaScript finds the same shortest digits; only the exponent is written differently.
    const [digits, exponent] = value.toExponential().split('e') as [string, string];
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
