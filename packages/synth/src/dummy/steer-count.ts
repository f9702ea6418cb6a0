// Counts: as many new rows as the goal asks for.
import { domainOf, isFrame, type Aggregation, type CountEpisodes, type Scalar } from '@glovebox/language';
import type { Draft } from './draft.js';
import { accepts, except, type Goal } from './goal.js';
import { addMatchingRow, avoidRows } from './rows.js';
import { decide, steer } from './steer.js';

const mostRows = 200n;

export function steerCount(draft: Draft, series: Aggregation | CountEpisodes, goal: Goal): boolean {
  let wanted = typeof goal.low === 'bigint' && goal.low > 0n ? goal.low : 0n;
  while (wanted < mostRows && !accepts(goal, wanted)) wanted++;
  if (!accepts(goal, wanted)) return false;
  if (draft.draw.chance(0.4) && accepts(goal, wanted + 1n)) wanted++;
  const values = isFrame(series.source) ? undefined : series.source;
  const domain = domainOf(series.source);
  if (domain.kind !== 'event') return false;
  if (wanted === 0n) return avoidRows(draft, domain);
  const seen: Scalar[] = [];
  for (let made = 0n; made < wanted; made++) {
    const added = addMatchingRow(
      draft,
      domain,
      (row) => {
        if (!values) return true;
        if (!steer(draft, values, except(seen), row)) return false;
        const value = decide(draft, values, row);
        if (value === undefined || value === null) return false;
        seen.push(value);
        return true;
      },
      true,
    );
    if (!added) return false;
  }
  return true;
}
