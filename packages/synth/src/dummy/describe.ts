// A condition as a short text, close to what the definition says, for the report of a population that is hard to satisfy.
import type { Frame, Series } from '@glovebox/language';
import { baseTable } from './vocabulary.js';

const signs: Readonly<Record<string, string>> = {
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
  add_days: '+ days',
  add_months: '+ months',
  add_years: '+ years',
  difference_in_days: '- (days)',
  difference_in_months: '- (months)',
  difference_in_years: '- (years)',
};

export function describe(series: Series, depth = 0): string {
  if (depth > 5) return '...';
  const inner = (other: Series): string => describe(other, depth + 1);
  switch (series.kind) {
    case 'value':
      return typeof series.value === 'string' ? JSON.stringify(series.value) : String(series.value);
    case 'value_set':
      return series.values.length <= 3
        ? `[${series.values.map((value) => JSON.stringify(String(value))).join(', ')}]`
        : `a list of ${series.values.length} values`;
    case 'parameter':
      return series.name;
    case 'select_column':
      return `${describeFrame(series.source, depth)}.${series.name}`;
    case 'exists':
    case 'count':
      return `${describeFrame(series.source, depth)}.${series.kind}`;
    case 'in':
      return `${inner(series.left)} in ${inner(series.right)}`;
    case 'contains':
      return `${inner(series.left)} contains ${inner(series.right)}`;
    case 'is_null':
      return `${inner(series.source)} is null`;
    case 'not':
      return `not (${inner(series.source)})`;
    case 'case':
      return 'a case expression';
    case 'maximum_of':
    case 'minimum_of':
      return `${series.kind}(${series.sources.map(inner).join(', ')})`;
    default:
      if ('left' in series)
        return `(${inner(series.left)} ${signs[series.kind] ?? series.kind} ${inner(series.right)})`;
      return `${series.kind}(${inner(series.source)})`;
  }
}

function describeFrame(frame: Frame, depth: number): string {
  const base = baseTable(frame);
  const name = base.kind === 'table' ? base.name : base.kind === 'file_table' ? base.path : 'a table in the definition';
  const conditions: string[] = [];
  let step = frame;
  while (step.kind === 'filter' || step.kind === 'sort' || step.kind === 'pick') {
    if (step.kind === 'filter') conditions.unshift(describe(step.condition, depth + 1));
    step = step.source;
  }
  return conditions.length > 0 ? `${name}[${conditions.join(' & ')}]` : name;
}
