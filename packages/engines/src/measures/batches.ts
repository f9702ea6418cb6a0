// Which measures are computed together: those that share denominator and intervals make a batch, and within it those
// with the same group names a grouping. The order of both is part of the output, so it is decided here once.
import {
  nodePool,
  substituteParameters,
  typeOf,
  type Interval,
  type Measure,
  type NodePool,
  type Series,
} from '@glovebox/language';

/** Measures of one denominator and the same intervals. */
export interface Batch {
  readonly measures: readonly Measure[];
  readonly intervals: readonly Interval[];
  readonly groupings: readonly Grouping[];
  /** Keeps what the intervals have in common one object. */
  readonly pool: NodePool;
}

/** Measures of a batch that are grouped by the same names; their rows are interleaved. */
export interface Grouping {
  readonly measures: readonly Measure[];
  /** Names in the order of the first measure: rows are sorted by them. */
  readonly names: readonly string[];
}

/** The batches in order of first appearance. */
export function batchesOf(measures: readonly Measure[]): readonly Batch[] {
  const byDenominator = new Map<Series, Map<string, Measure[]>>();
  const batches: Measure[][] = [];
  for (const measure of measures) {
    const byIntervals = byDenominator.get(measure.denominator) ?? new Map<string, Measure[]>();
    byDenominator.set(measure.denominator, byIntervals);
    const key = measure.intervals.map(({ start, end }) => `${start} ${end}`).join();
    let batch = byIntervals.get(key);
    if (!batch) {
      batch = [];
      byIntervals.set(key, batch);
      batches.push(batch);
    }
    batch.push(measure);
  }
  return batches.map((batch) => ({
    measures: batch,
    intervals: batch[0]!.intervals,
    groupings: groupingsOf(batch),
    pool: nodePool(),
  }));
}

function groupingsOf(measures: readonly Measure[]): readonly Grouping[] {
  const groupings = new Map<string, Measure[]>();
  for (const measure of measures) {
    const key = JSON.stringify(measure.groupBy.map((group) => group.name).sort());
    const grouping = groupings.get(key);
    if (grouping) grouping.push(measure);
    else groupings.set(key, [measure]);
  }
  return [...groupings.values()].map((of) => ({ measures: of, names: of[0]!.groupBy.map((group) => group.name) }));
}

/** A batch in one interval: its distinct series, and where each measure finds its own. */
export interface Filled {
  /** True for the patients that count. */
  readonly member: Series;
  /** What each of them counts; undefined for one. */
  readonly weight: Series | undefined;
  readonly numerators: readonly Series[];
  /** The same number in the same order whatever the interval. */
  readonly groups: readonly Series[];
  /** In the order of the batch's measures, the place of its numerator. */
  readonly numeratorOf: ReadonlyMap<Measure, number>;
  /** The place of the series of a group name. */
  readonly groupOf: ReadonlyMap<string, number>;
}

/** The series of a batch with an interval filled in; without one, with its placeholders. */
export function fillBatch(batch: Batch, interval: Interval | undefined): Filled {
  const { measures, pool } = batch;
  const given = [
    measures[0]!.denominator,
    ...measures.map((m) => m.numerator),
    ...measures.flatMap((m) => m.groupBy.map((g) => g.series)),
  ];
  const filled = interval ? substituteParameters(given, interval, pool) : given;
  const denominator = filled[0]!;
  const isCount = typeOf(denominator) === 'int';
  const numerators = [...new Set(filled.slice(1, 1 + measures.length))];
  const groups = distinctGroups(measures);
  const filledGroup = new Map(
    measures.flatMap((m) => m.groupBy).map((g, at) => [g.series, filled[1 + measures.length + at]!]),
  );
  return {
    member: isCount ? aboveZero(denominator, interval ? pool : undefined) : denominator,
    weight: isCount ? denominator : undefined,
    numerators,
    groups: groups.map((series) => filledGroup.get(series)!),
    numeratorOf: new Map(measures.map((measure, at) => [measure, numerators.indexOf(filled[1 + at]!)])),
    groupOf: new Map(measures.flatMap((m) => m.groupBy).map((g) => [g.name, groups.indexOf(g.series)])),
  };
}

const distinctGroups = (measures: readonly Measure[]): readonly Series[] => [
  ...new Set(measures.flatMap((m) => m.groupBy.map((g) => g.series))),
];

function aboveZero(left: Series, pool: NodePool | undefined): Series {
  const right: Series = { kind: 'value', type: 'int', value: 0n };
  if (!pool) return { kind: 'gt', left, right };
  return pool.share({ kind: 'gt', left, right: pool.share(right) });
}
