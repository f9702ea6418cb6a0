// Reads the sizes and numbers that people type after an option.
import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const leastMemory = 64 * 2 ** 20;

/**
 * Bytes of a size such as `4G`, `512m` or `1.5GiB`.
 *
 * @throws InvalidArgumentError
 */
export function memorySize(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?)([bkmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number) * (units[unit.toLowerCase()] ?? Number.NaN));
  if (number === '' || !Number.isSafeInteger(bytes)) {
    throw new InvalidArgumentError('A number with a unit is accepted, for example 4G or 512M.');
  }
  if (bytes < leastMemory) throw new InvalidArgumentError('At least 64M is accepted.');
  return bytes;
}

/** @throws InvalidArgumentError */
export function positiveNumber(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError('A whole number from 1 is accepted.');
  return Number(text);
}
