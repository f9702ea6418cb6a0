// Constants that are integers: all databases here store 64 bits.
import { ProblemError } from '@glovebox/record';
import { problem } from '../../problems.js';

const least = -(2n ** 63n);
const greatest = 2n ** 63n - 1n;

/** @throws ProblemError `integer-too-large`. */
export function integerText(value: bigint): string {
  if (value < least || value > greatest) throw new ProblemError(problem('integer-too-large', []));
  return String(value);
}

/** Whether it is a constant that 32 bits don't hold: nothing a date can be moved by. */
export const isBeyond32Bits = (value: bigint): boolean => value < -(2n ** 31n) || value >= 2n ** 31n;
