// Counts: rows that are there already count, and as many new ones are made as the goal still asks for.
import { domainOf, isFrame, type Aggregation, type CountEpisodes } from '@glovebox/language';
import { decide } from './decide.js';
import type { Draft } from './draft.js';
import { accepts, except, type Goal } from './goal.js';
import { peek } from './peek.js';
import { addMatchingRow, avoidRows, conditionsOf } from './rows.js';

const mostRows = 200n;

export function steerCount(draft: Draft, series: Aggregation | CountEpisodes, goal: Goal): boolean {
  let wanted = typeof goal.low === 'bigint' && goal.low > 0n ? goal.low : 0n;
  while (wanted < mostRows && !accepts(goal, wanted)) wanted++;
  if (!accepts(goal, wanted)) return false;
  if (draft.draw.chance(0.4) && accepts(goal, wanted + 1n)) wanted++;
  const domain = domainOf(series.source);
  if (domain.kind !== 'event') return false;
  const conditions = conditionsOf(domain);
  const matching = draft
    .rowsOf(domain.table.name)
    .filter((row) => conditions.every((condition) => peek(draft, condition, row) === true));
  const values = isFrame(series.source) ? undefined : series.source;
  const seen = matching
    .map((row) => (values ? decide(draft, values, row) : undefined))
    .filter((value) => value !== undefined && value !== null);
  const there = values ? new Set(seen).size : matching.length;
  if (there > 0 && accepts(goal, BigInt(there))) return true;
  if (wanted === 0n) return avoidRows(draft, domain);
  for (let made = BigInt(there); made < wanted; made++) {
    const added = addMatchingRow(
      draft,
      domain,
      (row) => {
        if (!values) return true;
        if (!draft.steer(values, except([...seen]), row)) return false;
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
