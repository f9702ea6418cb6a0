// A generated example as text: its data and its definition as a researcher would write them, for the report of a failure.
import {
  tablesUsed,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Node,
  type Nullable,
} from '@glovebox/language';
import type { TableRows, Tables } from '../tables.js';

const operators: Readonly<Record<string, string>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  and: '&',
  or: '|',
  add: '+',
  subtract: '-',
  multiply: '*',
  true_divide: '/',
  floor_divide: '//',
  power: '**',
};
const addUnits: Readonly<Record<string, string>> = { add_days: 'days', add_months: 'months', add_years: 'years' };

function literal(value: Nullable): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** One series or frame. */
export function nodeText(node: Node): string {
  const text = nodeText;
  switch (node.kind) {
    case 'table':
      return node.name;
    case 'inline_table':
      return 'inline';
    case 'file_table':
      return 'file';
    case 'filter':
      return `${text(node.source)}.where(${text(node.condition)})`;
    case 'sort':
      return `${text(node.source)}.sort_by(${text(node.by)})`;
    case 'pick':
      return `${text(node.source)}.${node.position}_for_patient()`;
    case 'value':
      return literal(node.value);
    case 'value_set':
      return `[${node.values.map(literal).join(', ')}]`;
    case 'parameter':
      return node.name === 'interval_start_date' ? 'INTERVAL.start_date' : 'INTERVAL.end_date';
    case 'select_column':
      return `${text(node.source)}.${node.name}`;
    case 'combine_as_set':
      return text(node.source);
    case 'count_episodes':
      return `(${text(node.source)}).count_episodes_for_patient(days(${node.maximumGapDays}))`;
    case 'exists':
    case 'count':
    case 'count_distinct':
    case 'min':
    case 'max':
    case 'sum':
    case 'mean':
      return `(${text(node.source)}).${node.kind}_for_patient()`;
    case 'maximum_of':
    case 'minimum_of':
      return `${node.kind}(${node.sources.map(text).join(', ')})`;
    case 'case': {
      const cases = node.cases.map(({ when, then }) => `when(${text(when)}).then(${then ? text(then) : 'None'})`);
      return `case(${cases.join(', ')}, otherwise=${node.otherwise ? text(node.otherwise) : 'None'})`;
    }
    default: {
      if (!('left' in node)) return `(${text(node.source)}).${node.kind}()`;
      const [left, right] = [text(node.left), text(node.right)];
      const unit = addUnits[node.kind];
      if (unit !== undefined) return `(${left} + ${unit}(${right}))`;
      if (node.kind.startsWith('difference_in_')) return `(${left} - ${right}).${node.kind.slice(14)}`;
      const operator = operators[node.kind];
      if (operator !== undefined) return `(${left} ${operator} ${right})`;
      return `(${left}).${node.kind === 'in' ? 'is_in' : node.kind}(${right})`;
    }
  }
}

function tableText(name: string, { columns, rows }: Pick<TableRows, 'columns' | 'rows'>): string {
  const lines = [['patient_id', ...columns.map((column) => column.name)], ...rows.map((row) => row.map(literal))];
  return [name, ...lines.map((cells) => cells.join(' | '))].join('\n');
}

/** The tables that the definition uses, and the definition. */
export function exampleText(definition: DatasetDefinition | MeasuresDefinition, tables: Tables): string {
  const used = tablesUsed(definition);
  const data = [
    ...used.tables.map(({ name, columns }) => tableText(name, tables.get(name) ?? { columns, rows: [] })),
    ...used.inlineTables.map((table) => tableText('inline', table)),
  ];
  const lines =
    definition.kind === 'dataset'
      ? [
          `dataset.define_population(${nodeText(definition.population)})`,
          ...definition.columns.map(({ name, series }) => `dataset.${name} = ${nodeText(series)}`),
          ...definition.eventTables.flatMap((table) =>
            table.columns.map(({ name, series }) => `${table.name}.${name} = ${nodeText(series)}`),
          ),
        ]
      : [
          `# disclosure control ${definition.disclosureControl ? 'on' : 'off'}`,
          ...definition.measures.flatMap((measure) => [
            `${measure.name}: numerator ${nodeText(measure.numerator)}`,
            `  denominator ${nodeText(measure.denominator)}`,
            ...measure.groupBy.map(({ name, series }) => `  group ${name} ${nodeText(series)}`),
            `  intervals ${measure.intervals.map(({ start, end }) => `${start}..${end}`).join(' ')}`,
          ]),
        ];
  return [...data, lines.join('\n')].join('\n\n');
}
