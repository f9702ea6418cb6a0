// Works back from what a series should come out as to the rows and values that make it so. It is a guide, not a proof:
// other rows can still get in the way, so every patient is checked by the reference engine afterwards.
//
// `steer` is true when, as far as is known, the goal will be met; what it tried in vain is undone. Within a filter `row` is
// the row that the condition is about.
import { domainOf, type Frame, type Nullable, type Series } from '@glovebox/language';
import { decide } from './decide.js';
import type { Draft, DraftRow } from './draft.js';
import { conjunctsOf, easiestFirst } from './easiest.js';
import { accepts, among, comparisonGoals, except, isFalse, isNull, isPresent, isTrue, type Goal } from './goal.js';
import { peek } from './peek.js';
import { addMatchingRow, avoidRows, leaveOut, notTrue, rowBehind } from './rows.js';
import { steerCount } from './steer-count.js';
import { steerExtreme, steerExtremeOf } from './steer-extreme.js';
import { steerNumber } from './steer-number.js';
import { baseTable } from './vocabulary.js';

export function steer(draft: Draft, series: Series, goal: Goal, row?: DraftRow): boolean {
  if (draft.budget-- <= 0) return false;
  const known = peek(draft, series, row);
  if (known !== undefined) return accepts(goal, known);
  return draft.attempt(() => steerUnknown(draft, series, goal, row));
}

function steerUnknown(draft: Draft, series: Series, goal: Goal, row: DraftRow | undefined): boolean {
  switch (series.kind) {
    case 'select_column': {
      const without = (): boolean => goal.mayBeNull && leaveOut(draft, series.source);
      // A row with nothing in it is rarer than no row.
      if (draft.draw.chance(goal.mayHaveValue ? 0.4 : 0.95) && without()) return true;
      const withRow = (): boolean => {
        const fits = (target: DraftRow): boolean => draft.narrow(target, series.name, goal);
        const target = rowBehind(draft, series.source, row, fits);
        return target ? fits(target) : goal.mayBeNull;
      };
      return draft.attempt(withRow) || without();
    }
    case 'and':
    case 'or':
    case 'not':
    case 'is_null':
    case 'exists':
    case 'contains':
    case 'in':
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge': {
      const ways = [true, false].filter((value) => accepts(goal, value));
      return draft.anyOf(ways.map((value) => () => steerBool(draft, series, value, row)));
    }
    case 'case':
      return steerCase(draft, series, goal, row);
    case 'count':
    case 'count_distinct':
    case 'count_episodes':
      return steerCount(draft, series, goal);
    case 'min':
    case 'max':
      return steerExtreme(draft, series, goal);
    case 'maximum_of':
    case 'minimum_of':
      return steerExtremeOf(draft, series, goal, row);
    case 'sum':
    case 'mean': {
      const { source } = series;
      if (!goal.mayHaveValue) return avoidRows(draft, domainOf(source));
      return addMatchingRow(draft, domainOf(source), (added) => steer(draft, source, goal, added)) !== undefined;
    }
    case 'value':
    case 'value_set':
    case 'parameter':
    case 'combine_as_set':
      return false;
    default:
      return steerNumber(draft, series, goal, row);
  }
}

function steerBool(draft: Draft, series: Series, value: boolean, row: DraftRow | undefined): boolean {
  const goal = value ? isTrue : isFalse;
  const to = (other: Series, otherGoal: Goal): boolean => steer(draft, other, otherGoal, row);
  switch (series.kind) {
    case 'and':
    case 'or': {
      if (series.kind === 'and' && value) return easiestFirst(conjunctsOf(series)).every((part) => to(part, goal));
      if (series.kind === 'or' && !value) return to(series.left, goal) && to(series.right, goal);
      const sides = [series.left, series.right];
      const test = value ? sides.find((side) => side.kind === 'is_null') : undefined;
      const usual = test && draft.draw.chance(usuallyNull(draft, test)) ? test : undefined;
      if (usual && draft.attempt(() => to(usual, goal))) return true;
      return draft.anyOf(sides.map((side) => () => to(side, goal)));
    }
    case 'not':
      return to(series.source, value ? isFalse : isTrue);
    case 'is_null':
      return to(series.source, value ? isNull : isPresent);
    case 'exists':
      if (!steerExists(draft, series.source, value)) return false;
      draft.settle(series, value);
      return true;
    case 'contains': {
      const part = decide(draft, series.right, row);
      if (typeof part !== 'string' || !value) return typeof part === 'string' && to(series.left, isPresent);
      return to(series.left, { ...isPresent, containing: [part] });
    }
    case 'in':
      return steerIn(draft, series.left, series.right, value, row);
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge': {
      const kind = value ? series.kind : opposite[series.kind];
      const fromRight = (): boolean => {
        const right = decide(draft, series.right, row, false);
        return right !== undefined && right !== null && to(series.left, comparisonGoals[kind](right));
      };
      const fromLeft = (): boolean => {
        const left = decide(draft, series.left, row, false);
        return left !== undefined && left !== null && to(series.right, comparisonGoals[mirrored[kind]](left));
      };
      if (typeof peek(draft, series.right, row) !== 'undefined') return fromRight();
      if (typeof peek(draft, series.left, row) !== 'undefined') return fromLeft();
      // Twice, since what is decided can come out as NULL, or beyond what the other side can be. What the row's own column
      // is compared with hangs together with more of the patient, so it is decided first.
      if (row && isOwn(series.left) !== isOwn(series.right) && draft.draw.chance(0.85)) {
        const [first, second] = isOwn(series.left) ? [fromRight, fromLeft] : [fromLeft, fromRight];
        return [first, first, second].some((way) => draft.attempt(way));
      }
      return draft.anyOf([fromRight, fromLeft, fromRight, fromLeft]);
    }
    default:
      return false;
  }
}

