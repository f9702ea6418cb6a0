// Arithmetic and dates: turns the goal of a result into the goal of the one operand that is still open. Where there is no
// inverse to compute, values are tried.
import { applyBinary } from '@glovebox/engines';
import { typeOf, type Binary, type Nullable, type Scalar, type Series, type Unary } from '@glovebox/language';
import { decide } from './decide.js';
import type { Draft, DraftRow } from './draft.js';
import { accepts, between, isPresent, mapGoal, type Goal } from './goal.js';
import { peek } from './peek.js';
import { steerSum } from './steer-sum.js';

type Arithmetic = Binary | Unary;

export function steerNumber(draft: Draft, series: Arithmetic, goal: Goal, row: DraftRow | undefined): boolean {
  const to = (other: Series, otherGoal: Goal | undefined): boolean =>
    otherGoal !== undefined && draft.steer(other, otherGoal, row);
  const way = (): boolean => {
    switch (series.kind) {
      case 'difference_in_days':
      case 'difference_in_months':
      case 'difference_in_years':
        return steerDifference(draft, series, series.kind, goal, row);
      case 'add_days':
      case 'add_months':
      case 'add_years': {
        const { kind } = series;
        const units = decide(draft, series.right, row);
        return (
          typeof units === 'bigint' &&
          to(
            series.left,
            mapGoal(goal, (date) => applyBinary(kind, date, -units)),
          )
        );
      }
      case 'add': {
        const isMet = steerSum(draft, series, goal, row);
        if (isMet !== undefined) return isMet;
        // A count can't be settled ahead of its rows; it is taken to add nothing.
        return draft.anyOf([
          () => to(series.left, without(goal, decide(draft, series.right, row) ?? 0n)),
          () => to(series.right, without(goal, decide(draft, series.left, row) ?? 0n)),
        ]);
      }
      case 'subtract': {
        const right = decide(draft, series.right, row);
        return (
          right !== undefined &&
          right !== null &&
          to(
            series.left,
            mapGoal(goal, (v) => applyBinary('add', v, sameType(right, v))),
          )
        );
      }
      case 'multiply': {
        const factor = decide(draft, series.right, row);
        return factor !== undefined && factor !== null && to(series.left, shares(goal, factor));
      }
      case 'year':
        return to(series.source, yearGoal(goal));
      case 'cast_to_float':
        return to(series.source, wholeNumbers(goal));
      case 'cast_to_int':
        if (typeOf(series.source) !== 'bool') return to(series.source, anyFraction(goal));
        return draft.anyOf(
          [true, false].map(
            (value) => () => accepts(goal, BigInt(value)) && to(series.source, { ...isPresent, among: [value] }),
          ),
        );
      default:
        return false;
    }
  };
  return draft.attempt(way) || (!hasInverse.has(series.kind) && tryValues(draft, series, goal, row));
}

/** The goal less an addend. */
function without(goal: Goal, addend: Nullable): Goal | undefined {
  return addend === null
    ? undefined
    : mapGoal(goal, (value) => applyBinary('subtract', value, sameType(addend, value)));
}

/** The goal of what, times the factor, meets the goal. */
function shares(goal: Goal, factor: Scalar): Goal | undefined {
  if (Number(factor) === 0) return undefined;
  const share = (value: Scalar): Nullable => {
    if (typeof factor !== 'bigint') return Number(value) / Number(factor);
    // A product of ints that doesn't divide evenly has no such operand; bounds are checked again afterwards.
    return goal.among && (value as bigint) % factor !== 0n ? null : (value as bigint) / factor;
  };
  const divisible = goal.among?.filter((value) => share(value) !== null);
  const mapped =
    divisible?.length === 0 ? undefined : mapGoal({ ...goal, ...(divisible && { among: divisible }) }, share);
  if (!mapped || Number(factor) > 0) return mapped;
  const { low, high, lowOpen, highOpen, ...rest } = mapped;
  return {
    ...rest,
    ...(high !== undefined && { low: high, lowOpen: highOpen ?? false }),
    ...(low !== undefined && { high: low, highOpen: lowOpen ?? false }),
  };
}

/** An int beside floats counts as the float of its value. */
function sameType(value: Scalar, like: Scalar): Scalar {
  return typeof like === 'number' && typeof value === 'bigint' ? Number(value) : value;
}

