// Counts: rows that are there already count, and as many new ones are made as the goal still asks for.
import { domainOf, isFrame, type Aggregation, type CountEpisodes, type Scalar } from '@glovebox/language';
import { decide } from './decide.js';
import type { Draft, DraftRow } from './draft.js';
import { accepts, except, isTrue, type Goal } from './goal.js';
import { addMatchingRow, avoidRows, conditionsOf } from './rows.js';

const mostRows = 200n;

export function steerCount(draft: Draft, series: Aggregation | CountEpisodes, goal: Goal): boolean {
  let wanted = typeof goal.low === 'bigint' && goal.low > 0n ? goal.low : 0n;
  while (wanted < mostRows && !accepts(goal, wanted)) wanted++;
  if (!accepts(goal, wanted)) return false;
  if (draft.draw.chance(0.4) && accepts(goal, wanted + 1n)) wanted++;
  const domain = domainOf(series.source);
  if (domain.kind !== 'event') return false;
  const { name } = domain.table;
  if (wanted === 0n) return avoidRows(draft, domain) || (draft.rowsOf(name).length > 0 && isOpen(goal));
  const conditions = conditionsOf(domain);
  const values = isFrame(series.source) ? undefined : series.source;
  const seen: Scalar[] = [];
  const counts = (row: DraftRow): boolean => {
    if (!values) return true;
    if (!draft.steer(values, except([...seen]), row)) return false;
    const value = decide(draft, values, row);
    if (value === undefined || value === null) return false;
    seen.push(value);
    return true;
  };
  let there = 0n;
  for (const row of draft.rowsOf(name)) {
    if (there >= wanted) break;
    const isCounted = (): boolean =>
      conditions.every((condition) => draft.steer(condition, isTrue, row)) && counts(row);
    if (draft.attempt(isCounted)) there++;
  }
  for (; there < wanted; there++) if (!addMatchingRow(draft, domain, counts, true)) return false;
  return true;
}

const isOpen = (goal: Goal): boolean => goal.high === undefined && !goal.among;
