// The values of what a definition shows while it is debugged, computed by the reference engine over small tables.
// Showing must not change what is shown: ties are broken as the definition alone breaks them, where it has the same pick.
import { evaluator, patientsIn, withFileTables, type Tables } from '@glovebox/engines';
import {
  definitionRoots,
  domainOf,
  patientDomain,
  tablesUnder,
  tieBreaks,
  topologicalOrder,
  type DatasetDefinition,
  type EventDomain,
  type MeasuresDefinition,
  type NamedSeries,
  type Nullable,
  type Series,
  type Show,
} from '@glovebox/language';

type Data = DatasetDefinition | MeasuresDefinition;

export interface ShownTable {
  readonly show: Show;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Nullable[])[];
  /** How many rows there are, of which `head` and `tail` may leave out some. */
  readonly total: number;
  /** Why there are no values. */
  readonly unknown?: string;
}

/**
 * @param source gives the tables for a definition that touches everything shown
 * @returns one table for each show, in order
 */
export async function shownTables(
  shows: readonly Show[],
  definition: Data | undefined,
  source: (definition: Data) => Promise<Tables>,
): Promise<readonly ShownTable[]> {
  const known = shows.filter((show) => !dependsOnInterval(seriesOf(show)));
  const combined = combine(known, definition);
  if (combined === undefined) return shows.map(withoutValues);
  // Reading files makes new nodes, so everything is read at once and looked up by its name afterwards.
  const ready = await withFileTables(combined, process.cwd());
  const isDataset = definition?.kind === 'dataset';
  const tables = await source(definition === undefined || isDataset ? ready : definition);
  const roots = definitionRoots(ready);
  const own = isDataset
    ? definitionRoots({
        ...ready,
        columns: ready.columns.slice(0, definition.columns.length),
        eventTables: ready.eventTables.slice(0, definition.eventTables.length),
      })
    : [];
  const ties = new Map([...tieBreaks(roots), ...tieBreaks(own)]);
  const patients = patientsIn(roots, tables);
  const evaluate = evaluator(tables, patients, ties);
  const columns = new Map(ready.columns.map((column) => [column.name, column.series]));
  return shows.map((show) => {
    const at = known.indexOf(show);
    if (at === -1) return withoutValues(show);
    const only = columns.get(onlyName(at));
    const eventTable = ready.eventTables.find((table) => table.name === tableName(at));
    if (eventTable) {
      const series = eventTable.columns.map((column) => column.series);
      const domain = series.map(domainOf).find((found) => found !== patientDomain) as EventDomain;
      const rows = evaluate.eventRows(series, domain).flatMap((found, i) => found.map((row) => [patients[i]!, ...row]));
      return table(
        show,
        ['patient_id', 'row_id'],
        rows.map(([id, ...row], i) => [id!, BigInt(i + 1), ...row]),
      );
    }
    const values = show.columns.map((_, j) => evaluate.patientValues(columns.get(columnName(at, j))!));
    const isThere = only ? evaluate.patientValues(only) : undefined;
    const rows = patients.map((id, i) => [id, ...values.map((column) => column[i]!)]);
    return table(show, ['patient_id'], isThere ? rows.filter((_, i) => isThere[i] === true) : rows);
  });
}

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

/** A dataset that holds everything shown beside what the definition's own dataset holds. */
function combine(shows: readonly Show[], definition: Data | undefined): DatasetDefinition | undefined {
  const dataset = definition?.kind === 'dataset' ? definition : undefined;
  const columns: NamedSeries[] = [...(dataset?.columns ?? [])];
  const eventTables = [...(dataset?.eventTables ?? [])];
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
  return { kind: 'dataset', population, columns, eventTables, dummyData: dataset?.dummyData ?? {} };
}

function table(show: Show, ids: readonly string[], rows: readonly (readonly Nullable[])[]): ShownTable {
  const { head, tail } = show;
  const columns = [...ids, ...show.columns.map((column) => column.name)];
  if (head === undefined && tail === undefined) return { show, columns, rows, total: rows.length };
  const start = rows.length - (tail ?? 0);
  const kept = rows.filter((_, i) => (head !== undefined && i < head) || (tail !== undefined && i >= start));
  return { show, columns, rows: kept, total: rows.length };
}

function withoutValues(show: Show): ShownTable {
  const unknown = dependsOnInterval(seriesOf(show))
    ? 'Its values depend on INTERVAL, which only has dates inside measures.'
    : 'It touches no table, so there are no patients to show it for.';
  return { show, columns: [], rows: [], total: 0, unknown };
}
