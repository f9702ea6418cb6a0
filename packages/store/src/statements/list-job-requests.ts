// Job requests for a list, newest first, a page at a time by number.
import type { RequestSummaryView } from '@glovebox/record';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../tables.js';
import { summaryColumns, type SummaryRow, summaryTables, toSummary } from './request-summary.js';

export interface JobRequestFilter {
  /** Slugs and names; several narrow the list together. */
  readonly organisation?: string;
  readonly project?: string;
  readonly workspace?: string;
  /** Leaves out this number and all later ones. */
  readonly before?: number;
  readonly limit: number;
}

export async function listJobRequests(
  db: Kysely<Database>,
  filter: JobRequestFilter,
): Promise<readonly RequestSummaryView[]> {
  const { organisation, project, workspace, before, limit } = filter;
  const { rows } = await sql<SummaryRow>`
    select ${summaryColumns} from ${summaryTables}
    where true
    ${organisation === undefined ? sql`` : sql`and o.slug = ${organisation}`}
    ${project === undefined ? sql`` : sql`and p.slug = ${project}`}
    ${workspace === undefined ? sql`` : sql`and w.name = ${workspace}`}
    ${before === undefined ? sql`` : sql`and r.number < ${before}`}
    order by r.number desc limit ${limit}`.execute(db);
  return rows.map(toSummary);
}
