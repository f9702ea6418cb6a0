// Writes the jobs of a plan: rows, the event that each was created, where their inputs come from, the outputs declared.
import type { DeclaredOutputs, PlannedJob } from '@glovebox/pipeline';
import { jobIdentifier, privacyLevels, type PrivacyLevel } from '@glovebox/record';
import type { OpenJob } from '@glovebox/store';
import type { Change } from './context.js';

export interface RequestRow {
  readonly number: number;
  readonly identifier: string;
  readonly workspace: number;
  readonly backend: number;
}

/** Statements take a limited number of parameters, and a request may have thousands of jobs. */
const parts = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / 1000) }, (_, part) => rows.slice(part * 1000, (part + 1) * 1000));

export const flatOutputs = (outputs: DeclaredOutputs): { level: PrivacyLevel; name: string; pattern: string }[] =>
  privacyLevels.flatMap((level) =>
    Object.entries(outputs[level] ?? {}).map(([name, pattern]) => ({ level, name, pattern })),
  );

async function insertJobs({ tx, now }: Change, request: RequestRow, jobs: readonly PlannedJob[]) {
  const rows = jobs.map(({ action, origin, reasons }, position) => ({
    identifier: jobIdentifier(request.identifier, action.name),
    request: request.number,
    workspace: request.workspace,
    backend: request.backend,
    position,
    action: action.name,
    origin,
    state: 'pending' as const,
    code: 'created' as const,
    command: action.run,
    image: action.image,
    tag: action.tag,
    args: JSON.stringify(action.args),
    uses_database: action.usesDatabase,
    reasons: JSON.stringify(reasons),
    code_repository: action.code?.repository ?? null,
    code_commit: action.code?.commit ?? null,
    created_at: now,
  }));
  const ids = new Map<string, number>();
  for (const part of parts(rows)) {
    const inserted = await tx.insertInto('jobs').values(part).returning(['id', 'action']).execute();
    for (const { id, action } of inserted) ids.set(action, id);
  }
  return ids;
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
  const events = open.map(({ id, state, code }) => {
    return { at: now, kind: 'job-created', request: request.number, job: id, state, code, detail: '{}' };
  });
  const inputs = jobs.flatMap(({ action, waitsFor }) =>
    Object.entries(waitsFor).map(([need, earlier], position) => {
      return { job: idOf(action.name), need, position, provider: providerOf(need, earlier) };
    }),
  );
  const outputs = jobs.flatMap(({ action }) =>
    flatOutputs(action.outputs).map((output, position) => ({ job: idOf(action.name), position, ...output })),
  );
  for (const part of parts(events)) await tx.insertInto('events').values(part).execute();
  for (const part of parts(inputs)) await tx.insertInto('job_inputs').values(part).execute();
  for (const part of parts(outputs)) await tx.insertInto('job_outputs').values(part).execute();
  return open;
}
