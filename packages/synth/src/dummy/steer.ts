// Works back from what a series should come out as to the rows and values that make it so. It is a guide, not a proof:
// other rows can still get in the way, so every patient is checked by the reference engine afterwards.
//
// `steer` is true when, as far as is known, the goal will be met; what it tried in vain is undone. Within a filter `row` is
// the row that the condition is about.
import { applyBinary } from '@glovebox/engines';
import { domainOf, isFrame, type Frame, type Nullable, type Scalar, type Series } from '@glovebox/language';
import type { Draft, DraftRow } from './draft.js';
import {
  accepts,
  among,
  between,
  comparisonGoals,
  except,
  isFalse,
  isNull,
  isPresent,
  isTrue,
  type Goal,
} from './goal.js';
import { peek } from './peek.js';
import { addMatchingRow, avoidRows } from './rows.js';
import { steerCount } from './steer-count.js';
import { steerNumber } from './steer-number.js';
import { baseTable } from './vocabulary.js';

export function steer(draft: Draft, series: Series, goal: Goal, row?: DraftRow): boolean {
  if (draft.budget-- <= 0) return false;
  const known = peek(draft, series, row);
  if (known !== undefined) return accepts(goal, known);
  return draft.attempt(() => steerUnknown(draft, series, goal, row));
}

/** Steers by the first of the ways that works, in any order. */
export function anyOf(draft: Draft, ways: readonly (() => boolean)[]): boolean {
  return draft.draw.shuffled(ways).some((way) => draft.attempt(way));
}

function steerUnknown(draft: Draft, series: Series, goal: Goal, row: DraftRow | undefined): boolean {
  switch (series.kind) {
    case 'select_column': {
      const target = rowBehind(draft, series.source, row);
      if (target) return draft.narrow(target, series.name, goal);
      return goal.mayBeNull;
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
      return anyOf(
        draft,
        ways.map((value) => () => steerBool(draft, series, value, row)),
      );
    }
    case 'case':
      return steerCase(draft, series, goal, row);
    case 'count':
    case 'count_distinct':
    case 'count_episodes':
      return steerCount(draft, series, goal);
    case 'min':
    case 'max':
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

/** The row that a column of this frame is read from; made when the patient may still get it. */
function rowBehind(draft: Draft, frame: Frame, row: DraftRow | undefined): DraftRow | undefined {
  if (frame.kind === 'pick') {
    const known = draft.picked.get(frame);
    if (known) return known;
    const added = addMatchingRow(draft, domainOf(frame.source), () => true);
    if (added) draft.pick(frame, added);
    return added;
  }
  if (frame.kind === 'table' && frame.rows === 'one') return draft.onlyRow(frame);
  return row;
}

function steerBool(draft: Draft, series: Series, value: boolean, row: DraftRow | undefined): boolean {
  const goal = value ? isTrue : isFalse;
  const to = (other: Series, otherGoal: Goal): boolean => steer(draft, other, otherGoal, row);
  switch (series.kind) {
    case 'and':
    case 'or': {
      if ((series.kind === 'and') === value) return to(series.left, goal) && to(series.right, goal);
      return anyOf(draft, [() => to(series.left, goal), () => to(series.right, goal)]);
    }
    case 'not':
      return to(series.source, value ? isFalse : isTrue);
    case 'is_null':
      return to(series.source, value ? isNull : isPresent);
    case 'exists':
      return steerExists(draft, series.source, value);
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
        const right = decide(draft, series.right, row);
        return right !== undefined && right !== null && to(series.left, comparisonGoals[kind](right));
      };
      const fromLeft = (): boolean => {
        const left = decide(draft, series.left, row);
        return left !== undefined && left !== null && to(series.right, comparisonGoals[mirrored[kind]](left));
      };
      if (typeof peek(draft, series.right, row) !== 'undefined') return fromRight();
      if (typeof peek(draft, series.left, row) !== 'undefined') return fromLeft();
      return anyOf(draft, [fromRight, fromLeft]);
    }
    default:
      return false;
  }
}

const opposite = { eq: 'ne', ne: 'eq', lt: 'ge', le: 'gt', gt: 'le', ge: 'lt' } as const;
const mirrored = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const;

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
  const found = decide(draft, left, row);
  if (found === undefined || found === null) return false;
  return addMatchingRow(draft, domain, (added) => steer(draft, right.source, among([found]), added)) !== undefined;
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
  return anyOf(draft, [...ways, otherwise]);
}

/** False or NULL; a condition that can't be steered away from is left to chance. */
export function notTrue(draft: Draft, condition: Series, row: DraftRow | undefined): boolean {
  const known = peek(draft, condition, row);
  if (known !== undefined) return known !== true;
  return steer(draft, condition, isFalse, row) || steer(draft, condition, { ...isNull }, row);
}

/** Settles a series by choosing the values that it depends on; undefined when that isn't possible. */
export function decide(draft: Draft, series: Series, row: DraftRow | undefined): Nullable | undefined {
  const known = peek(draft, series, row);
  if (known !== undefined || draft.budget-- <= 0) return known;
  switch (series.kind) {
    case 'select_column': {
      const target = rowBehind(draft, series.source, row);
      return target && draft.decide(target, series.name);
    }
    case 'min':
    case 'max':
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
        decide(draft, series.left, row);
        decide(draft, series.right, row);
      } else if ('source' in series && !isFrame(series.source)) decide(draft, series.source, row);
      return peek(draft, series, row);
  }
}

/** The goal of a date whose distance from `from` (in whole units) should meet a goal; see `steerNumber`. */
export function shiftedDates(
  kind: 'add_days' | 'add_months' | 'add_years',
  from: Scalar,
  goal: Goal,
): Goal | undefined {
  const bounded = goal.among ? between(goal.among[0], goal.among[0]) : goal;
  const step = (units: bigint): Nullable => applyBinary(kind, from, units);
  const low = bounded.low === undefined ? undefined : step((bounded.low as bigint) + (bounded.lowOpen ? 1n : 0n));
  const end = bounded.high === undefined ? undefined : step((bounded.high as bigint) + (bounded.highOpen ? 0n : 1n));
  if (low === null || end === null) return undefined;
  return { ...isPresent, ...(low !== undefined && { low }), ...(end !== undefined && { high: end, highOpen: true }) };
}
