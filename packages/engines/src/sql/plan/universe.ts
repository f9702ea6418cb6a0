// Which patients a population can possibly hold. A population is never true for a patient without any row, so the
// patients of the tables it reads are enough; and when it can't be true without a row in one particular table, that
// table's patients are. The proof supposes that table empty and everything else unknown.
import type { Frame, InlineTable, Series, Table } from '@glovebox/language';
import { operandOrder, operandsOf } from './graph.js';

export type SourceTable = Table | InlineTable;

/** What a condition may come to; a value that isn't a condition is `isNull` or unknown. */
interface Outcomes {
  readonly mayBeTrue: boolean;
  readonly mayBeFalse: boolean;
  readonly mayBeNull: boolean;
  /** Surely NULL, for values of any type. */
  readonly isNull: boolean;
}
const unknown: Outcomes = { mayBeTrue: true, mayBeFalse: true, mayBeNull: true, isNull: false };
const surelyNull: Outcomes = { mayBeTrue: false, mayBeFalse: false, mayBeNull: true, isNull: true };
const surelyFalse: Outcomes = { mayBeTrue: false, mayBeFalse: true, mayBeNull: false, isNull: false };
const surelyTrue: Outcomes = { mayBeTrue: true, mayBeFalse: false, mayBeNull: false, isNull: false };

/** The table that a frame's rows come from. */
export function sourceOf(frame: Frame): SourceTable {
  let step = frame;
  while (step.kind === 'filter' || step.kind === 'sort' || step.kind === 'pick') step = step.source;
  if (step.kind === 'file_table') throw new Error('a table in a file must be read before planning');
  return step;
}

/** Whether a condition is never true for a patient without a row in `table`. */
export function impliesRowIn(condition: Series, table: SourceTable): boolean {
  const outcomes = new Map<Series, Outcomes>();
  for (const node of operandOrder([condition], () => false)) outcomes.set(node, outcomesOf(node, table, outcomes));
  return !outcomes.get(condition)!.mayBeTrue;
}

const strictKinds = new Set<Series['kind']>([
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'add',
  'subtract',
  'multiply',
  'true_divide',
  'floor_divide',
  'power',
  'add_days',
  'add_months',
  'add_years',
  'difference_in_days',
  'difference_in_months',
  'difference_in_years',
  'contains',
  'negate',
  'absolute',
  'cast_to_int',
  'cast_to_float',
  'year',
  'month',
  'day',
  'to_first_of_year',
  'to_first_of_month',
]);

function outcomesOf(node: Series, table: SourceTable, of: ReadonlyMap<Series, Outcomes>): Outcomes {
  const get = (operand: Series): Outcomes => of.get(operand)!;
  if (strictKinds.has(node.kind)) {
    return operandsOf(node).some((operand) => get(operand).isNull) ? surelyNull : unknown;
  }
  switch (node.kind) {
    case 'value':
      if (node.value === true) return surelyTrue;
      return node.value === false ? surelyFalse : unknown;
    case 'select_column':
      return sourceOf(node.source) === table ? surelyNull : unknown;
    case 'exists':
      return sourceOf(node.source) === table ? surelyFalse : { ...unknown, mayBeNull: false };
    case 'min':
    case 'max':
    case 'sum':
    case 'mean':
      return tableOfRows(node.source) === table ? surelyNull : unknown;
    case 'is_null': {
      const { isNull } = get(node.source);
      return isNull ? surelyTrue : { ...unknown, mayBeNull: false };
    }
    case 'not': {
      const inner = get(node.source);
      return { ...inner, mayBeTrue: inner.mayBeFalse, mayBeFalse: inner.mayBeTrue };
    }
    case 'and':
    case 'or': {
      const [a, b] = [get(node.left), get(node.right)];
      const every = node.kind === 'and';
      return {
        mayBeTrue: every ? a.mayBeTrue && b.mayBeTrue : a.mayBeTrue || b.mayBeTrue,
        mayBeFalse: every ? a.mayBeFalse || b.mayBeFalse : a.mayBeFalse && b.mayBeFalse,
        mayBeNull: a.mayBeNull || b.mayBeNull,
        isNull: false,
      };
    }
    case 'in':
      return get(node.left).isNull && node.right.kind === 'value_set' && node.right.values.length > 0
        ? surelyNull
        : { ...unknown };
    default:
      return unknown;
  }
}

/** The table of the rows that an event series is about. */
function tableOfRows(series: Series): SourceTable | undefined {
  for (const node of operandOrder([series], () => false)) {
    if (node.kind !== 'select_column') continue;
    const source = sourceOf(node.source);
    if (node.source.kind !== 'pick' && source.kind === 'table' && source.rows === 'many') return source;
  }
  return undefined;
}
