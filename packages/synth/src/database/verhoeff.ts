// The check digit at the end of every SNOMED CT and dm+d identifier (Verhoeff's dihedral checksum).
// It catches every single wrong digit and every swap of neighbours.

/** How digit a then digit b combine in the symmetries of a pentagon. */
const combine = (a: number, b: number): number => {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
  return b < 5 ? 5 + ((((a - b) % 5) + 5) % 5) : (((a - b) % 5) + 5) % 5;
};
const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4] as const;
const inverse = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9] as const;

function permute(digit: number, times: number): number {
  let result = digit;
  for (let i = 0; i < times % 8; i++) result = permutation[result as 0];
  return result;
}

function checksum(digits: string, from: number): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum = combine(sum, permute(Number(digits[digits.length - 1 - i]), i + from));
  }
  return sum;
}

/**
 * The digit that completes an identifier.
 *
 * @example
 * checkDigit('19596700'); // '1', for 195967001, asthma
 */
export function checkDigit(digits: string): string {
  return String(inverse[checksum(digits, 1) as 0]);
}

/** Whether an identifier's last digit is the check digit of the others. */
export function hasCheckDigit(identifier: string): boolean {
  return /^[0-9]+$/.test(identifier) && checksum(identifier, 0) === 0;
}
