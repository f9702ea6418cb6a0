// A series or a frame as a short text, close to what the definition says, for reports to its author. Deep expressions and long
// lists are left out: it is for people, and no way back to the model.
import type { Frame, Series } from './nodes.js';
import { sortKeys } from './ties.js';

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

/** @param depth how deep in a text the series stands; only what is near the top is spelled out */
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
  const conditions: string[] = [];
  let step = frame;
  while (step.kind === 'filter' || step.kind === 'sort' || step.kind === 'pick') {
    if (step.kind === 'filter') conditions.unshift(describe(step.condition, depth + 1));
    step = step.source;
  }
  const name = nameOf(step);
  return conditions.length > 0 ? `${name}[${conditions.join(' & ')}]` : name;
}

function nameOf(frame: Frame): string {
  if (frame.kind === 'table') return frame.name;
  return frame.kind === 'file_table' ? frame.path : 'a table in the definition';
}

/**
 * What the last step of a frame does; its earlier steps are frames of their own.
 *
 * @example
 * describeStep(latest); // the last row of each patient, sorted by clinical_events.date
 */
export function describeStep(frame: Frame): string {
  switch (frame.kind) {
    case 'filter':
      return `rows where ${inChain(describe(frame.condition), frame)}`;
    case 'sort':
      return `sorted by ${inChain(describe(frame.by), frame)}`;
    case 'pick': {
      const keys = sortKeys(frame).map((key) => inChain(describe(key), frame));
      return `the ${frame.position} row of each patient, sorted by ${keys.join(', then ')}`;
    }
    default:
      return nameOf(frame);
  }
}

/** A column of an earlier step of the same frame is a column of its table. */
function inChain(text: string, frame: Frame): string {
  const earlier: string[] = [];
  let step = frame;
  while (step.kind === 'filter' || step.kind === 'sort' || step.kind === 'pick') {
    step = step.source;
    earlier.push(describeFrame(step, 1));
  }
  return earlier.reduce((short, long) => short.replaceAll(`${long}.`, `${nameOf(step)}.`), text);
}
