// What an agent says that a definition was evaluated from. The paths decide about reuse and are shown to everybody, so they
// are kept only where they can carry nothing: each is a file of the commit, and nothing came into the job that could have
// chosen among them.
import { sql } from 'kysely';
import type { Change } from './context.js';

/** @returns the paths as they are stored; null when they are not told or not kept */
export async function keptFilesRead(
  { tx }: Change,
  job: number,
  read: readonly string[] | undefined,
): Promise<string | null> {
  if (read === undefined) return null;
  const paths = [...new Set(read)].sort();
  const { rows } = await sql<{ readonly kept: boolean }>`
    select jsonb_exists_all(t.files, ${paths}::text[])
      and not exists (select from job_inputs i where i.job = j.id) as kept
    from jobs j join job_requests r on r.number = j.request join code_trees t on t.digest = r.code_tree
    where j.id = ${job}`.execute(tx);
  return rows[0]?.kept === true ? JSON.stringify(paths) : null;
}
