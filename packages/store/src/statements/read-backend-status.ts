// What staff see of a backend: whether it may run jobs and why not, how full it is, and what its agent last said.
import type { BackendReport, BackendScheduling, MaintenanceSetting } from '@glovebox/wire';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';
import { poolSize, readSituation } from './read-situation.js';
import { isoTime } from './request-summary.js';

export interface PoolStatus {
  /** The most weight that may run at once; null where nothing says yet. */
  readonly size: number | null;
  readonly running: number;
  readonly runningWeight: number;
  readonly ready: number;
}

export interface BackendStatus {
  readonly slug: string;
  readonly name: string;
  readonly isSynthetic: boolean;
  readonly lastSeenAt: string | null;
  readonly pausedSince: string | null;
  readonly maintenance: {
    readonly setting: MaintenanceSetting;
    /** What the agent says, whether or not it counts. */
    readonly reported: boolean;
    /** Null while it is not in force. */
    readonly since: string | null;
  };
  /** Null when no restart is being prepared. Ready when nothing runs and nothing is still being stopped. */
  readonly reboot: { readonly preparedAt: string; readonly isReady: boolean } | null;
  /** Tasks that an agent was told to stop and has not yet said that it has. */
  readonly stopping: number;
  readonly pools: { readonly database: PoolStatus; readonly other: PoolStatus };
  readonly openJobs: { readonly pending: number; readonly running: number };
  readonly scheduling: BackendScheduling;
  readonly report: BackendReport | null;
  readonly reportedAt: string | null;
}

interface Row {
  readonly slug: string;
  readonly name: string;
  readonly is_synthetic: boolean;
  readonly last_seen_at: Date | null;
  readonly reported_at: Date | null;
  readonly pending: number;
  readonly running: number;
  readonly stopping: number;
}

interface PoolRow {
  readonly uses_database: boolean;
  readonly running: number;
  readonly running_weight: number;
  readonly ready: number;
}

/** @param leaseNow the present as leases count it; what an agent was told to stop is awaited no longer than its lease */
export async function readBackendStatus(db: Kysely<Database>, backend: number, leaseNow: Date): Promise<BackendStatus> {
  const situation = await readSituation(db, backend);
  const { rows } = await sql<Row>`
    select b.slug, b.name, b.is_synthetic, b.last_seen_at, b.reported_at,
      (select count(*)::int from jobs where backend = b.id and state in ('pending', 'running') and state = 'pending')
        as pending,
      (select count(*)::int from jobs where backend = b.id and state in ('pending', 'running') and state = 'running')
        as running,
      (select count(*)::int from tasks where backend = b.id and stopping_fence is not null
        and stopping_until > ${leaseNow}) as stopping
    from backends b where b.id = ${backend}`.execute(db);
  const pools = await sql<PoolRow>`
    select uses_database, sum(running)::int as running, sum(weight) as running_weight, sum(ready)::int as ready from (
      select uses_database, count(*) as running, sum(weight) as weight, 0 as ready from tasks
      where backend = ${backend} and state = 'leased' group by uses_database
      union all
      select uses_database, 0, 0, count(*) from tasks
      where backend = ${backend} and state = 'ready' group by uses_database
    ) x group by uses_database`.execute(db);
  const row = rows[0];
  if (!row) throw new Error(`there is no backend ${backend}`);
  const poolOf = (usesDatabase: boolean): PoolStatus => {
    const found = pools.rows.find((pool) => pool.uses_database === usesDatabase);
    return {
      size: poolSize(situation, usesDatabase),
      running: found?.running ?? 0,
      runningWeight: found?.running_weight ?? 0,
      ready: found?.ready ?? 0,
    };
  };
  const preparedAt = isoTime(situation.rebootPreparedAt);
  return {
    slug: row.slug,
    name: row.name,
    isSynthetic: row.is_synthetic,
    lastSeenAt: isoTime(row.last_seen_at),
    pausedSince: isoTime(situation.pausedAt),
    maintenance: {
      setting: situation.maintenanceSetting,
      reported: situation.maintenanceReported,
      since: isoTime(situation.maintenanceSince),
    },
    reboot: preparedAt === null ? null : { preparedAt, isReady: row.running === 0 && row.stopping === 0 },
    stopping: row.stopping,
    pools: { database: poolOf(true), other: poolOf(false) },
    openJobs: { pending: row.pending, running: row.running },
    scheduling: situation.scheduling,
    report: situation.report,
    reportedAt: isoTime(row.reported_at),
  };
}
