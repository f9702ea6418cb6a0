// The rows of measures and the tables that they are written as: one of all measures together, or one for each measure.
import {
  categoriesOf,
  typeOf,
  type Interval,
  type Measure,
  type MeasuresDefinition,
  type Nullable,
} from '@glovebox/language';
import type { ResultColumn } from '../tables.js';
import type { TableResult } from './run-dataset.js';

export interface MeasureRow {
  readonly measure: Measure;
  readonly interval: Interval;
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** In the order of the measure's `groupBy`. */
  readonly groups: readonly Nullable[];
}

/** NULL when there is nothing to divide by. */
export function ratioOf(row: Pick<MeasureRow, 'numerator' | 'denominator'>): number | null {
  return row.denominator === 0n ? null : Number(row.numerator) / Number(row.denominator);
}

const results: readonly ResultColumn[] = [
  { name: 'ratio', type: 'float' },
  { name: 'numerator', type: 'int' },
  { name: 'denominator', type: 'int' },
];
const intervalColumns: readonly ResultColumn[] = [
  { name: 'interval_start', type: 'date' },
  { name: 'interval_end', type: 'date' },
];

/** The group columns of all measures, in order of first use. */
export function groupColumns(measures: readonly Measure[]): readonly ResultColumn[] {
  const columns = new Map<string, ResultColumn>();
  for (const { groupBy } of measures) {
    for (const { name, series } of groupBy) {
      if (columns.has(name)) continue;
      const categories = categoriesOf(series);
      columns.set(name, { name, type: typeOf(series), ...(categories ? { categories } : {}) });
    }
  }
  return [...columns.values()];
}

/** The columns of the table of all measures. */
export function measuresColumns(definition: MeasuresDefinition): readonly ResultColumn[] {
  const categories = definition.measures.map((m) => m.name);
  return [
    { name: 'measure', type: 'str', categories },
    ...intervalColumns,
    ...results,
    ...groupColumns(definition.measures),
  ];
}

/** One table of all measures; a group that a measure doesn't use is NULL in its rows. */
export function measuresTable(definition: MeasuresDefinition, rows: readonly MeasureRow[]): TableResult {
  const groups = groupColumns(definition.measures).map((c) => c.name);
  const places = new Map(
    definition.measures.map((m) => [m, groups.map((name) => m.groupBy.findIndex((g) => g.name === name))]),
  );
  return {
    name: 'measures',
    columns: measuresColumns(definition),
    rows: rows.map((row) => [
      row.measure.name,
      ...numbersOf(row),
      ...places.get(row.measure)!.map((place) => (place === -1 ? null : row.groups[place]!)),
    ]),
  };
}

/** One table for each measure, named after it, also for a measure without rows. */
export function tablePerMeasure(definition: MeasuresDefinition, rows: readonly MeasureRow[]): readonly TableResult[] {
  return definition.measures.map((measure) => ({
    name: measure.name,
    columns: [...intervalColumns, ...results, ...groupColumns([measure])],
    rows: rows.filter((row) => row.measure === measure).map((row) => [...numbersOf(row), ...row.groups]),
  }));
}

function numbersOf(row: MeasureRow): readonly Nullable[] {
  return [row.interval.start, row.interval.end, ratioOf(row), row.numerator, row.denominator];
}
