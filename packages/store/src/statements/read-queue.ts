// Where the pending jobs of a request stand: what each waits for, and how many jobs of its kind go before it as things
// stand. Looks only at open jobs, so it costs nothing for a request that has ended.
import type { JobQueueView, QueueReason, StatusCode } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';
import { type BackendSituation, poolSize, readSituation } from './read-situation.js';

interface Row {
  readonly id: number;
  readonly code: StatusCode;
  readonly backend: number;
  readonly uses_database: boolean;
  readonly weight: number | null;
  readonly position: number | null;
  readonly waiting: number | null;
  /** Actions that it needs and that have not ended. */
  readonly awaited: readonly string[];
}

interface PoolLoad {
  readonly uses_database: boolean;
  readonly running: number;
  readonly weight: number;
}

const queue = (reason: QueueReason, message: string, row?: Row): JobQueueView => {
  return { reason, message, position: row?.position ?? null, waiting: row?.waiting ?? null };
};

const jobsInWords = (count: number): string => (count === 1 ? 'One job goes' : `${count} jobs go`);

/** For a job that has all it needs. */
function inPool(row: Row, size: number | null, load: PoolLoad | undefined): JobQueueView {
  if (size === null) return queue('agent', 'No agent of the backend has said yet how much it can run.', row);
  const weight = row.weight ?? 1;
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
  const before = (row.position ?? 1) - 1;
  if (before > 0) return queue('turn', `${jobsInWords(before)} before it.`, row);
  return queue('agent', 'A place is free; it starts when an agent of the backend next asks for work.', row);
}

function standing(row: Row, situation: BackendSituation, loads: readonly PoolLoad[]): JobQueueView {
  if (row.code === 'waiting_on_reboot') return queue('restart', 'The machine of the backend is being restarted.');
  if (situation.pausedAt !== null) return queue('paused', 'The backend is paused.');
  if (situation.maintenanceSince !== null && row.uses_database) {
    return queue('maintenance', 'The database of the backend is being maintained.');
  }
  if (row.position === null) {
    const shown = row.awaited.slice(0, 3).join(', ');
    const more = row.awaited.length > 3 ? ` and ${row.awaited.length - 3} more` : '';
    return queue('needs', `It needs ${shown}${more}.`);
  }
  const load = loads.find((pool) => pool.uses_database === row.uses_database);
  return inPool(row, poolSize(situation, row.uses_database), load);
}

/** @returns by the job's row number; only for pending jobs */
export async function readQueue(db: Kysely<Database>, request: number): Promise<ReadonlyMap<number, JobQueueView>> {
  const pending = await db
    .selectFrom('jobs')
    .select('backend')
    .where('request', '=', request)
    .where('started_at', 'is', null)
    .where('completed_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (!pending) return new Map();
  const { backend } = pending;
  const { rows } = await sql<Row>`
    with load as (
      select workspace, count(*) as leased from tasks where backend = ${backend} and state = 'leased' group by workspace
    ), ready as (
      select t.job, t.uses_database, t.weight,
        coalesce(load.leased, 0) + row_number() over (partition by t.workspace, t.uses_database order by t.job) as turn
      from tasks t left join load on load.workspace = t.workspace
      where t.backend = ${backend} and t.state = 'ready'
    ), placed as (
      select job, weight, (row_number() over (partition by uses_database order by turn, job))::int as position,
        (count(*) over (partition by uses_database))::int as waiting
      from ready
    )
    select j.id, j.code, j.backend, j.uses_database, p.weight, p.position, p.waiting,
      case when p.job is null then coalesce((
        select json_agg(i.need order by i.position) from job_inputs i join jobs f on f.id = i.provider
        where i.job = j.id and f.completed_at is null), '[]') else '[]' end as awaited
    from jobs j left join placed p on p.job = j.id
    where j.request = ${request} and j.started_at is null and j.completed_at is null`.execute(db);
  const loads = await sql<PoolLoad>`
    select uses_database, count(*)::int as running, sum(weight) as weight from tasks
    where backend = ${backend} and state = 'leased' group by uses_database`.execute(db);
  const situation = await readSituation(db, backend);
  return new Map(rows.map((row) => [row.id, standing(row, situation, loads.rows)]));
}
