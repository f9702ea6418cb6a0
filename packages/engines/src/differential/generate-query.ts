// Makes whole definitions with data for tests: a dataset, with or without event tables, and measures.
import {
  nodePool,
  type DatasetDefinition,
  type Interval,
  type MeasuresDefinition,
  type Series,
} from '@glovebox/language';
import { populationProblem } from '../reference/population.js';
import type { Tables } from '../tables.js';
import { drawKind, seriesMaker, type SeriesMaker } from './generate-series.js';
import type { Making } from './operations.js';
import { basicKinds, drawTables, oneOf, valuesFor, type Draw, type Kind } from './values.js';

export interface Generated<Definition> {
  readonly tables: Tables;
  readonly definition: Definition;
}

interface Materials {
  readonly making: Making;
  readonly maker: SeriesMaker;
}

/** @param hasInterval whether dates may be those of the interval. */
function materialsFor(draw: Draw, hasInterval: boolean): Materials {
  const values = valuesFor(draw);
  const pool = nodePool();
  const literal = (kind: Kind): Series => {
    if (hasInterval && kind === 'date' && draw(2) === 0) {
      const name = oneOf(draw)(['interval_start_date', 'interval_end_date'] as const);
      return pool.share({ kind: 'parameter', name, type: 'date' });
    }
    return pool.share<Series>({ kind: 'value', type: kind, value: oneOf(draw)(values[kind]) });
  };
  const making: Making = { draw, values, literal, share: (node) => pool.share(node) };
  return { making, maker: seriesMaker(making) };
}

export function generateDataset(draw: Draw): Generated<DatasetDefinition> {
  const { making, maker } = materialsFor(draw, false);
  const { share } = making;
  const columns = Array.from({ length: 1 + draw(4) }, (_, at) => {
    const kind = drawKind(making);
    const series = maker.series(kind, 1 + draw(4));
    maker.remember(kind, series);
    return { name: `c${at}`, series };
  });
  const eventTables = Array.from({ length: draw(3) === 0 ? 1 + draw(2) : 0 }, (_, at) => ({
    name: `t${at}`,
    columns: eventColumns(making, maker),
  }));
  // Half the populations lean on one table, as real ones do.
  const wanted = maker.series('bool', 1 + draw(3));
  const isThere = share<Series>({ kind: 'exists', source: oneOf(draw)(maker.oneRow) });
  const leaning =
    draw(2) === 0 ? wanted : share<Series>({ kind: oneOf(draw)(['or', 'and']), left: wanted, right: isThere });
  // A population may not be true of a patient about whom nothing is recorded.
  const population = populationProblem(leaning)
    ? share<Series>({ kind: 'and', left: leaning, right: isThere })
    : leaning;
  return {
    tables: drawTables(draw, making.values),
    definition: { kind: 'dataset', population, columns, eventTables, dummyData: {} },
  };
}

/** Columns about the rows of one frame; the first is never the same for all rows of a patient. */
function eventColumns(making: Making, maker: SeriesMaker): DatasetDefinition['columns'] {
  const { draw } = making;
  const frame = maker.rows(draw(3));
  return Array.from({ length: 1 + draw(3) }, (_, at) => ({
    name: `e${at}`,
    series: maker.series(drawKind(making), draw(3), at === 0 || draw(3) > 0 ? frame : undefined, at === 0),
  }));
}

// Apart, side by side, one inside another, and years on end.
const intervals: readonly Interval[] = [
  ['1999-12-01', '1999-12-28'],
  ['1999-12-20', '2000-03-01'],
  ['2000-01-01', '2000-01-31'],
  ['2000-02-01', '2000-02-29'],
  ['2003-01-29', '2020-02-28'],
  ['2020-01-01', '2020-01-28'],
  ['2021-02-15', '2021-03-28'],
].map(([start, end]) => ({ start: start!, end: end! }));

export function generateMeasures(draw: Draw): Generated<MeasuresDefinition> {
  const { making, maker } = materialsFor(draw, true);
  const series: SeriesMaker['series'] = (...wanted) => maker.series(...wanted);
  const choose = oneOf(draw);
  const countable = (): Series => series(choose(['bool', 'int'] as const), 1 + draw(3));
  const groups = ['g', 'h', 'k'].map((name) => {
    const kind = choose([...basicKinds, 'SNOMEDCTCode'] as const);
    return { name, series: series(kind, draw(4)) };
  });
  const denominators = [series('bool', 1 + draw(3)), countable()];
  const chosen = [[choose(intervals)], intervals.slice(-2), intervals, intervals.filter(() => draw(2) === 0)];
  const measures = Array.from({ length: 1 + draw(4) }, (_, at) => ({
    name: `m${at}`,
    numerator: countable(),
    denominator: choose(denominators),
    groupBy: choose([[], [0], [0, 1], [1, 0], [0, 1, 2]]).map((group) => groups[group]!),
    intervals: choose(chosen),
  }));
  const definition: MeasuresDefinition = {
    kind: 'measures',
    measures,
    dummyData: {},
    disclosureControl: draw(3) === 0,
  };
  return { tables: drawTables(draw, making.values), definition };
}
