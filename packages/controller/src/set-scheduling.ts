// Staff configure how much of a backend's pools actions take up and which resources they get. It counts at once for what
// waits; what runs keeps what it was given.
import type { BackendReport, BackendScheduling } from '@glovebox/wire';
import { jobsToWeigh, lockBackend, lockLeasing, readSituation, recordEvent } from '@glovebox/store';
import { sql } from 'kysely';
import type { Change } from './context.js';
import { writeRequests } from './make-ready.js';
import { readRules } from './rules.js';

/** What of a configuration will not do what it seems to say, in sentences. */
export function notesOn(scheduling: BackendScheduling, report: BackendReport | null): readonly string[] {
  const pools = scheduling.pools ?? report?.places;
  const notes: string[] = [];
  for (const rule of scheduling.rules ?? []) {
    const subject = rule.action ?? rule.command ?? '';
    const { weight, memoryMegabytes, wallSeconds, processors } = rule;
    for (const [name, size] of pools
      ? ([
          ['database', pools.database],
          ['other', pools.other],
        ] as const)
      : []) {
      if (weight === undefined || weight <= size) continue;
      notes.push(
        `${subject}: the weight ${weight} is more than the whole pool "${name}" of ${size}; there it counts as ${size}, so such an action runs alone.`,
      );
    }
    const limits = report?.limits;
    if (!limits) continue;
    const asked = [
      ['memoryMegabytes', memoryMegabytes, limits.memoryMegabytes],
      ['wallSeconds', wallSeconds, limits.wallSeconds],
      ['processors', processors, limits.processors],
    ] as const;
    for (const [name, wanted, most] of asked) {
      if (wanted === undefined || most === undefined || wanted <= most) continue;
      notes.push(`${subject}: ${name} ${wanted} is more than the agent gives; such an action gets ${most}.`);
    }
  }
  return notes;
}

/** @returns notes about what will not do what it seems to say */
export async function setScheduling(
  change: Change,
  backend: number,
  scheduling: BackendScheduling,
  person: number,
): Promise<readonly string[]> {
  const { tx, now } = change;
  await lockBackend(tx, backend);
  await lockLeasing(tx, backend);
  const { slug, report } = await readSituation(tx, backend);
  await tx
    .updateTable('backends')
    .set({ scheduling: JSON.stringify(scheduling) })
    .where('id', '=', backend)
    .execute();
  await weighAgain(change, backend, scheduling);
  await recordEvent(tx, { person, now }, 'scheduling-set', { backend: slug, scheduling });
  change.backends.add(backend);
  return notesOn(scheduling, report);
}

async function weighAgain(change: Change, backend: number, scheduling: BackendScheduling): Promise<void> {
  const ready = await change.tx
    .selectFrom('tasks')
    .select('job')
    .where('backend', '=', backend)
    .where('state', '=', 'ready')
    .execute();
  const found = await jobsToWeigh(
    change.tx,
    ready.map(({ job }) => job),
  );
  const requirementsOf = readRules(scheduling);
  const weighed = [...found.values()].map((job) => ({ job: job.id, ...requirementsOf(job) }));
  if (weighed.length === 0) return;
  await sql`
    update tasks set weight = x.weight
    from json_to_recordset(${JSON.stringify(weighed)}::json) as x(job int, weight float8)
    where tasks.job = x.job and tasks.state = 'ready'`.execute(change.tx);
  await writeRequests(change, weighed);
}
