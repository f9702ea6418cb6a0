// The values of what a definition shows while it is debugged, computed by the reference engine over small tables.
// Showing must not change what is shown: ties are broken as the definition alone breaks them, where it has the same pick.
import { evaluator, patientsIn, withFileTables, type Tables } from '@glovebox/engines';
import {
  compareText,
  definitionRoots,
  domainOf,
  patientDomain,
  substituteParameters,
  tablesUnder,
  tieBreaks,
  topologicalOrder,
  type DatasetDefinition,
  type EventDomain,
  type Interval,
  type MeasuresDefinition,
  type NamedSeries,
  type Nullable,
  type Series,
  type Show,
} from '@glovebox/language';
import { intermediateFrames } from './intermediate-frames.js';

type Data = DatasetDefinition | MeasuresDefinition;

export interface ShownTable {
  readonly show: Show;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Nullable[])[];
  /** How many rows there are, of which `head` and `tail` may leave out some. */
  readonly total: number;
  /** Why there are no values. */
  readonly unknown?: string;
  /** What stood for INTERVAL, where its values depend on it: the first of the measures' intervals. */
  readonly interval?: Interval;
  /** The frames that it goes through, where they were asked for. */
  readonly steps: readonly ShownTable[];
}

export interface ShownData {
  /** Gives the tables for a definition and what is shown beside it. */
  readonly source: (definition: Data, shown: readonly Series[]) => Promise<Tables>;
  /** Whether the frames that values go through are wanted too. */
  readonly hasSteps: boolean;
}

/** @returns one table for each show, in order */
export async function shownTables(
  shows: readonly Show[],
  definition: Data | undefined,
  { source, hasSteps }: ShownData,
): Promise<readonly ShownTable[]> {
  const interval = definition?.kind === 'measures' ? firstInterval(definition) : undefined;
  const known = shows.filter((show) => interval !== undefined || !dependsOnInterval(seriesOf(show)));
  const own = definition === undefined ? [] : definitionRoots(definition);
  const roots = [...own, ...known.flatMap(seriesOf)];
  const steps = known.map((show) => (hasSteps ? intermediateFrames(show, roots) : []));
  const all = [...known, ...steps.flat()];
  const combined = combine(all, definition, interval);
  if (combined === undefined) return shows.map(withoutValues);
  // Reading files makes new nodes, so everything is read at once and looked up by its name afterwards.
  const ready = await withFileTables(combined, process.cwd());
  // Steps have no say in which data there is, so that the page and the terminal show the same.
  const touched = definition ?? combine(known, definition, interval)!;
  const shown = definition === undefined ? [] : rootsNamed(ready, (name) => isOfShow(name, 0, known.length));
  const tables = await source(await withFileTables(touched, process.cwd()), shown);
  const [columnsOf, eventTableOf] = [byName(ready.columns), byName(ready.eventTables)];
  const find = (name: string): Series | undefined => columnsOf.get(name)?.series;
  const patients = patientsIn(definitionRoots(ready), tables);
  const evaluate = evaluator(tables, patients, ties(ready, known.length, definition));
  const shownAt = (at: number): ShownTable => {
    const show = all[at]!;
    const told = { ...(interval && dependsOnInterval(seriesOf(show)) ? { interval } : {}), steps: [] };
    const eventTable = eventTableOf.get(tableName(at));
    if (eventTable) {
      const series = eventTable.columns.map((column) => column.series);
      const domain = series.map(domainOf).find((found) => found !== patientDomain) as EventDomain;
      const rows = evaluate.eventRows(series, domain).flatMap((found, i) => found.map((row) => [patients[i]!, ...row]));
      const numbered = rows.map(([id, ...row], i) => [id!, BigInt(i + 1), ...row]);
      return { ...table(show, ['patient_id', 'row_id'], numbered), ...told };
    }
    const only = find(onlyName(at));
    const values = show.columns.map((_, j) => evaluate.patientValues(find(columnName(at, j))!));
    const isThere = only ? evaluate.patientValues(only) : undefined;
    const rows = patients.map((id, i) => [id, ...values.map((column) => column[i]!)]);
    return { ...table(show, ['patient_id'], isThere ? rows.filter((_, i) => isThere[i] === true) : rows), ...told };
  };
  let next = known.length;
  const stepsOf = steps.map((each) => each.map(() => shownAt(next++)));
  return shows.map((show) => {
    const at = known.indexOf(show);
    return at === -1 ? withoutValues(show) : { ...shownAt(at), steps: stepsOf[at]! };
  });
}

const byName = <T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.name, item]));

const firstInterval = ({ measures }: MeasuresDefinition): Interval | undefined =>
  measures.flatMap((measure) => measure.intervals).sort((a, b) => compareText(a.start, b.start))[0];

const seriesOf = (show: Show): readonly Series[] => [
  ...show.columns.map((column) => column.series),
  ...(show.only ? [show.only] : []),
];

