// Fills a database with many finished copies of one request, by statements inside the database: made one by one through
// the API they would take minutes.
import type { Database, Kysely } from '@glovebox/store';
import { sql } from 'kysely';

const identifierFrom = (text: string) => sql`translate(substr(md5(${sql.raw(text)}), 1, 16), '0189', 'ghij')`;

/** @param template number of the request to copy; its jobs, their inputs, outputs and events are copied with it */
export async function copyRequest(db: Kysely<Database>, template: number, copies: number): Promise<void> {
  await sql`
    insert into job_requests (identifier, workspace, backend, requested_by, requester_name, organisation_slug,
      organisation_name, repository, branch, commit, pipeline, requested_actions, force, message, outcome, created_at)
    select ${identifierFrom(`'request ' || n`)}, workspace, backend, requested_by, requester_name, organisation_slug,
      organisation_name, repository, branch, commit, pipeline, requested_actions, force, message, outcome,
      created_at + n * interval '1 minute'
    from job_requests, generate_series(1, ${copies}::int) n where number = ${template}`.execute(db);
  await sql`
    insert into jobs (identifier, request, workspace, backend, position, action, origin, state, code, command, image, tag,
      args, uses_database, created_at, started_at, completed_at)
    select ${identifierFrom(`'job ' || r.number || j.action`)}, r.number, j.workspace, j.backend, j.position, j.action,
      j.origin, j.state, j.code, j.command, j.image, j.tag, j.args, j.uses_database, r.created_at, r.created_at,
      r.created_at + interval '40 seconds'
    from job_requests r, jobs j where r.number > ${template} and j.request = ${template}`.execute(db);
  await sql`
    insert into job_inputs (job, need, position, provider)
    select nj.id, i.need, i.position, np.id
    from job_inputs i
    join jobs j on j.id = i.job and j.request = ${template} join jobs p on p.id = i.provider
    join jobs nj on nj.action = j.action and nj.request > ${template}
    join jobs np on np.action = p.action and np.request = nj.request`.execute(db);
  await sql`
    insert into job_outputs (job, level, name, position, pattern, files, bytes)
    select nj.id, o.level, o.name, o.position, o.pattern, 1, 1000
    from job_outputs o join jobs j on j.id = o.job and j.request = ${template}
    join jobs nj on nj.action = j.action and nj.request > ${template}`.execute(db);
  await sql`
    insert into events (at, kind, request, job, state, code, detail)
    select nj.created_at, e.kind, nj.request, nj.id, e.state, e.code, e.detail
    from events e join jobs j on j.id = e.job and j.request = ${template}
    join jobs nj on nj.action = j.action and nj.request > ${template}`.execute(db);
}
