// Decides which ready tasks go next, when an agent has so many places. Nothing here is stored, so the rules stand in one
// place and are tested without a database.
//
// The turn order, looked at again after each choice: the workspace with the fewest tasks out goes first; then tasks that
// query the database; then the oldest job. A task that does not fit into what its pool has left is passed over, and others
// may overtake it, but not for ever: once it has waited for `overtakenSeconds`, nothing in its pool goes before it.
import type { LeaseCandidate } from '@glovebox/store';

/** One kind of place: for actions that query the database, or for others. */
export interface Pool {
  readonly usesDatabase: boolean;
  /** Free places of the agent that asks. */
  readonly places: number;
  /** The most weight that may run at once on the backend; null where nothing limits it. */
  readonly size: number | null;
  readonly usedWeight: number;
  /** In each workspace oldest first. */
  readonly candidates: readonly LeaseCandidate[];
}

export const overtakenSeconds = 1800;

/** A weight that is larger than its pool counts as all of it, so that such a task runs alone rather than never. */
const weightIn = (size: number | null, weight: number): number => Math.min(weight, size ?? weight);

/** Sums of weights may be off by rounding. */
const tolerance = 1e-9;

interface Queue {
  readonly workspace: number;
  readonly pool: number;
  readonly tasks: readonly LeaseCandidate[];
  at: number;
}

function queuesOf(pools: readonly Pool[]): Queue[] {
  return pools.flatMap(({ candidates }, pool) => {
    const byWorkspace = new Map<number, LeaseCandidate[]>();
    for (const candidate of candidates) {
      const tasks = byWorkspace.get(candidate.workspace) ?? [];
      byWorkspace.set(candidate.workspace, tasks);
      tasks.push(candidate);
    }
    return [...byWorkspace].map(([workspace, tasks]) => ({ workspace, pool, tasks, at: 0 }));
  });
}

/**
 * @param pools in order of preference: database first
 * @param out how many tasks of each workspace are leased on the backend
 * @returns identifiers of tasks
 */
export function chooseTasks(pools: readonly Pool[], out: ReadonlyMap<number, number>, now: Date): readonly string[] {
  const load = new Map(out);
  const left = pools.map(({ places, size, usedWeight }) => ({
    places,
    weight: size === null ? Number.POSITIVE_INFINITY : size - usedWeight,
  }));
  const chosen: string[] = [];
  let queues = queuesOf(pools);
  const loadOf = (queue: Queue) => load.get(queue.workspace) ?? 0;
  const isBefore = (a: Queue, b: Queue): boolean => {
    if (loadOf(a) !== loadOf(b)) return loadOf(a) < loadOf(b);
    if (a.pool !== b.pool) return a.pool < b.pool;
    return (a.tasks[a.at]?.job ?? 0) < (b.tasks[b.at]?.job ?? 0);
  };
  for (;;) {
    queues = queues.filter(({ pool, at, tasks }) => at < tasks.length && (left[pool]?.places ?? 0) > 0);
    const [first, ...others] = queues;
    if (!first) return chosen;
    const next = others.reduce((best, queue) => (isBefore(queue, best) ? queue : best), first);
    const task = next.tasks[next.at];
    const room = left[next.pool];
    if (!task || !room) return chosen;
    next.at += 1;
    const weight = weightIn(pools[next.pool]?.size ?? null, task.weight);
    if (weight <= room.weight + tolerance) {
      chosen.push(task.task);
      room.places -= 1;
      room.weight -= weight;
      load.set(next.workspace, loadOf(next) + 1);
    } else if (now.getTime() - task.readyAt.getTime() >= overtakenSeconds * 1000) {
      room.places = 0;
    }
  }
}
