// Writes the jobs of a plan: rows, the event that each was created, where their inputs come from, the outputs declared. Each
// kind of row is one statement, however many jobs there are: a request may have thousands.
import type { DeclaredOutputs, PlannedJob } from '@glovebox/pipeline';
import { jobIdentifier, privacyLevels, type PrivacyLevel } from '@glovebox/record';
import type { OpenJob } from '@glovebox/store';
import { sql } from 'kysely';
import type { Change } from './context.js';

export interface RequestRow {
  readonly number: number;
  readonly identifier: string;
  readonly workspace: number;
  readonly backend: number;
}

export const flatOutputs = (outputs: DeclaredOutputs): { level: PrivacyLevel; name: string; pattern: string }[] =>
  privacyLevels.flatMap((level) =>
    Object.entries(outputs[level] ?? {}).map(([name, pattern]) => ({ level, name, pattern })),
  );

async function insertJobs({ tx, now }: Change, request: RequestRow, jobs: readonly PlannedJob[]) {
  const rows = jobs.map(({ action, origin, reasons }, position) => ({
    identifier: jobIdentifier(request.identifier, action.name),
    position,
    action: action.name,
    origin,
    command: action.run,
    image: action.image,
    tag: action.tag,
    args: action.args,
    uses_database: action.usesDatabase,
    reasons,
    code_repository: action.code?.repository ?? null,
    code_commit: action.code?.commit ?? null,
  }));
  const inserted = await sql<{ id: number; action: string }>`
    insert into jobs (identifier, request, workspace, backend, position, action, origin, state, code, command, image, tag,
      args, uses_database, reasons, code_repository, code_commit, created_at)
    select x.identifier, ${request.number}, ${request.workspace}, ${request.backend}, x.position, x.action, x.origin,
      'pending', 'created', x.command, x.image, x.tag, x.args, x.uses_database, x.reasons, x.code_repository,
      x.code_commit, ${now}::timestamptz
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(identifier text, position int, action text, origin text,
      command text, image text, tag text, args jsonb, uses_database boolean, reasons jsonb, code_repository text,
      code_commit text)
    order by x.position
    returning id, action`.execute(tx);
  return new Map(inserted.rows.map(({ id, action }) => [action, id]));
}

/** @returns the jobs as they now are, all pending and created */
export async function insertPlan(
  change: Change,
  request: RequestRow,
  jobs: readonly PlannedJob[],
  earlierIds: ReadonlyMap<string, number>,
): Promise<readonly OpenJob[]> {
  const { tx, now } = change;
  const ids = await insertJobs(change, request, jobs);
  const idOf = (action: string): number => {
    const id = ids.get(action);
    if (id === undefined) throw new Error(`the plan has no job for ${action}`);
    return id;
  };
  const providerOf = (need: string, earlier: string | null): number => {
    if (earlier === null) return idOf(need);
    const provider = earlierIds.get(earlier);
    if (provider === undefined) throw new Error(`the plan names an unknown job ${earlier}`);
    return provider;
  };
  const open = jobs.map(({ action }) => ({
    id: idOf(action.name),
    request: request.number,
    state: 'pending' as const,
    code: 'created' as const,
    usesDatabase: action.usesDatabase,
  }));
  const inputs = jobs.flatMap(({ action, waitsFor }) =>
    Object.entries(waitsFor).map(([need, earlier], position) => {
      return { job: idOf(action.name), need, position, provider: providerOf(need, earlier) };
    }),
  );
  const outputs = jobs.flatMap(({ action }) =>
    flatOutputs(action.outputs).map((output, position) => ({ job: idOf(action.name), position, ...output })),
  );
  await sql`
    insert into events (at, kind, request, job, state, code, detail)
    select ${now}::timestamptz, 'job-created', ${request.number}, x.job, 'pending', 'created', '{}'
    from unnest(${open.map(({ id }) => id)}::int[]) with ordinality as x(job, position) order by x.position`.execute(
    tx,
  );
  await sql`
    insert into job_inputs (job, need, position, provider)
    select job, need, position, provider from json_to_recordset(${JSON.stringify(inputs)}::json)
      as x(job int, need text, position int, provider int)`.execute(tx);
  await sql`
    insert into job_outputs (job, level, name, position, pattern)
    select job, level, name, position, pattern from json_to_recordset(${JSON.stringify(outputs)}::json)
      as x(job int, level text, name text, position int, pattern text)`.execute(tx);
  return open;
}
