// Finds actions that need one another in a circle.

/** More circles than a person can look at; in a file made for it there are millions. */
const mostCycles = 20;

/**
 * A path around each circle, for example `['a', 'b', 'a']`, up to twenty. Works on any depth, since it keeps its own stack.
 * @param needs by action name; names that are no action are ignored
 */
export function findCycles(needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[][] = [];
  for (const start of needs.keys()) {
    if (state.has(start)) continue;
    const path = [{ name: start, next: 0 }];
    state.set(start, 'open');
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const need = needs.get(top.name)?.[top.next++];
      if (need === undefined) {
        state.set(top.name, 'done');
        path.pop();
      } else if (state.get(need) === 'open') {
        const from = path.findIndex((step) => step.name === need);
        cycles.push([...path.slice(from).map((step) => step.name), need]);
        if (cycles.length === mostCycles) return cycles;
      } else if (!state.has(need) && needs.has(need)) {
        state.set(need, 'open');
        path.push({ name: need, next: 0 });
      }
    }
  }
  return cycles;
}
