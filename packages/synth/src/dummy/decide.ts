// Settles a series by choosing the values that it depends on, where a goal can't be worked back from the other side.
import { domainOf, isFrame, type Nullable, type Series } from '@glovebox/language';
import type { Draft, DraftRow } from './draft.js';
import { anything } from './goal.js';
import { peek } from './peek.js';
import { addMatchingRow, leaveOut, rowBehind } from './rows.js';

/**
 * @param mayBeMissing whether a row that isn't there yet may be left out, for NULL
 * @returns the value, or undefined when it can't be settled yet
 */
export function decide(
  draft: Draft,
  series: Series,
  row: DraftRow | undefined,
  mayBeMissing = true,
): Nullable | undefined {
  const known = peek(draft, series, row);
  if (known !== undefined || draft.budget-- <= 0) return known;
  switch (series.kind) {
    case 'select_column': {
      if (mayBeMissing && draft.draw.chance(0.3) && leaveOut(draft, series.source)) return null;
      const target = rowBehind(draft, series.source, row);
      return target && draft.decide(target, series.name);
    }
    case 'min':
    case 'max':
      draft.steer(series, anything, row);
      return peek(draft, series, row);
    case 'sum':
    case 'mean': {
      const { source } = series;
      let value: Nullable | undefined;
      addMatchingRow(draft, domainOf(source), (added) => {
        value = decide(draft, source, added);
        return value !== undefined && value !== null;
      });
      return value;
    }
    case 'maximum_of':
    case 'minimum_of':
      for (const source of series.sources) decide(draft, source, row);
      return peek(draft, series, row);
    case 'case':
      for (const { when, then } of series.cases) {
        decide(draft, when, row);
        if (then) decide(draft, then, row);
      }
      if (series.otherwise) decide(draft, series.otherwise, row);
      return peek(draft, series, row);
    default:
      if ('left' in series) {
        decide(draft, series.left, row, mayBeMissing);
        decide(draft, series.right, row, mayBeMissing);
      } else if ('source' in series && !isFrame(series.source)) decide(draft, series.source, row, mayBeMissing);
      return peek(draft, series, row);
  }
}
