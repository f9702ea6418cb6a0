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
  /** Sets of values that are not. */
  readonly except?: readonly ReadonlySet<Scalar>[];
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

/** A codelist can hold thousands of values, and each is asked for about every patient: its set is made once. */
const setsOf = new WeakMap<readonly Scalar[], ReadonlySet<Scalar>>();

export function isListed(values: readonly Scalar[], value: Scalar): boolean {
  return values.length < 8 ? values.includes(value) : setOf(values).has(value);
}

function setOf(values: readonly Scalar[]): ReadonlySet<Scalar> {
  let set = setsOf.get(values);
  if (!set) setsOf.set(values, (set = new Set(values)));
  return set;
}

/** The same for lists that meet: which patient asks makes no difference. */
const meetings = new WeakMap<readonly Scalar[], WeakMap<readonly Scalar[], readonly Scalar[]>>();

function listedInBoth(a: readonly Scalar[], b: readonly Scalar[]): readonly Scalar[] {
  if (a === b) return a;
  let known = meetings.get(a);
  if (!known) meetings.set(a, (known = new WeakMap()));
  let both = known.get(b);
  if (!both) known.set(b, (both = a.filter((value) => isListed(b, value))));
  return both;
}

/** Goals by the lists that stand in the definition: the same for every patient, so what they leave together is kept. */
const goalsOf = { among: new WeakMap<readonly Scalar[], Goal>(), except: new WeakMap<readonly Scalar[], Goal>() };
const metWith = new WeakMap<Goal, WeakMap<Goal, { readonly goal: Goal | undefined }>>();

/** Marks a goal as one that many patients share. */
export function lasting(goal: Goal): Goal {
  if (!metWith.has(goal)) metWith.set(goal, new WeakMap());
  return goal;
}

function goalOf(kind: 'among' | 'except', values: readonly Scalar[]): Goal {
  const make = (): Goal => ({ ...isPresent, ...(kind === 'among' ? { among: values } : { except: [setOf(values)] }) });
  if (values.length < 2) return make();
  let goal = goalsOf[kind].get(values);
  if (!goal) goalsOf[kind].set(values, (goal = lasting(make())));
  return goal;
}

export const among = (values: readonly Scalar[]): Goal => goalOf('among', values);
export const except = (values: readonly Scalar[]): Goal => goalOf('except', values);
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
  if (goal.among && !isListed(goal.among, value)) return false;
  if (goal.except?.some((set) => set.has(value))) return false;
  return !goal.containing?.some((part) => !(typeof value === 'string' && value.includes(part)));
}

/** The values that both accept, or undefined when there can't be any. */
export function meet(a: Goal, b: Goal): Goal | undefined {
  const known = metWith.get(a);
  if (!known || !metWith.has(b)) return meeting(a, b);
  let met = known.get(b);
  if (!met) known.set(b, (met = { goal: meeting(a, b) }));
  if (met.goal) lasting(met.goal);
  return met.goal;
}

function meeting(a: Goal, b: Goal): Goal | undefined {
  if (a === b || saysNothing(b)) return a;
  if (saysNothing(a)) return b;
  const result: { -readonly [K in keyof Goal]: Goal[K] } = {
    mayBeNull: a.mayBeNull && b.mayBeNull,
    mayHaveValue: a.mayHaveValue && b.mayHaveValue,
  };
  const isLowFromA = isTighter(a.low, a.lowOpen, b.low, b.lowOpen, 1);
  const low = isLowFromA ? a.low : b.low;
  if (low !== undefined) {
    result.low = low;
    if (isLowFromA ? a.lowOpen : b.lowOpen) result.lowOpen = true;
  }
  const isHighFromA = isTighter(a.high, a.highOpen, b.high, b.highOpen, -1);
  const high = isHighFromA ? a.high : b.high;
  if (high !== undefined) {
    result.high = high;
    if (isHighFromA ? a.highOpen : b.highOpen) result.highOpen = true;
  }
  if (low !== undefined && high !== undefined && low >= high) {
    if (low > high || result.lowOpen || result.highOpen) result.mayHaveValue = false;
  }
  if (a.containing || b.containing) result.containing = [...(a.containing ?? []), ...(b.containing ?? [])];
  const listed = a.among && b.among ? listedInBoth(a.among, b.among) : (a.among ?? b.among);
  if (listed) {
    result.among = acceptedByBoth(listed, a, b);
    if (result.among.length === 0) result.mayHaveValue = false;
  } else if (a.except || b.except) {
    result.except = a.except && b.except ? [...new Set([...a.except, ...b.except])] : (a.except ?? b.except)!;
  }
  return result.mayBeNull || result.mayHaveValue ? result : undefined;
}

const saysNothing = (goal: Goal): boolean =>
  goal.mayBeNull && goal.mayHaveValue && !isMoreThanAList(goal) && !goal.among;

function acceptedByBoth(listed: readonly Scalar[], a: Goal, b: Goal): readonly Scalar[] {
  let left = listed;
  for (const goal of [a, b]) {
    for (const set of goal.except ?? []) left = listedBut(left, set);
    if (isBounded(goal)) left = left.filter((value) => accepts(goal, value));
  }
  return left;
}

const remainders = new WeakMap<readonly Scalar[], WeakMap<ReadonlySet<Scalar>, readonly Scalar[]>>();

/** The values of a list that are not in a set; codes are asked for and ruled out by the same lists for every patient. */
function listedBut(listed: readonly Scalar[], set: ReadonlySet<Scalar>): readonly Scalar[] {
  let known = remainders.get(listed);
  if (!known) remainders.set(listed, (known = new WeakMap()));
  let left = known.get(set);
  if (!left) {
    left = listed.filter((value) => !set.has(value));
    known.set(set, left.length === listed.length ? (left = listed) : left);
  }
  return left;
}

const isBounded = ({ low, high, containing, mayHaveValue }: Goal): boolean =>
  !mayHaveValue || low !== undefined || high !== undefined || (containing !== undefined && containing.length > 0);

const isMoreThanAList = (goal: Goal): boolean => isBounded(goal) || goal.except !== undefined;

/** Whether the first bound is the narrower one; `sign` is 1 for lower bounds. */
function isTighter(
  a: Scalar | undefined,
  aOpen: boolean | undefined,
  b: Scalar | undefined,
  bOpen: boolean | undefined,
  sign: 1 | -1,
): boolean {
  if (a === undefined || b === undefined) return b === undefined;
  if (a === b) return aOpen === true || bOpen !== true;
  return sign === 1 ? a > b : a < b;
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
    ...(goal.except && { except: goal.except.map((set) => new Set([...set].map(image))) }),
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
