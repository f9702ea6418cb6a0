// What every operation of the controller works with.
import type { Clock, Monotonic } from '@glovebox/record';
import type { Database, Kysely, Transaction } from '@glovebox/store';

export interface ControllerContext {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** What leases are measured by. */
  readonly monotonic: Monotonic;
  /** How long a lease holds without a report. */
  readonly leaseSeconds: number;
}

/** One transaction's work: its moment, and what it touched, to be told after the commit. */
export interface Change {
  readonly tx: Transaction<Database>;
  readonly now: Date;
  /**
   * The moment as leases count it: `now` when the controller was made, and from then on without the jumps of the clock, which
   * would let all leases run out at once or none for a day. Compared only with what it was added to.
   */
  readonly leaseNow: Date;
  readonly leaseSeconds: number;
  readonly requests: Set<number>;
  /** Backends that have new work. */
  readonly backends: Set<number>;
  /** Backends that stand otherwise than before. */
  readonly standings: Set<number>;
}

export const leaseEnd = ({ leaseNow, leaseSeconds }: Change): Date =>
  new Date(leaseNow.getTime() + leaseSeconds * 1000);
