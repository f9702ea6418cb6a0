// `glovebox ehrql explain`: what a definition touches and needs, before it is run anywhere: tables and columns, files, the
// permissions that a project must have, and how much work the query is. Nothing is executed on data.
import { printDatasetSql, withFileTables } from '@glovebox/engines';
import {
  columnsUsed,
  definitionRoots,
  tablesUsed,
  topologicalOrder,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Node,
} from '@glovebox/language';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { exitCodes, orExit } from './exit-codes.js';
import { loadDefinition } from './load-definition.js';
import { permissionsNeeded } from './permissions.js';

export interface ExplainOptions {
  readonly definition: string;
  readonly parameters: readonly string[];
  /** How many the estimate is for. */
  readonly patients: number;
}

export async function explain(options: ExplainOptions, terminal: Terminal): Promise<void> {
  const request = { file: options.definition, args: options.parameters, kind: 'any', isSecure: false } as const;
  const { definition, files, claimedPermissions } = await loadDefinition(request, terminal);
  if (definition.kind === 'test') throw new CommandFailure(exitCodes.definition, []);
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
    ['query', [...(await orExit(() => queryOf(definition)))]],
  ] as const;
  terminal.out(sections.map(([title, lines]) => `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`).join('\n'));
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function resultOf(definition: DatasetDefinition | MeasuresDefinition): readonly string[] {
  if (definition.kind === 'dataset') {
    const { columns, eventTables } = definition;
    const names = columns.map((column) => column.name).join(', ');
    return [
      `a dataset of ${counted(columns.length, 'column')} beside patient_id${names === '' ? '' : `: ${names}`}`,
      ...eventTables.map((table) => `the event table ${table.name}: ${table.columns.map((c) => c.name).join(', ')}`),
    ];
  }
  const { measures, disclosureControl } = definition;
  const intervals = measures.reduce((sum, measure) => sum + measure.intervals.length, 0);
  return [
    `${counted(measures.length, 'measure')} over ${counted(intervals, 'interval')}: ${measures.map((m) => m.name).join(', ')}`,
    disclosureControl ? 'small counts are hidden and others rounded' : 'counts are exact: disclosure control is off',
  ];
}

function tablesOf(definition: DatasetDefinition | MeasuresDefinition): readonly string[] {
  const columns = columnsUsed(definitionRoots(definition));
  const lines = tablesUsed(definition).tables.map((table) => {
    const rows = table.rows === 'one' ? 'one row a patient' : 'many rows a patient';
    return `${table.name} (${rows}): ${columns.get(table)?.join(', ') || 'no columns, only whether there are rows'}`;
  });
  return lines.length === 0 ? ['none'] : lines;
}

function filesOf(definition: DatasetDefinition | MeasuresDefinition, read: readonly string[]): readonly string[] {
  const rows = tablesUsed(definition).fileTables.map((table) => `${table.path} (rows of patients, read when it runs)`);
  return [...read, ...rows];
}

function permissionsOf(
  definition: DatasetDefinition | MeasuresDefinition,
  claimed: readonly string[],
): readonly string[] {
  const needed = permissionsNeeded(definition);
  if (needed.length === 0) return ['none needed'];
  return needed.map(({ permission, why }) => `${why}${claimed.includes(permission) ? ', claimed' : ', not claimed'}`);
}

/** How often each costly kind of step stands in the query; equal expressions are one step. */
async function queryOf(definition: DatasetDefinition | MeasuresDefinition): Promise<readonly string[]> {
  const nodes = topologicalOrder(definitionRoots(definition));
  const count = (...kinds: readonly Node['kind'][]): number => nodes.filter((n) => kinds.includes(n.kind)).length;
  const codes = nodes.reduce((sum, node) => sum + (node.kind === 'value_set' ? node.values.length : 0), 0);
  const lines = [
    `${counted(nodes.length, 'step')}, each computed once`,
    `${counted(count('filter'), 'filter')}, ${counted(count('pick'), 'choice')} of one row a patient, ${counted(
      count('exists', 'count', 'count_distinct', 'min', 'max', 'sum', 'mean', 'combine_as_set', 'count_episodes'),
      'summary',
    ).replace('summarys', 'summaries')} of many rows`,
    `${counted(codes, 'value')} in lists`,
  ];
  if (definition.kind === 'measures') return lines;
  const sql = printDatasetSql(await withFileTables(definition, process.cwd()));
  return [...lines, `${counted(sql.trimEnd().split('\n').length, 'line')} of SQL (\`dump-dataset-sql\` prints them)`];
}
