// Sums of a few known numbers, such as one for each condition that a patient has: chooses which of them to add.
import { typeOf, type Series } from '@glovebox/language';
import type { Draft, DraftRow } from './draft.js';
import { accepts, among, type Goal } from './goal.js';

/** The numbers that each addend can be, and their sum must meet the goal. */
interface Addend {
  readonly series: Series;
  readonly values: readonly bigint[];
}

const choices = 60;

/** @returns undefined when an addend can be anything: then the sum is no choice between known numbers */
export function steerSum(draft: Draft, sum: Series, goal: Goal, row: DraftRow | undefined): boolean | undefined {
  const addends: Addend[] = [];
  for (const series of addendsOf(sum)) {
    const values = valuesOf(series);
    if (!values) return undefined;
    addends.push({ series, values });
  }
  const seen = new Set<string>();
  for (let choice = 0; choice < choices; choice++) {
    // Each choice leans to large or small addends, so that sums from none to all occur.
    const lean = draft.draw.uniform();
    const chosen = addends.map(({ values }) =>
      values.length === 2 ? (draft.draw.chance(lean) ? largest(values) : smallest(values)) : draft.draw.from(values)!,
    );
    const key = chosen.join(' ');
    if (
      seen.has(key) ||
      !accepts(
        goal,
        chosen.reduce((a, b) => a + b, 0n),
      )
    )
      continue;
    seen.add(key);
    const isMet = draft.attempt(() =>
      addends.every(({ series }, at) => draft.steer(series, among([chosen[at]!]), row)),
    );
    if (isMet) return true;
    if (seen.size === 4) return false;
  }
  return false;
}

const distinct = (values: readonly bigint[]): readonly bigint[] => [...new Set(values)];
const largest = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));
const smallest = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a < b ? a : b));

function addendsOf(series: Series): readonly Series[] {
  return series.kind === 'add' ? [...addendsOf(series.left), ...addendsOf(series.right)] : [series];
}

function valuesOf(series: Series): readonly bigint[] | undefined {
  switch (series.kind) {
    case 'value':
      return typeof series.value === 'bigint' ? [series.value] : undefined;
    case 'cast_to_int':
      return typeOf(series.source) === 'bool' ? [0n, 1n] : undefined;
    case 'multiply': {
      const [left, right] = [valuesOf(series.left), valuesOf(series.right)];
      return left && right && distinct(left.flatMap((a) => right.map((b) => a * b)));
    }
    case 'case': {
      const results = [...series.cases.map(({ then }) => then), series.otherwise];
      const values = results.map((result) => (result ? valuesOf(result) : undefined));
      return values.includes(undefined) ? undefined : distinct(values.flatMap((list) => list ?? []));
    }
    default:
      return undefined;
  }
}
