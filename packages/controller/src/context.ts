// What every operation of the controller works with.
import type { Clock } from '@glovebox/record';
import type { Database, Kysely, Transaction } from '@glovebox/store';

export interface ControllerContext {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** How long a lease holds without a report. */
  readonly leaseSeconds: number;
}

/** One transaction's work: its moment, and what it touched, to be told after the commit. */
export interface Change {
  readonly tx: Transaction<Database>;
  readonly now: Date;
  readonly requests: Set<number>;
  /** Backends that have new work. */
  readonly backends: Set<number>;
}
