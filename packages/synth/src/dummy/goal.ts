// What a series should come out as, and what a column may still hold. Both are the same thing: a set of values, by bounds,
// by listing, by exclusion, with or without NULL. Goals on one column meet by intersection, before any value is chosen.
import type { Nullable, Scalar } from '@glovebox/language';

export interface Goal {
  readonly low?: Scalar;
  readonly high?: Scalar;
  /** Bounds are included unless they are open. */
  readonly lowOpen?: boolean;
  readonly highOpen?: boolean;
  readonly among?: readonly Scalar[];
  readonly except?: ReadonlySet<Scalar>;
  /** Texts that must occur in the value. */
  readonly containing?: readonly string[];
  /** Whether NULL is in the set. */
  readonly mayBeNull: boolean;
  /** Whether anything else is. */
  readonly mayHaveValue: boolean;
}

export const anything: Goal = { mayBeNull: true, mayHaveValue: true };
export const isPresent: Goal = { mayBeNull: false, mayHaveValue: true };
export const isNull: Goal = { mayBeNull: true, mayHaveValue: false };
export const isTrue: Goal = { ...isPresent, among: [true] };
export const isFalse: Goal = { ...isPresent, among: [false] };

export const among = (values: readonly Scalar[]): Goal => ({ ...isPresent, among: values });
export const except = (values: readonly Scalar[]): Goal => ({ ...isPresent, except: new Set(values) });
export const between = (low: Scalar | undefined, high: Scalar | undefined): Goal => ({
  ...isPresent,
  ...(low === undefined ? {} : { low }),
  ...(high === undefined ? {} : { high }),
});

export function accepts(goal: Goal, value: Nullable): boolean {
  if (value === null) return goal.mayBeNull;
  if (!goal.mayHaveValue) return false;
  if (goal.low !== undefined && (goal.lowOpen ? value <= goal.low : value < goal.low)) return false;
  if (goal.high !== undefined && (goal.highOpen ? value >= goal.high : value > goal.high)) return false;
  if (goal.among && !goal.among.includes(value)) return false;
  if (goal.except?.has(value)) return false;
  return !goal.containing?.some((part) => !(typeof value === 'string' && value.includes(part)));
}

/** The values that both accept, or undefined when there can't be any. */
export function meet(a: Goal, b: Goal): Goal | undefined {
  const low = tighter(a.low, a.lowOpen, b.low, b.lowOpen, 1);
  const high = tighter(a.high, a.highOpen, b.high, b.highOpen, -1);
  const listed = a.among ?? b.among;
  const parts = [...(a.containing ?? []), ...(b.containing ?? [])];
  const excluded = a.except && b.except ? new Set([...a.except, ...b.except]) : (a.except ?? b.except);
  const both: Goal = {
    mayBeNull: a.mayBeNull && b.mayBeNull,
    mayHaveValue: a.mayHaveValue && b.mayHaveValue,
    ...(low && { low: low.bound, lowOpen: low.isOpen }),
    ...(high && { high: high.bound, highOpen: high.isOpen }),
    ...(parts.length > 0 && { containing: parts }),
  };
  const values = listed?.filter((value) => accepts(a, value) && accepts(b, value));
  const isEmpty =
    values?.length === 0 ||
    (low && high && (low.bound > high.bound || (low.bound === high.bound && (low.isOpen || high.isOpen))));
  const result: Goal = {
    ...both,
    ...(values && { among: values }),
    ...(!values && excluded && { except: excluded }),
    mayHaveValue: both.mayHaveValue && !isEmpty,
  };
  return result.mayBeNull || result.mayHaveValue ? result : undefined;
}

function tighter(
  a: Scalar | undefined,
  aOpen: boolean | undefined,
  b: Scalar | undefined,
  bOpen: boolean | undefined,
  sign: 1 | -1,
): { bound: Scalar; isOpen: boolean } | undefined {
  if (a === undefined && b === undefined) return undefined;
  if (a === undefined || b === undefined)
    return { bound: (a ?? b)!, isOpen: (a === undefined ? bOpen : aOpen) ?? false };
  if (a === b) return { bound: a, isOpen: (aOpen ?? false) || (bOpen ?? false) };
  const isATighter = sign === 1 ? a > b : a < b;
  return isATighter ? { bound: a, isOpen: aOpen ?? false } : { bound: b, isOpen: bOpen ?? false };
}

/** Maps the bounds and listed values through a strictly increasing function; undefined when a value has no image. */
export function mapGoal(goal: Goal, to: (value: Scalar) => Nullable): Goal | undefined {
  const values: Nullable[] = [];
  const image = (value: Scalar): Scalar => {
    const mapped = to(value);
    values.push(mapped);
    return mapped as Scalar;
  };
  const mapped: Goal = {
    ...goal,
    ...(goal.low !== undefined && { low: image(goal.low) }),
    ...(goal.high !== undefined && { high: image(goal.high) }),
    ...(goal.among && { among: goal.among.map(image) }),
    ...(goal.except && { except: new Set([...goal.except].map(image)) }),
  };
  return values.includes(null) ? undefined : mapped;
}

/** The goal of the left side of a comparison that should be true, by what the right side is. */
export const comparisonGoals = {
  eq: (right: Scalar): Goal => among([right]),
  ne: (right: Scalar): Goal => except([right]),
  lt: (right: Scalar): Goal => ({ ...isPresent, high: right, highOpen: true }),
  le: (right: Scalar): Goal => between(undefined, right),
  gt: (right: Scalar): Goal => ({ ...isPresent, low: right, lowOpen: true }),
  ge: (right: Scalar): Goal => between(right, undefined),
} as const;
