// Fills a database with ended jobs, by statements inside it: made one by one through the controller they would take hours.
// Each job has what a job has that ran once: its inputs, an output, a task that is done, and three events.
import type { Database, Kysely } from '@glovebox/store';
import type { Setting } from '@glovebox/testkit';
import { sql } from 'kysely';

const identifierFrom = (text: string) => sql`translate(substr(md5(${sql.raw(text)}), 1, 16), '0189', 'ghij')`;

export interface Filling {
  readonly requests: number;
  readonly actions: number;
  readonly workspaces: number;
}

/** How many jobs are made by one round of statements. */
const jobsAtOnce = 50_000;

/** Makes further workspaces of the setting's project and spreads ended requests over all of them. */
export async function fill(db: Kysely<Database>, setting: Setting, filling: Filling): Promise<void> {
  const { requests, actions, workspaces } = filling;
  await sql`
    insert into workspaces (name, project, repository, branch, purpose, created_at)
    select w.name || '-' || n, w.project, w.repository, 'main', '', w.created_at
    from workspaces w, generate_series(2, ${workspaces}::int) n where w.id = ${setting.workspace}`.execute(db);
  await sql`insert into pipelines (digest, text, actions) values ('bench', 'version: 4', '[]')`.execute(db);
  const atOnce = Math.ceil(jobsAtOnce / actions);
  for (let first = 1; first <= requests; first += atOnce) {
    await fillSome(db, setting, first, Math.min(requests, first + atOnce - 1), actions, workspaces);
  }
}

async function fillSome(
  db: Kysely<Database>,
  { workspace, backend, person }: Setting,
  first: number,
  last: number,
  actions: number,
  workspaces: number,
): Promise<void> {
  const before = await db
    .selectFrom('job_requests')
    .select((eb) => eb.fn.max('number').as('last'))
    .executeTakeFirst();
  const after = before?.last ?? 0;
  await sql`
    insert into job_requests (identifier, workspace, backend, requested_by, requester_name, organisation_slug,
      organisation_name, repository, branch, commit, pipeline, requested_actions, force, outcome, created_at)
    select ${identifierFrom(`'request ' || n`)}, w.id, ${backend}, ${person}, 'Ann', 'org', 'Organisation', w.repository,
      'main', repeat('c', 40), 'bench', '{run_all}', false, 'succeeded',
      timestamptz '2026-01-01' + n * interval '1 hour'
    from generate_series(${first}::int, ${last}::int) n
    join lateral (
      select x.id, x.repository from workspaces x join workspaces o on o.project = x.project
      where o.id = ${workspace} order by x.id offset n % ${workspaces} limit 1
    ) w on true order by n`.execute(db);
  await sql`
    insert into jobs (identifier, request, workspace, backend, position, action, origin, state, code, command, image, tag,
      args, uses_database, created_at, started_at, completed_at, wall_milliseconds, cpu_milliseconds,
      peak_memory_megabytes, memory_limit_megabytes, manifest)
    select ${identifierFrom(`'job ' || r.number || ' ' || a`)}, r.number, r.workspace, r.backend, a, 'a' || a, 'requested',
      'succeeded', 'succeeded', 'python:v2 python analysis/a' || a || '.py', 'python', 'v2', '["analysis/a.py"]', a < 50,
      r.created_at, r.created_at, r.created_at + interval '40 seconds', 40000, 30000, 200, 4096, md5(a::text) || md5(a::text)
    from job_requests r, generate_series(0, ${actions}::int - 1) a where r.number > ${after}
    order by r.number, a`.execute(db);
  await sql`
    insert into job_inputs (job, need, position, provider)
    select j.id, p.action, 0, p.id from jobs j join jobs p on p.request = j.request and p.action = 'a' || (j.position / 4)
    where j.request > ${after} and j.position > 0`.execute(db);
  await sql`
    insert into job_outputs (job, level, name, position, pattern, files, bytes)
    select id, 'moderately_sensitive', 'table', 0, 'output/' || action || '.csv', 1, 1000 from jobs
    where request > ${after}`.execute(db);
  await sql`
    insert into tasks (identifier, job, backend, state, fence, agent, created_at, workspace, uses_database)
    select ${identifierFrom(`'task ' || id`)}, id, backend, 'done', 1, 'aaaaaaaaaaaaaaaa', created_at, workspace,
      uses_database from jobs where request > ${after}`.execute(db);
  await sql`
    insert into events (at, kind, request, job, state, code, detail)
    select j.created_at, 'job-moved', j.request, j.id, e.state, e.code, '{}'
    from jobs j, (values (1, 'pending', 'created'), (2, 'running', 'initiated'), (3, 'succeeded', 'succeeded')) as e(position, state, code)
    where j.request > ${after} order by j.id, e.position`.execute(db);
}
