// Hands ready tasks to an agent. A lease holds until `leaseSeconds` after the last report; from then on the task may go to
// another, with a higher fence, and what the first one reports is refused. A paused backend gets none, and during
// maintenance none that query the database.
import { identifierPattern } from '@glovebox/record';
import type { Lease, LeaseRequest } from '@glovebox/wire';
import {
  leaseCandidates,
  leasedLoad,
  lockJobs,
  lockLeasing,
  poolSize,
  readRunDefinitions,
  readSituation,
  takeTasks,
} from '@glovebox/store';
import { chooseTasks, type Pool } from './choose-tasks.js';
import { type Change, leaseEnd } from './context.js';
import { moveJobs } from './move-jobs.js';

/** How many tasks of a workspace are looked at beyond the free places, in case those before them do not fit. */
const lookedBehind = 20;

async function choose(change: Change, backend: number, ask: AskedPlaces): Promise<readonly string[]> {
  const { tx, now, leaseNow } = change;
  const situation = await readSituation(tx, backend);
  if (situation.pausedAt !== null) return [];
  const sizes = { database: poolSize(situation, true), other: poolSize(situation, false) };
  const load = await leasedLoad(tx, backend, sizes);
  const pools: Pool[] = [];
  for (const usesDatabase of [true, false]) {
    const places = usesDatabase ? ask.freeDatabase : ask.freeOther;
    if (places === 0 || (usesDatabase && situation.maintenanceSince !== null)) continue;
    const size = usesDatabase ? sizes.database : sizes.other;
    const out = load.filter((part) => part.usesDatabase === usesDatabase);
    const usedWeight = out.reduce((sum, { weight }) => sum + weight, 0);
    if (size !== null && usedWeight >= size) continue;
    const candidates = await leaseCandidates(tx, backend, usesDatabase, places + lookedBehind, leaseNow);
    pools.push({ usesDatabase, places, size, usedWeight, candidates });
  }
  const out = new Map<number, number>();
  for (const { workspace, tasks } of load) out.set(workspace, (out.get(workspace) ?? 0) + tasks);
  return chooseTasks(pools, out, now);
}

type AskedPlaces = Pick<LeaseRequest, 'freeDatabase' | 'freeOther'>;

/** @returns as many leases as there are both places and ready tasks; none when there is nothing to do */
export async function leaseTasks(
  change: Change,
  backend: number,
  { agent, ...ask }: Omit<LeaseRequest, 'waitSeconds'>,
): Promise<readonly Lease[]> {
  if (!identifierPattern.test(agent)) throw new Error('an agent is named by an identifier');
  await lockLeasing(change.tx, backend);
  const leased = await takeTasks(change.tx, await choose(change, backend, ask), agent, leaseEnd(change));
  if (leased.length === 0) return [];
  change.standings.add(backend);
  const ids = leased.map((task) => task.job);
  await moveJobs(change, await lockJobs(change.tx, ids), 'initiated');
  const runs = await readRunDefinitions(change.tx, ids);
  return leased.map(({ task, fence, job }) => {
    const run = runs.get(job);
    if (!run) throw new Error(`task ${task} has no job`);
    return { task, fence, kind: 'run', leaseSeconds: change.leaseSeconds, run };
  });
}
