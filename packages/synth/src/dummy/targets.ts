// What dummy patients are made for: whom the definition is about, what it asks of them, and how many it takes.
import {
  nodePool,
  substituteParameters,
  typeOf,
  type DatasetDefinition,
  type Interval,
  type MeasuresDefinition,
  type Series,
} from '@glovebox/language';

export interface Targets {
  /** True for everyone who should be made. */
  readonly population: Series;
  /** Each list is tried on some patients, so that columns and groups have something in them. */
  readonly wishes: readonly (readonly Series[])[];
  readonly size: number;
}

const defaultSize = 10;
/** More intervals than this are thinned evenly: neighbouring weeks ask for the same kind of patient. */
const mostIntervals = 12;

export function targetsOf(definition: DatasetDefinition | MeasuresDefinition): Targets {
  const pool = nodePool();
  const { additionalPopulationConstraint, populationSize } = definition.dummyData;
  const also = (population: Series): Series =>
    additionalPopulationConstraint
      ? { kind: 'and', left: population, right: additionalPopulationConstraint }
      : population;
  const share = (series: readonly Series[], interval: Interval): readonly Series[] =>
    substituteParameters(series, interval, pool);
  const nowhere: Interval = { start: '2000-01-01', end: '2000-01-01' };
  if (definition.kind === 'dataset') {
    const events = definition.eventTables.flatMap((table) => table.columns.slice(0, 1));
    const [population, ...columns] = share(
      [also(definition.population), ...[...definition.columns, ...events].map((column) => column.series)],
      nowhere,
    );
    return { population: population!, wishes: [columns], size: populationSize ?? defaultSize };
  }
  const denominators = [...new Set(definition.measures.map((measure) => measure.denominator))];
  const intervals = distinctIntervals(definition);
  const whole: Interval = {
    start: intervals.map(({ start }) => start).sort()[0] ?? nowhere.start,
    end:
      intervals
        .map(({ end }) => end)
        .sort()
        .at(-1) ?? nowhere.end,
  };
  const anyone = denominators.map(isMember).reduce((left, right): Series => ({ kind: 'or', left, right }));
  const groups = new Set(definition.measures.flatMap((measure) => measure.groupBy.map((group) => group.series)));
  const asked = [...new Set(definition.measures.map((measure) => measure.numerator)), ...groups];
  const every = Math.ceil(intervals.length / mostIntervals);
  return {
    population: share([also(anyone)], whole)[0]!,
    wishes: intervals.filter((_, index) => index % every === 0).map((interval) => share(asked, interval)),
    size: populationSize ?? defaultSize * denominators.length * intervals.length * Math.max(1, groups.size),
  };
}

/** A denominator that counts includes whoever counts at least once. */
function isMember(denominator: Series): Series {
  return typeOf(denominator) === 'int'
    ? { kind: 'gt', left: denominator, right: { kind: 'value', type: 'int', value: 0n } }
    : denominator;
}

function distinctIntervals(definition: MeasuresDefinition): readonly Interval[] {
  const byText = new Map(
    definition.measures.flatMap((m) => m.intervals).map((interval) => [`${interval.start} ${interval.end}`, interval]),
  );
  return [...byText.keys()].sort().map((key) => byText.get(key)!);
}
