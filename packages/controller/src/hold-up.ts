// What holds a backend's jobs up: a pause, maintenance of its database, a restart of its machine. Each is one transaction
// under both locks, so that no task is handed out while it is decided.
import type { StatusCode } from '@glovebox/record';
import type { BackendReport, BackendReportResponse, MaintenanceSetting } from '@glovebox/wire';
import {
  type BackendSituation,
  lockBackend,
  lockLeasing,
  readSituation,
  recordEvent,
  standingJobs,
  unfinishedJobs,
} from '@glovebox/store';
import type { Change } from './context.js';
import { moveJobs } from './move-jobs.js';
import { takeBack } from './take-back.js';
import { letWait } from './waiting.js';

/** Codes under which a job waits for something other than a restart. */
const waiting = [
  'waiting_on_dependencies',
  'waiting_on_workers',
  'waiting_on_db_workers',
  'waiting_db_maintenance',
  'waiting_on_new_task',
] as const satisfies readonly StatusCode[];

interface Decision {
  readonly change: Change;
  readonly backend: number;
  /** Null when the platform itself decides. */
  readonly person: number | null;
}

async function decide({ change, backend }: Decision): Promise<BackendSituation> {
  await lockBackend(change.tx, backend);
  await lockLeasing(change.tx, backend);
  change.standings.add(backend);
  return readSituation(change.tx, backend);
}

const tell = ({ change, person }: Decision, kind: string, detail: Readonly<Record<string, unknown>>): Promise<void> =>
  recordEvent(change.tx, { person, now: change.now }, kind, detail);

/** Stops what is leased, or of it only what queries the database. @returns how many jobs wait again, under `code` */
async function stopRunning({ change, backend }: Decision, onlyDatabase: boolean, code: StatusCode): Promise<number> {
  const tasks = await change.tx
    .selectFrom('tasks')
    .select('identifier')
    .where('backend', '=', backend)
    .where('state', '=', 'leased')
    .$if(onlyDatabase, (query) => query.where('uses_database', '=', true))
    .orderBy('identifier')
    .forNoKeyUpdate()
    .execute();
  const jobs = await takeBack(change, tasks, { state: 'ready', why: 'stopped' });
  await moveJobs(change, jobs, code);
  return jobs.length;
}

/** Pending jobs wait until the pause ends; what runs goes on. @returns false when it was paused already */
export async function pauseBackend(decision: Decision): Promise<boolean> {
  const { change, backend } = decision;
  const { pausedAt, slug } = await decide(decision);
  if (pausedAt !== null) return false;
  await change.tx.updateTable('backends').set({ paused_at: change.now }).where('id', '=', backend).execute();
  await moveJobs(change, await unfinishedJobs(change.tx, backend, waiting), 'paused');
  await tell(decision, 'backend-paused', { backend: slug });
  return true;
}

/** Ends a pause, and the readiness for a restart with it. @returns false when it was not paused */
export async function unpauseBackend(decision: Decision): Promise<boolean> {
  const { change, backend } = decision;
  const situation = await decide(decision);
  if (situation.pausedAt === null) return false;
  const none = { paused_at: null, reboot_prepared_at: null };
  await change.tx.updateTable('backends').set(none).where('id', '=', backend).execute();
  const held = await unfinishedJobs(change.tx, backend, ['paused', 'waiting_on_reboot']);
  await letWait(change, { ...situation, pausedAt: null }, held);
  await tell(decision, 'backend-unpaused', { backend: situation.slug });
  change.backends.add(backend);
  return true;
}

/** Pauses the backend and stops everything on it; the jobs start again when the pause ends. @returns how many were stopped */
export async function prepareReboot(decision: Decision): Promise<number> {
  const { change, backend } = decision;
  await pauseBackend(decision);
  const { slug, rebootPreparedAt } = await readSituation(change.tx, backend);
  const stopped = await stopRunning(decision, false, 'waiting_on_reboot');
  if (rebootPreparedAt === null) {
    await change.tx.updateTable('backends').set({ reboot_prepared_at: change.now }).where('id', '=', backend).execute();
  }
  await tell(decision, 'reboot-prepared', { backend: slug, stopped });
  return stopped;
}

/** Brings what is in force in line with what was set and reported. */
async function applyMaintenance(decision: Decision, before: BackendSituation): Promise<void> {
  const { change, backend } = decision;
  const situation = await readSituation(change.tx, backend);
  const { maintenanceSetting, maintenanceReported } = situation;
  const isOn = maintenanceSetting === 'on' || (maintenanceSetting === 'automatic' && maintenanceReported);
  if (isOn === (before.maintenanceSince !== null)) return;
  const maintenance_since = isOn ? change.now : null;
  await change.tx.updateTable('backends').set({ maintenance_since }).where('id', '=', backend).execute();
  const now = { ...situation, maintenanceSince: maintenance_since };
  if (isOn) {
    const stopped = await stopRunning(decision, true, 'waiting_db_maintenance');
    // Paused jobs stay paused, and those waiting for a restart keep that: it says more.
    const open = await unfinishedJobs(change.tx, backend, [
      'waiting_on_dependencies',
      'waiting_on_db_workers',
      'waiting_on_new_task',
    ]);
    await moveJobs(
      change,
      open.filter((job) => job.usesDatabase),
      'waiting_db_maintenance',
    );
    await tell(decision, 'maintenance-started', { backend: situation.slug, setting: maintenanceSetting, stopped });
  } else {
    await letWait(change, now, await unfinishedJobs(change.tx, backend, ['waiting_db_maintenance']));
    await tell(decision, 'maintenance-ended', { backend: situation.slug, setting: maintenanceSetting });
    change.backends.add(backend);
  }
}

export async function setMaintenance(decision: Decision, setting: MaintenanceSetting): Promise<void> {
  const { change, backend } = decision;
  const before = await decide(decision);
  if (before.maintenanceSetting === setting) return;
  await change.tx.updateTable('backends').set({ maintenance_setting: setting }).where('id', '=', backend).execute();
  await tell(decision, 'maintenance-set', { backend: before.slug, setting });
  await applyMaintenance(decision, before);
}

/**
 * Keeps what an agent says about its backend, and answers with the earlier jobs that stand for actions there. Of one agent process the report with the highest number counts; another
 * process's report takes its place, and is itself replaced within minutes when that process has ended.
 */
export async function applyReport(
  change: Change,
  backend: number,
  report: BackendReport,
): Promise<BackendReportResponse> {
  const decision: Decision = { change, backend, person: null };
  const before = await decide(decision);
  const known = before.report;
  if (known && known.agent === report.agent && known.sequence >= report.sequence) return { verdict: 'outdated' };
  await change.tx
    .updateTable('backends')
    .set({
      report: JSON.stringify(report),
      reported_at: change.now,
      maintenance_reported: report.maintenance === 'on',
    })
    .where('id', '=', backend)
    .execute();
  await applyMaintenance(decision, before);
  change.backends.add(backend);
  const standing = await standingJobs(change.tx, backend);
  return { verdict: 'accepted', ...(standing.length > 0 ? { standing: [...standing] } : {}) };
}
