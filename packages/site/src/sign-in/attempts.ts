// How often signing in failed from one visitor lately. A token can't be guessed; this keeps somebody who tries from keeping
// the database busy. Kept in memory and bounded: the oldest address is forgotten first.
import { isIPv6 } from 'node:net';
import type { Clock } from '@glovebox/record';

export const mostFailures = 10;
export const failureMinutes = 5;
const mostAddresses = 10_000;

export interface Attempts {
  readonly isTooMany: (address: string) => boolean;
  readonly fail: (address: string) => void;
}

/**
 * One visitor of IPv6 has a whole network of 64 bits to call from, so that is what counts.
 *
 * @example
 * visitorOf('2001:db8::1'); // '2001:db8:0:0'
 */
export function visitorOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0');
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
}

export function createAttempts(clock: Clock): Attempts {
  const failures = new Map<string, readonly number[]>();
  const recent = (address: string): readonly number[] => {
    const since = clock().getTime() - failureMinutes * 60_000;
    return (failures.get(address) ?? []).filter((at) => at > since);
  };
  return {
    isTooMany: (address) => recent(visitorOf(address)).length >= mostFailures,
    fail(address) {
      const visitor = visitorOf(address);
      const now = [...recent(visitor), clock().getTime()];
      failures.delete(visitor);
      failures.set(visitor, now);
      if (failures.size > mostAddresses) failures.delete(failures.keys().next().value as string);
    },
  };
}