const dependsOnInterval = (series: readonly Series[]): boolean =>
  topologicalOrder(series).some((node) => node.kind === 'parameter');

// Names that no dataset of a study has: its own begin with a letter and hold no space.
const columnName = (show: number, column: number): string => `show ${show} column ${column}`;
const onlyName = (show: number): string => `show ${show} only`;
const tableName = (show: number): string => `show ${show}`;
const measureName = (measure: number, part: string): string => `measure ${measure} ${part}`;

/**
 * A dataset that holds everything shown beside what the definition's own dataset holds, or its measures in one interval.
 */
function combine(
  shows: readonly Show[],
  definition: Data | undefined,
  interval: Interval | undefined,
): DatasetDefinition | undefined {
  const dataset = definition?.kind === 'dataset' ? definition : undefined;
  const columns: NamedSeries[] = [...(dataset?.columns ?? [])];
  const eventTables = [...(dataset?.eventTables ?? [])];
  if (definition?.kind === 'measures' && interval) columns.push(...partsOf(definition));
  for (const [i, show] of shows.entries()) {
    if (show.only) columns.push({ name: onlyName(i), series: show.only });
    if (show.columns.some(({ series }) => domainOf(series) !== patientDomain)) {
      eventTables.push({ name: tableName(i), columns: show.columns });
    } else {
      columns.push(...show.columns.map(({ series }, j) => ({ name: columnName(i, j), series })));
    }
  }
  const { tables, inlineTables, fileTables } = tablesUnder(shows.flatMap(seriesOf));
  const [first] = [...tables, ...inlineTables, ...fileTables];
  const population = dataset?.population ?? (first ? { kind: 'exists' as const, source: first } : undefined);
  if (population === undefined) return undefined;
  const whole = { kind: 'dataset' as const, population, columns, eventTables, dummyData: dataset?.dummyData ?? {} };
  return interval ? filledIn(whole, interval) : whole;
}

/** What the measures are made from, as columns. */
function partsOf({ measures }: MeasuresDefinition): readonly NamedSeries[] {
  return measures.flatMap(({ numerator, denominator, groupBy }, i) => [
    { name: measureName(i, 'numerator'), series: numerator },
    { name: measureName(i, 'denominator'), series: denominator },
    ...groupBy.map(({ name, series }) => ({ name: measureName(i, `group ${name}`), series })),
  ]);
}

function filledIn(dataset: DatasetDefinition, interval: Interval): DatasetDefinition {
  const roots = definitionRoots(dataset);
  const filled = substituteParameters(roots, interval);
  const now = new Map(roots.map((series, i) => [series, filled[i]!]));
  const named = ({ name, series }: NamedSeries): NamedSeries => ({ name, series: now.get(series)! });
  return {
    ...dataset,
    population: now.get(dataset.population)!,
    columns: dataset.columns.map(named),
    eventTables: dataset.eventTables.map(({ name, columns }) => ({ name, columns: columns.map(named) })),
  };
}

/** As the definition alone breaks them, then as what is shown does; frames on the way have no say. */
function ties(ready: DatasetDefinition, shows: number, definition: Data | undefined): ReturnType<typeof tieBreaks> {
  const shown = rootsNamed(ready, (name) => !isOfShow(name, shows));
  const own = definition === undefined ? [] : rootsNamed(ready, (name) => !isOfShow(name, 0));
  return new Map([...tieBreaks(shown), ...tieBreaks(own)]);
}

/** Whether a name stands for one of the shows from a place on, and before another. */
function isOfShow(name: string, from: number, to = Infinity): boolean {
  const at = Number(/^show (\d+)/.exec(name)?.[1] ?? -1);
  return at >= from && at < to;
}

/** The population, and the columns and event tables of some names. */
function rootsNamed(dataset: DatasetDefinition, isWanted: (name: string) => boolean): readonly Series[] {
  const columns = dataset.columns.filter(({ name }) => isWanted(name));
  return definitionRoots({
    ...dataset,
    columns,
    eventTables: dataset.eventTables.filter(({ name }) => isWanted(name)),
  });
}

type Values = Pick<ShownTable, 'show' | 'columns' | 'rows' | 'total'>;

function table(show: Show, ids: readonly string[], rows: readonly (readonly Nullable[])[]): Values {
  const { head, tail } = show;
  const columns = [...ids, ...show.columns.map((column) => column.name)];
  if (head === undefined && tail === undefined) return { show, columns, rows, total: rows.length };
  const start = rows.length - (tail ?? 0);
  const kept = rows.filter((_, i) => (head !== undefined && i < head) || (tail !== undefined && i >= start));
  return { show, columns, rows: kept, total: rows.length };
}

function withoutValues(show: Show): ShownTable {
  const unknown = dependsOnInterval(seriesOf(show))
    ? 'Its values depend on INTERVAL, and the definition has no measures whose intervals give it dates.'
    : 'It touches no table, so there are no patients to show it for.';
  return { show, columns: [], rows: [], total: 0, unknown, steps: [] };
}