function wholeNumbers(goal: Goal): Goal {
  const whole = (bound: Scalar | undefined, round: (n: number) => number): bigint | undefined =>
    typeof bound === 'number' && Number.isFinite(bound) ? BigInt(round(bound)) : undefined;
  const low = goal.among?.[0] ?? goal.low;
  const high = goal.among?.[0] ?? goal.high;
  return between(
    whole(low, goal.lowOpen ? (n) => Math.floor(n) + 1 : Math.ceil),
    whole(high, goal.highOpen ? (n) => Math.ceil(n) - 1 : Math.floor),
  );
}

/** What a number was before its fraction was cut off; the bounds are checked again afterwards. */
function anyFraction(goal: Goal): Goal {
  const low = goal.among?.[0] ?? goal.low;
  const high = goal.among?.[0] ?? goal.high;
  return between(
    low === undefined ? undefined : Number(low) + (goal.lowOpen ? 1 : 0),
    high === undefined ? undefined : Number(high) + (goal.highOpen ? 0 : 0.9),
  );
}

function yearGoal(goal: Goal): Goal {
  const low = (goal.among?.[0] ?? goal.low) as bigint | undefined;
  const high = (goal.among?.[0] ?? goal.high) as bigint | undefined;
  const text = (year: bigint): string => String(year).padStart(4, '0');
  return between(
    low === undefined ? undefined : `${text(goal.lowOpen ? low + 1n : low)}-01-01`,
    high === undefined ? undefined : `${text(goal.highOpen ? high - 1n : high)}-12-31`,
  );
}

const additions = {
  difference_in_days: 'add_days',
  difference_in_months: 'add_months',
  difference_in_years: 'add_years',
} as const;

/** Left minus right in whole units: from one date the other's range follows. */
function steerDifference(
  draft: Draft,
  series: Binary,
  kind: keyof typeof additions,
  goal: Goal,
  row: DraftRow | undefined,
): boolean {
  if (!goal.mayHaveValue)
    return draft.anyOf([() => draft.steer(series.left, goal, row), () => draft.steer(series.right, goal, row)]);
  const chosen: Goal = goal.among ? { ...goal, among: draft.draw.shuffled(goal.among).slice(0, 1) } : goal;
  const add = additions[kind];
  if (peek(draft, series.left, row) === undefined) {
    const right = decide(draft, series.right, row);
    const dates = typeof right === 'string' ? shiftedDates(add, right, chosen) : undefined;
    return dates !== undefined && draft.steer(series.left, dates, row);
  }
  // The left date is settled: n units before it, and not n + 1.
  const left = peek(draft, series.left, row);
  if (typeof left !== 'string') return false;
  const low = (chosen.among?.[0] ?? chosen.low) as bigint | undefined;
  const high = (chosen.among?.[0] ?? chosen.high) as bigint | undefined;
  const latest = low === undefined ? undefined : applyBinary(add, left, -(chosen.lowOpen ? low + 1n : low));
  const before = high === undefined ? undefined : applyBinary(add, left, -(chosen.highOpen ? high : high + 1n));
  if (latest === null || before === null) return false;
  return draft.steer(
    series.right,
    {
      ...isPresent,
      ...(latest !== undefined && { high: latest }),
      ...(before !== undefined && { low: before, lowOpen: true }),
    },
    row,
  );
}

/** Where the way back is exact, trying values finds nothing that it missed. */
const hasInverse: ReadonlySet<string> = new Set([
  'add_days',
  'difference_in_days',
  'difference_in_months',
  'difference_in_years',
  'subtract',
  'year',
  'cast_to_float',
  'cast_to_int',
]);

function tryValues(draft: Draft, series: Series, goal: Goal, row: DraftRow | undefined): boolean {
  for (let attempt = 0; attempt < 12; attempt++) {
    const found = draft.attempt(() => {
      const value = decide(draft, series, row);
      return value !== undefined && accepts(goal, value);
    });
    if (found) return true;
  }
  return false;
}

/** The goal of a date whose distance from `from` (in whole units) should meet a goal. */
function shiftedDates(kind: 'add_days' | 'add_months' | 'add_years', from: Scalar, goal: Goal): Goal | undefined {
  const bounded = goal.among ? between(goal.among[0], goal.among[0]) : goal;
  const step = (units: bigint): Nullable => applyBinary(kind, from, units);
  const low = bounded.low === undefined ? undefined : step((bounded.low as bigint) + (bounded.lowOpen ? 1n : 0n));
  const end = bounded.high === undefined ? undefined : step((bounded.high as bigint) + (bounded.highOpen ? 0n : 1n));
  if (low === null || end === null) return undefined;
  return { ...isPresent, ...(low !== undefined && { low }), ...(end !== undefined && { high: end, highOpen: true }) };
}
