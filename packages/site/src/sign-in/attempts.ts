// How often signing in failed from one address lately. A token can't be guessed; this keeps somebody who tries from keeping
// the database busy. Kept in memory and bounded: the oldest address is forgotten first.
import type { Clock } from '@glovebox/record';

export const mostFailures = 10;
export const failureMinutes = 5;
const mostAddresses = 10_000;

export interface Attempts {
  readonly isTooMany: (address: string) => boolean;
  readonly fail: (address: string) => void;
}

export function createAttempts(clock: Clock): Attempts {
  const failures = new Map<string, readonly number[]>();
  const recent = (address: string): readonly number[] => {
    const since = clock().getTime() - failureMinutes * 60_000;
    return (failures.get(address) ?? []).filter((at) => at > since);
  };
  return {
    isTooMany: (address) => recent(address).length >= mostFailures,
    fail(address) {
      const now = [...recent(address), clock().getTime()];
      failures.delete(address);
      failures.set(address, now);
      if (failures.size > mostAddresses) failures.delete(failures.keys().next().value as string);
    },
  };
}
