// Reads what a study promises of the columns of a table that it declares itself. Only engines and dummy data look at it, so a
// promise that is wrong costs a wrong dummy value or a refused output, never a wrong result.
import type { ColumnConstraint } from '../model/nodes.js';
import { boolean, fields, integer, list, Malformed, oneOf, text, wholeNumber, type Json } from './fields.js';

const kinds = ['NotNull', 'Unique', 'FirstOfMonth', 'Categorical', 'ClosedRange', 'GeneralRange', 'DateAfter'] as const;

export function constraints(value: Json, where: string): readonly ColumnConstraint[] {
  return list(value, where).map((item, i) => constraint(item, `${where}[${i}]`));
}

function constraint(value: Json, where: string): ColumnConstraint {
  const f = fields(value, where);
  const kind = oneOf(f.take('kind'), kinds, where);
  const read = (): ColumnConstraint => {
    switch (kind) {
      case 'Categorical':
        return { kind, values: list(f.take('values'), where).map((one) => bound(one, where)) };
      case 'ClosedRange': {
        // Ints beyond 2^53 come as text, and need not be exact here.
        const minimum = Number(wholeNumber(f.take('minimum'), where));
        const maximum = Number(wholeNumber(f.take('maximum'), where));
        const step = integer(f.take('step'), where);
        if (minimum > maximum || step < 1) throw new Malformed(where, 'the range holds no value');
        return { kind, minimum, maximum, step };
      }
      case 'GeneralRange':
        return {
          kind,
          minimum: bound(f.take('minimum'), where),
          maximum: bound(f.take('maximum'), where),
          includes_minimum: boolean(f.take('includes_minimum'), where),
          includes_maximum: boolean(f.take('includes_maximum'), where),
        };
      case 'DateAfter':
        return { kind, column_names: list(f.take('column_names'), where).map((name) => text(name, where)) };
      case 'NotNull':
      case 'Unique':
      case 'FirstOfMonth':
      default:
        return { kind };
    }
  };
  const result = read();
  f.end();
  return result;
}

/** A number, a text such as a date, or nothing. */
function bound(value: Json, where: string): string | number | null {
  if (value === null) return null;
  return typeof value === 'number' && Number.isFinite(value) ? value : text(value, where);
}
