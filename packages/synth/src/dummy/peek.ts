// What a series is already known to be, for a patient who isn't finished: undefined while it depends on a choice to come.
import { applyBinary, applyUnary } from '@glovebox/engines';
import type { Frame, Nullable, Scalar, Series } from '@glovebox/language';
import type { Draft, DraftRow } from './draft.js';
import { baseTable } from './vocabulary.js';

export function peek(draft: Draft, series: Series, row?: DraftRow): Nullable | undefined {
  if (draft.budget-- <= 0) return undefined;
  const settled = draft.settled.get(series);
  if (settled !== undefined) return settled;
  const at = (other: Series): Nullable | undefined => peek(draft, other, row);
  switch (series.kind) {
    case 'value':
      return series.value;
    case 'value_set':
    case 'parameter':
    case 'combine_as_set':
      return undefined;
    case 'select_column':
      return columnValue(draft, series.source, series.name, row);
    case 'exists':
      return hasNoRows(draft, series.source) ? false : undefined;
    case 'count':
    case 'count_distinct':
    case 'count_episodes':
    case 'min':
    case 'max':
    case 'sum':
    case 'mean':
      return undefined;
    case 'and':
    case 'or': {
      const [left, right] = [at(series.left), at(series.right)];
      const decides = series.kind === 'or';
      if (left === decides || right === decides) return decides;
      return left === undefined || right === undefined ? undefined : applyBinary(series.kind, left, right);
    }
    case 'in': {
      if (series.right.kind !== 'value_set') return undefined;
      if (series.right.values.length === 0) return false;
      const value = at(series.left);
      return value === undefined || value === null ? value : series.right.values.includes(value);
    }
    case 'maximum_of':
    case 'minimum_of': {
      const values = series.sources.map(at);
      if (values.includes(undefined)) return undefined;
      const known = values.filter((value): value is Scalar => value !== null && value !== undefined);
      const isBetter = (a: Scalar, b: Scalar): boolean => (series.kind === 'maximum_of' ? a > b : a < b);
      return known.reduce<Nullable>((best, value) => (best === null || isBetter(value, best) ? value : best), null);
    }
    case 'case': {
      for (const { when, then } of series.cases) {
        const isCase = at(when);
        if (isCase === undefined) return undefined;
        if (isCase === true) return then && at(then);
      }
      return series.otherwise && at(series.otherwise);
    }
    default: {
      if ('left' in series) {
        const left = at(series.left);
        const right = left === undefined ? undefined : at(series.right);
        return left === undefined || right === undefined ? undefined : applyBinary(series.kind, left, right);
      }
      const value = at(series.source);
      return value === undefined ? undefined : applyUnary(series.kind, value);
    }
  }
}

function hasNoRows(draft: Draft, frame: Frame): boolean {
  if (draft.settled.get(frame) === null) return true;
  const table = baseTable(frame);
  if (table.kind === 'inline_table') return !table.rows.some(([id]) => id === draft.id);
  return table.kind === 'table' && draft.absent.has(table.name);
}

function columnValue(draft: Draft, frame: Frame, name: string, row: DraftRow | undefined): Nullable | undefined {
  if (hasNoRows(draft, frame)) return null;
  if (frame.kind === 'inline_table') {
    const found = frame.rows.findLast(([id]) => id === draft.id);
    return found?.[1 + frame.columns.findIndex((column) => column.name === name)] ?? null;
  }
  if (frame.kind === 'pick') return draft.picked.get(frame)?.values.get(name);
  if (frame.kind === 'table' && frame.rows === 'one') return draft.rowsOf(frame.name)[0]?.values.get(name);
  return row?.values.get(name);
}
