// Where the pending jobs of a request stand: what each waits for, and how many jobs of its kind go before it as things
// stand. Looks only at open jobs, so it costs nothing for a request that has ended. The turns are counted here and not in the
// database: in one statement a planner with old statistics compares every ready task with every job.
import type { JobQueueView, QueueReason, StatusCode } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';
import { type BackendSituation, poolSize, readSituation } from './read-situation.js';

interface PendingRow {
  readonly id: number;
  readonly code: StatusCode;
  readonly backend: number;
  readonly uses_database: boolean;
  /** Actions that it needs and that have not ended. */
  readonly awaited: readonly string[];
}

/** Where a task that is ready stands among those of its kind. */
interface Place {
  readonly weight: number;
  readonly position: number;
  readonly waiting: number;
  readonly isTriedLater: boolean;
}

interface Row extends PendingRow {
  /** Only where all that it needs is there. */
  readonly place: Place | null;
}

interface ReadyRow {
  readonly job: number;
  readonly workspace: number;
  readonly uses_database: boolean;
  readonly weight: number;
  readonly tried_later: boolean;
}

interface PoolLoad {
  readonly uses_database: boolean;
  readonly running: number;
  readonly weight: number;
}

const queue = (reason: QueueReason, message: string, row?: Row): JobQueueView => {
  return { reason, message, position: row?.place?.position ?? null, waiting: row?.place?.waiting ?? null };
};

const jobsInWords = (count: number): string => (count === 1 ? 'One job goes' : `${count} jobs go`);

/** For a job that has all it needs. */
function inPool(row: Row, size: number | null, load: PoolLoad | undefined): JobQueueView {
  if (size === null) return queue('agent', 'No agent of the backend has said yet how much it can run.', row);
  const weight = row.place?.weight ?? 1;
  const [running, used] = [load?.running ?? 0, load?.weight ?? 0];
  const kind = row.uses_database ? 'actions that query the database' : 'actions that do not query the database';
  const alone = `Its weight of ${weight} is more than all ${size} places for ${kind}, so it runs when nothing else does.`;
  const isTooHeavy = weight > size;
  if (used + Math.min(weight, size) > size) {
    const taken = `${used} of ${size} places for ${kind} are taken${used === running ? '' : ` by ${running} running`}.`;
    return queue(
      'places',
      [taken, isTooHeavy ? alone : weight === 1 ? '' : `It needs ${weight}.`].join(' ').trim(),
      row,
    );
  }
  const before = (row.place?.position ?? 1) - 1;
  if (before > 0) return queue('turn', `${jobsInWords(before)} before it.`, row);
  return queue('agent', 'A place is free; it starts when an agent of the backend next asks for work.', row);
}

function standing(row: Row, situation: BackendSituation, loads: readonly PoolLoad[]): JobQueueView {
  if (row.code === 'waiting_on_reboot') return queue('restart', 'The machine of the backend is being restarted.');
  if (situation.pausedAt !== null) return queue('paused', 'The backend is paused.');
  if (situation.maintenanceSince !== null && row.uses_database) {
    return queue('maintenance', 'The database of the backend is being maintained.');
  }
  if (row.place === null) {
    const shown = row.awaited.slice(0, 3).join(', ');
    const more = row.awaited.length > 3 ? ` and ${row.awaited.length - 3} more` : '';
    return queue('needs', `It needs ${shown}${more}.`);
  }
  if (row.place.isTriedLater)
    return queue('retry', 'What ran it was lost, or the database was busy; it is tried again after a while.');
  const load = loads.find((pool) => pool.uses_database === row.uses_database);
  return inPool(row, poolSize(situation, row.uses_database), load);
}

/**
 * The order in which places are given, in one pool: a workspace's turn comes after as many others as it has tasks out.
 *
 * @param ready of one backend, oldest first
 * @param out how many tasks of each workspace are leased there
 */
function placesOf(ready: readonly ReadyRow[], out: ReadonlyMap<number, number>): ReadonlyMap<number, Place> {
  const places = new Map<number, Place>();
  for (const usesDatabase of [true, false]) {
    const turns = new Map(out);
    const queued = ready
      .filter((task) => task.uses_database === usesDatabase)
      .map((task) => {
        const turn = turns.get(task.workspace) ?? 0;
        turns.set(task.workspace, turn + 1);
        return { ...task, turn };
      })
      .sort((a, b) => a.turn - b.turn || a.job - b.job);
    for (const [i, { job, weight, tried_later }] of queued.entries()) {
      places.set(job, { weight, position: i + 1, waiting: queued.length, isTriedLater: tried_later });
    }
  }
  return places;
}

/** @returns by the job's row number; only for pending jobs */
export async function readQueue(db: Kysely<Database>, request: number): Promise<ReadonlyMap<number, JobQueueView>> {
  const { rows: pending } = await sql<PendingRow>`
    select j.id, j.code, j.backend, j.uses_database,
      case when j.code in ('waiting_on_dependencies', 'paused', 'waiting_db_maintenance') then coalesce((
        select json_agg(i.need order by i.position) from job_inputs i join jobs f on f.id = i.provider
        where i.job = j.id and f.completed_at is null), '[]') else '[]' end as awaited
    from jobs j where j.request = ${request} and j.started_at is null and j.completed_at is null`.execute(db);
  const backend = pending[0]?.backend;
  if (backend === undefined) return new Map();
  const { rows: ready } = await sql<ReadyRow>`
    select job, workspace, uses_database, weight, not_before is not null as tried_later from tasks
    where backend = ${backend} and ready_workspace is not null order by job`.execute(db);
  const loads = await sql<PoolLoad & { readonly workspace: number }>`
    select workspace, uses_database, count(*)::int as running, sum(weight) as weight from tasks
    where backend = ${backend} and state = 'leased' group by workspace, uses_database`.execute(db);
  const out = new Map<number, number>();
  for (const { workspace, running } of loads.rows) out.set(workspace, (out.get(workspace) ?? 0) + running);
  const pools = [true, false].map((usesDatabase): PoolLoad => {
    const parts = loads.rows.filter((part) => part.uses_database === usesDatabase);
    const sum = (of: 'running' | 'weight') => parts.reduce((total, part) => total + part[of], 0);
    return { uses_database: usesDatabase, running: sum('running'), weight: sum('weight') };
  });
  const places = placesOf(ready, out);
  const situation = await readSituation(db, backend);
  return new Map(
    pending.map((row) => [row.id, standing({ ...row, place: places.get(row.id) ?? null }, situation, pools)]),
  );
}