/** A column of the row that a filter looks at. */
const isOwn = (series: Series): boolean =>
  series.kind === 'select_column' &&
  (series.source.kind === 'filter' ||
    series.source.kind === 'sort' ||
    (series.source.kind === 'table' && series.source.rows === 'many'));

const opposite = { eq: 'ne', ne: 'eq', lt: 'ge', le: 'gt', gt: 'le', ge: 'lt' } as const;
const mirrored = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const;

/** How often a column, or what is asked of it, is left NULL: most people are alive, most registrations go on. */
export function usuallyNull(draft: Draft, series: Series): number {
  if (series.kind === 'not' || series.kind === 'is_null') return usuallyNull(draft, series.source);
  if (['lt', 'le', 'gt', 'ge', 'eq'].includes(series.kind) && 'left' in series) return usuallyNull(draft, series.left);
  return series.kind === 'select_column' ? draft.nullShare(series) : 0;
}

function steerExists(draft: Draft, frame: Frame, value: boolean): boolean {
  const table = baseTable(frame);
  if (table.kind !== 'table') return value;
  const isOneRow = table.rows === 'one';
  if (value) {
    if (isOneRow) return draft.onlyRow(table) !== undefined;
    if (frame.kind === 'pick') return rowBehind(draft, frame, undefined) !== undefined;
    return addMatchingRow(draft, domainOf(frame), () => true) !== undefined;
  }
  if (isOneRow) return draft.removeAll(table.name);
  return avoidRows(draft, domainOf(frame.kind === 'pick' ? frame.source : frame));
}

function steerIn(draft: Draft, left: Series, right: Series, value: boolean, row: DraftRow | undefined): boolean {
  if (right.kind === 'value_set') {
    const goal = value ? among(right.values) : except(right.values);
    return steer(draft, left, goal, row);
  }
  if (right.kind !== 'combine_as_set') return false;
  const domain = domainOf(right.source);
  if (!value) return avoidRows(draft, domain);
  // From either side: the value that there is already, or that of a row that could have it.
  const fromLeft = (): boolean => {
    const found = decide(draft, left, row);
    if (found === undefined || found === null) return false;
    return addMatchingRow(draft, domain, (added) => steer(draft, right.source, among([found]), added)) !== undefined;
  };
  const fromRight = (): boolean => {
    let found: Nullable | undefined;
    addMatchingRow(draft, domain, (added) => {
      found = decide(draft, right.source, added);
      return found !== undefined && found !== null;
    });
    return found !== undefined && found !== null && steer(draft, left, among([found]), row);
  };
  return draft.anyOf([fromLeft, fromRight, fromRight]);
}

function steerCase(draft: Draft, series: Series & { kind: 'case' }, goal: Goal, row: DraftRow | undefined): boolean {
  const ways = series.cases.map(({ when, then }, index) => (): boolean => {
    if (then === null ? !goal.mayBeNull : !steer(draft, then, goal, row)) return false;
    if (!steer(draft, when, isTrue, row)) return false;
    return series.cases.slice(0, index).every((earlier) => notTrue(draft, earlier.when, row));
  });
  const otherwise = (): boolean => {
    const result = series.otherwise;
    if (result === null ? !goal.mayBeNull : !steer(draft, result, goal, row)) return false;
    return series.cases.every(({ when }) => notTrue(draft, when, row));
  };
  const [only, ...others] = series.cases;
  // `when_null_then`: what is usually NULL mostly takes the other value.
  const isUsual = only?.when.kind === 'not' && others.length === 0 && draft.draw.chance(usuallyNull(draft, only.when));
  return (isUsual && draft.attempt(otherwise)) || draft.anyOf([...ways, otherwise]);
}
