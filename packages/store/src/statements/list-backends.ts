// All backends by name, with what holds each up.
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

export interface BackendSummary {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly isSynthetic: boolean;
  readonly isPaused: boolean;
  readonly isInMaintenance: boolean;
  readonly lastSeenAt: string | null;
}

export async function listBackends(db: Kysely<Database>): Promise<readonly BackendSummary[]> {
  const { rows } = await sql<Omit<BackendSummary, 'lastSeenAt'> & { readonly last_seen_at: Date | null }>`
    select id, slug, name, is_synthetic as "isSynthetic", paused_at is not null as "isPaused",
      maintenance_since is not null as "isInMaintenance", last_seen_at
    from backends order by lower(name), slug`.execute(db);
  return rows.map(({ last_seen_at: seen, ...backend }) => ({ ...backend, lastSeenAt: seen?.toISOString() ?? null }));
}
