// The least and the greatest: of a patient's rows, and of several values. One row or value meets the goal, and nothing else
// may lie beyond it; so the result is certain, and what depends on it can be steered too.
import { domainOf, typeOf, type SeriesAggregation, type Nullable, type Series } from '@glovebox/language';
import { decide } from './decide.js';
import type { Draft, DraftRow } from './draft.js';
import { anything, between, type Goal } from './goal.js';
import { addMatchingRow, avoidAll, avoidRows, conditionsOf } from './rows.js';

export function steerExtreme(draft: Draft, series: SeriesAggregation, goal: Goal): boolean {
  const { source } = series;
  const domain = domainOf(source);
  if (domain.kind !== 'event') return false;
  const none = (): boolean => {
    if (!goal.mayBeNull || !avoidRows(draft, domain)) return false;
    draft.settle(series, null);
    return true;
  };
  const some = (isCertain: boolean) => (): boolean => {
    let value: Nullable | undefined;
    const added = addMatchingRow(draft, domain, (row) => {
      if (!draft.steer(source, { ...goal, mayBeNull: false }, row)) return false;
      value = isCertain ? decide(draft, source, row) : undefined;
      return !isCertain || (value !== undefined && value !== null);
    });
    if (!added || !isCertain) return added !== undefined;
    const type = typeOf(source);
    const beyond: Series = {
      kind: series.kind === 'min' ? 'lt' : 'gt',
      left: source,
      right: { kind: 'value', type, value: value! },
    };
    if (!avoidAll(draft, domain.table.name, [...conditionsOf(domain), beyond], added)) return false;
    draft.settle(series, value!);
    return true;
  };
  const ways = draft.draw.chance(0.4) ? [none, some(true)] : [some(true), none];
  return [...ways, some(false)].some((way) => draft.attempt(way));
}

/** `maximum_of` and `minimum_of`: any one value meets the goal, the others stay on the near side of it or are NULL. */
export function steerExtremeOf(
  draft: Draft,
  { kind, sources }: Series & { kind: 'maximum_of' | 'minimum_of' },
  goal: Goal,
  row: DraftRow | undefined,
): boolean {
  const isGreatest = kind === 'maximum_of';
  const allNull = (): boolean =>
    goal.mayBeNull && sources.every((source) => draft.steer(source, { mayBeNull: true, mayHaveValue: false }, row));
  if (!goal.mayHaveValue) return allNull();
  const listed = goal.among && draft.draw.from(goal.among);
  const wanted: Goal = listed === undefined ? { ...goal, mayBeNull: false } : between(listed, listed);
  const bound = isGreatest ? wanted.high : wanted.low;
  const near = (edge: typeof bound, isOpen: boolean | undefined): Goal => {
    if (edge === undefined) return anything;
    const { high, low } = isGreatest ? { high: edge, low: undefined } : { high: undefined, low: edge };
    return {
      ...anything,
      ...(high !== undefined && { high, highOpen: isOpen === true }),
      ...(low !== undefined && { low, lowOpen: isOpen === true }),
    };
  };
  const others = near(bound, isGreatest ? wanted.highOpen : wanted.lowOpen);
  const ways = sources.map((source) => (): boolean => {
    if (!draft.steer(source, wanted, row)) return false;
    return others === anything || sources.every((other) => other === source || draft.steer(other, others, row));
  });
  return draft.anyOf(ways) || draft.attempt(allNull);
}
