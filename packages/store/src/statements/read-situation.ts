// What decides whether jobs of a backend may start: its pause, maintenance, pools and rules.
import type { BackendReport, BackendScheduling, MaintenanceSetting } from '@glovebox/wire';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface BackendSituation {
  readonly slug: string;
  readonly pausedAt: Date | null;
  readonly rebootPreparedAt: Date | null;
  /** Set while maintenance is in force. */
  readonly maintenanceSince: Date | null;
  readonly maintenanceSetting: MaintenanceSetting;
  readonly maintenanceReported: boolean;
  readonly scheduling: BackendScheduling;
  readonly report: BackendReport | null;
}

export async function readSituation(db: Kysely<Database>, backend: number): Promise<BackendSituation> {
  const { rows } = await sql<BackendSituation>`
    select slug, paused_at as "pausedAt", reboot_prepared_at as "rebootPreparedAt",
      maintenance_since as "maintenanceSince", maintenance_setting as "maintenanceSetting",
      maintenance_reported as "maintenanceReported", scheduling, report
    from backends where id = ${backend}`.execute(db);
  const found = rows[0];
  if (!found) throw new Error(`there is no backend ${backend}`);
  return found;
}

/** The most weight that may run at once, or null where nothing says. */
export const poolSize = ({ scheduling, report }: BackendSituation, usesDatabase: boolean): number | null =>
  (scheduling.pools ?? report?.places)?.[usesDatabase ? 'database' : 'other'] ?? null;
