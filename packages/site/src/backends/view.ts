// What a backend's page shows: for everybody whether it runs jobs, what it runs them with and how full it is; for staff also how
// it is configured and what its agent said of its machine.
import type { BackendScheduling, BackendReport } from '@glovebox/wire';
import type { BackendStatus, BackendSummary, Person } from '@glovebox/store';
import { mayOperate } from '../api/permissions.js';

export interface BackendView extends Omit<BackendStatus, 'scheduling' | 'report' | 'reportedAt'> {
  readonly agent: {
    readonly executor: BackendReport['executor'];
    readonly images: BackendReport['images'];
    readonly dataRelease: string | null;
    readonly places: BackendReport['places'];
    readonly limits: BackendReport['limits'];
    readonly reportedAt: string | null;
  } | null;
  /** Null for everybody but staff. */
  readonly operation: {
    readonly scheduling: BackendScheduling;
    readonly diskFree: BackendReport['diskFree'] | null;
  } | null;
}

export function backendView(status: BackendStatus, person: Person | null): BackendView {
  const { scheduling, report, reportedAt, ...shown } = status;
  return {
    ...shown,
    agent: report && {
      executor: report.executor,
      images: report.images,
      dataRelease: report.dataRelease ?? null,
      places: report.places,
      limits: report.limits,
      reportedAt,
    },
    operation: person && mayOperate(person) ? { scheduling, diskFree: report?.diskFree ?? null } : null,
  };
}

/** What a list says of a backend; row numbers are nobody's business. */
export function listedBackend(backend: BackendSummary): Omit<BackendSummary, 'id'> {
  const { id: _, ...listed } = backend;
  return listed;
}
