// Fills a database with ended jobs, by statements inside it: made one by one through the controller they would take hours.
// Each job has what a job has that ran once: its inputs, an output, a task that is done, and three events. As in a study that
// is worked on, each request is of another commit and runs a part of the pipeline, so that what an action was last made from
// stands in many commits.
import { codeTree, type Pipeline } from '@glovebox/pipeline';
import type { Database, Kysely } from '@glovebox/store';
import type { Setting } from '@glovebox/testkit';
import { sql } from 'kysely';

const identifierFrom = (text: string) => sql`translate(substr(md5(${sql.raw(text)}), 1, 16), '0189', 'ghij')`;

export interface Filling {
  readonly jobs: number;
  readonly pipeline: Pipeline;
  readonly workspaces: number;
}

/** A request runs this part of the pipeline, another one than the request before it. */
export const parts = 20;
/** How many commits a workspace has; the same ones in all workspaces, since a database keeps a tree once. */
const commits = 400;

/** The files of the study at one commit: a script for each action, of which each commit changes three. */
export const filesAt = ({ actions }: Pipeline, commit: number): ReadonlyMap<string, string> =>
  new Map(
    actions.map(({ name }, i) => {
      const changes = Math.floor((3 * commit + actions.length - 1 - i) / actions.length);
      return [`analysis/${name}.py`, `${i}/${changes}`.padEnd(40, '0')];
    }),
  );

/** How many jobs are made by one round of statements. */
const jobsAtOnce = 50_000;

/** Makes further workspaces of the setting's project and spreads ended requests over all of them. */
export async function fill(db: Kysely<Database>, setting: Setting, filling: Filling): Promise<void> {
  const { jobs, pipeline, workspaces } = filling;
  const actions = pipeline.actions.length;
  const requests = Math.round((jobs * parts) / actions);
  await sql`
    insert into workspaces (name, project, repository, branch, purpose, created_at)
    select w.name || '-' || n, w.project, w.repository, 'main', '', w.created_at
    from workspaces w, generate_series(2, ${workspaces}::int) n where w.id = ${setting.workspace}`.execute(db);
  const declared = pipeline.actions.map(({ name, needs }) => {
    const outputs = [{ level: 'moderately_sensitive', name: 'table', pattern: `output/${name}.csv` }];
    return { name, needs, outputs };
  });
  await sql`insert into pipelines (digest, text, actions) values ('bench', 'version: 4', ${JSON.stringify(declared)}::jsonb)`.execute(
    db,
  );
  for (let commit = 0; commit < Math.min(commits, Math.ceil(requests / workspaces)); commit += 1) {
    const { files } = codeTree(filesAt(pipeline, commit));
    await sql`insert into code_trees (digest, files)
      values (${`tree ${commit}`}, ${JSON.stringify(Object.fromEntries(files))}::jsonb)`.execute(db);
  }
  const atOnce = Math.ceil((jobsAtOnce * parts) / actions);
  for (let first = 1; first <= requests; first += atOnce) {
    await fillSome(db, setting, first, Math.min(requests, first + atOnce - 1), filling);
    // The next round looks for the providers of its inputs among these.
    await sql`analyze jobs`.execute(db);
  }
}

async function fillSome(
  db: Kysely<Database>,
  { workspace, backend, person }: Setting,
  first: number,
  last: number,
  { pipeline, workspaces }: Filling,
): Promise<void> {
  const each = Math.ceil(pipeline.actions.length / parts);
  const before = await db
    .selectFrom('job_requests')
    .select((eb) => eb.fn.max('number').as('last'))
    .executeTakeFirst();
  const after = before?.last ?? 0;
  await sql`
    insert into job_requests (identifier, workspace, backend, requested_by, requester_name, organisation_slug,
      organisation_name, repository, branch, commit, pipeline, code_tree, requested_actions, force, outcome, created_at)
    select ${identifierFrom(`'request ' || n`)}, w.id, ${backend}, ${person}, 'Ann', 'org', 'Organisation', w.repository,
      'main', repeat('c', 40), 'bench', 'tree ' || ((n - 1) / ${workspaces} % ${commits}), '{run_all}', false, 'succeeded',
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
      'succeeded', 'succeeded', 'python:v2 python analysis/a' || a || '.py', 'python', 'v2',
      json_build_array('python', 'analysis/a' || a || '.py'), a < 50,
      r.created_at, r.created_at, r.created_at + interval '40 seconds', 40000, 30000, 200, 4096, md5(a::text) || md5(a::text)
    from job_requests r, generate_series(0, ${each}::int - 1) k,
      lateral (select (r.number - 1) / ${workspaces} % ${parts} * ${each} + k as a) x
    where r.number > ${after} and a < ${pipeline.actions.length}
    order by r.number, a`.execute(db);
  await sql`
    insert into job_inputs (job, need, position, provider)
    select j.id, p.action, 0, p.id from jobs j join lateral (
      select f.id, f.action from jobs f
      where f.workspace = j.workspace and f.backend = j.backend and f.action = 'a' || (j.position / 4) and f.id < j.id
      order by f.id desc limit 1
    ) p on true
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
