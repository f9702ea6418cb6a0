// A rough guess of what a definition's query comes to, from its shape alone: rows that are read, rows that come out, time of
// a processor. How many rows a patient has of each table is that of the synthetic database, which is like a population's; the
// rates are those of DuckDB on the definition of `npm run bench:startup`. A real database may be three times off either way.
import {
  categoriesOf,
  definitionRoots,
  isFrame,
  topologicalOrder,
  tablesUsed,
  typeOf,
  type DatasetDefinition,
  type Frame,
  type MeasuresDefinition,
  type Node,
  type Series,
} from '@glovebox/language';

export interface Estimate {
  /** By table, for the number of patients asked for. */
  readonly rowsRead: ReadonlyMap<string, number>;
  /** The most rows of the result; undefined where a group has no known number of values. */
  readonly rowsMade: number | undefined;
  readonly processorSeconds: number;
}

/** Rows a patient, where there can be many. */
const rowsOfPatient: Readonly<Record<string, number>> = {
  addresses: 1.7,
  appointments: 7,
  clinical_events: 20,
  clinical_events_ranges: 8,
  medications: 12,
  medications_raw: 12,
  opa: 3,
  opa_cost: 3,
  practice_registrations: 1.8,
  repeat_medications_raw: 2,
  vaccinations: 5,
};
const rowsOfPatientElsewhere = 1.5;

/** Rows taken into one summary, and cells written, in a second of a processor. */
const [summariesPerSecond, cellsPerSecond] = [25_000_000, 10_000_000];

/** What is worked out again for each interval costs this part of a run of its own, since the table is read once. */
const partOfInterval = 1 / 13;

/** @param patients how many the database has */
export function estimate(definition: DatasetDefinition | MeasuresDefinition, patients: number): Estimate {
  const { tables } = tablesUsed(definition);
  const rowsRead = new Map(
    tables.map(({ name, rows }) => {
      const each = rows === 'one' ? 1 : (rowsOfPatient[name] ?? rowsOfPatientElsewhere);
      return [name, Math.round(patients * each)];
    }),
  );
  const summaries = summariesByTable(topologicalOrder(definitionRoots(definition)));
  const intervals =
    definition.kind === 'dataset' ? 1 : Math.max(1, ...definition.measures.map((m) => m.intervals.length));
  const again = 1 + (intervals - 1) * partOfInterval;
  const read = [...rowsRead].reduce((sum, [name, rows]) => sum + rows * (1 + (summaries.get(name) ?? 0) * again), 0);
  const { rows, columns } = result(definition, patients);
  const written = ((rows ?? patients) * columns) / cellsPerSecond;
  return { rowsRead, rowsMade: rows, processorSeconds: read / summariesPerSecond + written };
}

function summariesByTable(nodes: readonly Node[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const node of nodes) {
    const source = summarised(node);
    if (source === undefined) continue;
    let frame: Node = source;
    while ('source' in frame) frame = frame.source;
    if (frame.kind === 'table') found.set(frame.name, (found.get(frame.name) ?? 0) + 1);
  }
  return found;
}

/** What a node sums up, or picks from, over many rows. */
function summarised(node: Node): Frame | Series | undefined {
  switch (node.kind) {
    case 'pick':
    case 'exists':
    case 'count':
    case 'count_distinct':
    case 'min':
    case 'max':
    case 'sum':
    case 'mean':
    case 'combine_as_set':
    case 'count_episodes':
      return isFrame(node.source) || 'source' in node.source ? node.source : undefined;
    default:
      return undefined;
  }
}

function result(definition: DatasetDefinition | MeasuresDefinition, patients: number) {
  if (definition.kind === 'dataset') return { rows: patients, columns: definition.columns.length + 1 };
  let rows: number | undefined = 0;
  for (const { groupBy, intervals } of definition.measures) {
    const counts = groupBy.map(({ series }) => valuesOf(series));
    const groups = counts.reduce<number | undefined>(
      (all, n) => (all === undefined || n === undefined ? undefined : all * n),
      1,
    );
    rows =
      rows === undefined || groups === undefined ? undefined : rows + Math.min(groups, patients) * intervals.length;
  }
  return { rows, columns: 6 + new Set(definition.measures.flatMap((m) => m.groupBy.map(({ name }) => name))).size };
}

/** How many different values a group can have, NULL among them. */
function valuesOf(series: Series): number | undefined {
  if (typeOf(series) === 'bool') return 3;
  const categories = categoriesOf(series);
  return categories === undefined ? undefined : categories.length + 1;
}
