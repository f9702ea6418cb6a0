// What an agent is told about the jobs that it leased, from the copies that the request holds.
import type { PrivacyLevel } from '@glovebox/record';
import type { RunDefinition } from '@glovebox/wire';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';

interface Row extends Omit<RunDefinition, 'outputs' | 'code'> {
  readonly id: number;
  readonly code: NonNullable<RunDefinition['code']> | null;
  readonly outputs: readonly { readonly level: PrivacyLevel; readonly name: string; readonly pattern: string }[];
}

function nested(outputs: Row['outputs']): RunDefinition['outputs'] {
  const levels = new Map<PrivacyLevel, [string, string][]>();
  for (const { level, name, pattern } of outputs) {
    levels.set(level, [...(levels.get(level) ?? []), [name, pattern]]);
  }
  return Object.fromEntries([...levels].map(([level, entries]) => [level, Object.fromEntries(entries)]));
}

/** @returns by the job's row number */
export async function readRunDefinitions(
  db: Kysely<Database>,
  jobs: readonly number[],
): Promise<ReadonlyMap<number, RunDefinition>> {
  if (jobs.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select j.id, j.identifier as job, r.identifier as request, r.requester_name as user, w.name as workspace, r.repository, r.branch, r.commit,
      j.action, j.image, j.tag, j.args, j.uses_database as "usesDatabase", p.permissions,
      json_strip_nulls(json_build_object('memoryMegabytes', j.requested_memory_megabytes,
        'wallSeconds', j.requested_wall_seconds, 'processors', j.requested_processors)) as requests,
      case when j.code_commit is not null
        then json_build_object('repository', j.code_repository, 'commit', j.code_commit) end as code,
      coalesce((select json_agg(json_build_object('level', x.level, 'name', x.name, 'pattern', x.pattern)
        order by x.position) from job_outputs x where x.job = j.id), '[]') as outputs,
      coalesce((select json_object_agg(i.need, f.identifier order by i.position)
        from job_inputs i join jobs f on f.id = i.provider where i.job = j.id), '{}') as inputs
    from jobs j
    join job_requests r on r.number = j.request
    join workspaces w on w.id = r.workspace
    join projects p on p.id = w.project
    where j.id = any(${[...jobs]}::int[])`.execute(db);
  return new Map(
    rows.map(({ id, outputs, code, ...run }) => [id, { ...run, ...(code ? { code } : {}), outputs: nested(outputs) }]),
  );
}
