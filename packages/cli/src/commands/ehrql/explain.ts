// `glovebox ehrql explain`: what a definition touches and needs, before it is run anywhere: tables and columns, files, the
// permissions that a project must have, how it is run, and about how much work that is. Nothing is executed on data.
import {
  columnsUsed,
  definitionRoots,
  tablesUsed,
  topologicalOrder,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Node,
} from '@glovebox/language';
import type { Terminal } from '../../command-line.js';
import { estimate } from './estimate.js';
import { orExit } from './exit-codes.js';
import { loadDefinition } from './load-definition.js';
import { permissionsNeeded } from './permissions.js';
import { queryPlan, type PlannedStatement } from './query-plan.js';

type Definition = DatasetDefinition | MeasuresDefinition;

export interface ExplainOptions {
  readonly definition: string;
  readonly parameters: readonly string[];
  /** How many the estimate is for. */
  readonly patients: number;
}

export async function explain(options: ExplainOptions, terminal: Terminal): Promise<void> {
  const request = { file: options.definition, args: options.parameters, kind: 'any', isSecure: false } as const;
  const { definition: loaded, files, claimedPermissions } = await loadDefinition(request, terminal);
  const definition = loaded.kind === 'test' ? loaded.dataset : loaded;
  const sections = [
    ['result', resultOf(definition)],
    ['tables', tablesOf(definition)],
    [
      'files',
      filesOf(
        definition,
        files.filter((file) => file.isThere).map((file) => file.path),
      ),
    ],
    ['permissions', permissionsOf(definition, claimedPermissions)],
    ['query', stepsOf(definition)],
    ['plan', await orExit(() => planOf(definition))],
    ['estimate', estimateOf(definition, options.patients)],
  ] as const;
  terminal.out(sections.map(([title, lines]) => `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`).join('\n'));
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function resultOf(definition: Definition): readonly string[] {
  if (definition.kind === 'dataset') {
    const { columns, eventTables } = definition;
    const names = columns.map((column) => column.name).join(', ');
    return [
      `a dataset of ${counted(columns.length, 'column')} beside patient_id${names === '' ? '' : `: ${names}`}`,
      ...eventTables.map((table) => `the event table ${table.name}: ${table.columns.map((c) => c.name).join(', ')}`),
    ];
  }
  const { measures, disclosureControl } = definition;
  const intervals = new Set(
    measures.flatMap((measure) => measure.intervals.map(({ start, end }) => `${start} ${end}`)),
  );
  return [
    `${counted(measures.length, 'measure')} over ${counted(intervals.size, 'interval')}: ${measures.map((m) => m.name).join(', ')}`,
    disclosureControl ? 'small counts are hidden and others rounded' : 'counts are exact: disclosure control is off',
  ];
}

function tablesOf(definition: Definition): readonly string[] {
  const columns = columnsUsed(definitionRoots(definition));
  const lines = tablesUsed(definition).tables.map((table) => {
    const rows = table.rows === 'one' ? 'one row a patient' : 'many rows a patient';
    return `${table.name} (${rows}): ${columns.get(table)?.join(', ') || 'no columns, only whether there are rows'}`;
  });
  return lines.length === 0 ? ['none'] : lines;
}

function filesOf(definition: Definition, read: readonly string[]): readonly string[] {
  const rows = tablesUsed(definition).fileTables.map((table) => `${table.path} (rows of patients, read when it runs)`);
  return [...read, ...rows];
}

function permissionsOf(definition: Definition, claimed: readonly string[]): readonly string[] {
  const needed = permissionsNeeded(definition);
  if (needed.length === 0) return ['none needed'];
  return needed.map(({ permission, why }) => `${why}${claimed.includes(permission) ? ', claimed' : ', not claimed'}`);
}

/** How often each costly kind of step stands in the query; equal expressions are one step. */
function stepsOf(definition: Definition): readonly string[] {
  const nodes = topologicalOrder(definitionRoots(definition));
  const count = (...kinds: readonly Node['kind'][]): number => nodes.filter((n) => kinds.includes(n.kind)).length;
  const codes = nodes.reduce((sum, node) => sum + (node.kind === 'value_set' ? node.values.length : 0), 0);
  return [
    `${counted(nodes.length, 'step')}, each computed once`,
    `${counted(count('filter'), 'filter')}, ${counted(count('pick'), 'choice')} of one row a patient, ${counted(
      count('exists', 'count', 'count_distinct', 'min', 'max', 'sum', 'mean', 'combine_as_set', 'count_episodes'),
      'summary',
    ).replace('summarys', 'summaries')} of many rows`,
    `${counted(codes, 'value')} in lists`,
  ];
}

/** The statements in order; `dump-dataset-sql`, or a run with LOG_SQL set, prints their text. */
async function planOf(definition: Definition): Promise<readonly string[]> {
  const plan = await queryPlan(definition);
  const lines = plan.reduce((sum, { sql, kind }) => sum + (kind === 'query' ? sql.trimEnd().split('\n').length : 0), 0);
  return [`${counted(plan.length, 'statement')}, ${counted(lines, 'line')} of SQL`, ...numberedRuns(plan.map(doneBy))];
}

function doneBy({ sql, kind, reads }: PlannedStatement): string {
  if (kind === 'upload') return sql;
  if (sql.startsWith('DROP')) return 'drops a table';
  const made = /^CREATE TEMPORARY TABLE "([^"]+)"/.exec(sql)?.[1];
  const read = [...reads].map(([name, count]) => (count === 1 ? name : `${name} ${count} times`)).join(', ');
  return `${made === undefined ? 'query' : `makes ${made}`}${read === '' ? '' : `, reads ${read}`}`;
}

/** Lines with their numbers; of equal ones after each other only the first, with how many they are. */
function numberedRuns(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line, at) => {
    if (at > 0 && lines[at - 1] === line) return [];
    const next = lines.findIndex((other, place) => place > at && other !== line);
    const count = (next === -1 ? lines.length : next) - at;
    return [`${String(at + 1).padStart(3)}. ${line}${count === 1 ? '' : ` (${count} such)`}`];
  });
}

function estimateOf(definition: Definition, patients: number): readonly string[] {
  const { rowsRead, rowsMade, processorSeconds } = estimate(definition, patients);
  const number = (value: number): string => value.toLocaleString('en-GB');
  const time =
    processorSeconds < 120
      ? `${Math.max(1, Math.round(processorSeconds))} s`
      : `${Math.round(processorSeconds / 60)} minutes`;
  return [
    `for ${number(patients)} patients, from the shape of the definition alone:`,
    ...[...rowsRead].map(([name, rows]) => `${name}: about ${number(rows)} rows`),
    rowsMade === undefined
      ? 'result: as many rows as its groups have values'
      : `result: at most ${number(rowsMade)} rows`,
    `about ${time} of one processor; a third or three times as much would be no surprise`,
  ];
}
