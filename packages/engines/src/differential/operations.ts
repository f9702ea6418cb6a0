// Functions of the query model as ways to make a series of a wanted type from series of other types.
import type { Node, Series } from '@glovebox/language';
import { basicKinds, kinds, oneOf, orderedKinds, parts, type Draw, type Kind, type Values } from './values.js';

export interface Making {
  readonly draw: Draw;
  readonly values: Values;
  readonly share: <N extends Node>(node: N) => N;
  readonly literal: (kind: Kind) => Series;
}

/** Makes a series that an operation needs, in the rows that it is about. */
export type Of = (kind: Kind) => Series;

/**
 * An operation that gives the wanted type. The first series that it asks for is always one of `of`, never a constant.
 *
 * @param setOf makes the values of other rows of the patient as a set; absent where that would go too deep.
 */
export function operation(making: Making, kind: Kind, of: Of, setOf?: Of): Series {
  const { draw, share, literal } = making;
  const choose = oneOf(draw);
  switch (draw(12)) {
    case 0:
      return generalCase(making, kind, of);
    case 1: {
      if (!orderedKinds.includes(kind)) break;
      const sources = [of(kind), of(kind), ...(draw(2) === 0 ? [literal(kind)] : [])];
      return share({ kind: choose(['maximum_of', 'minimum_of'] as const), sources });
    }
    case 2:
      return mapping(making, kind, of);
    case 3: {
      const value = of(kind);
      const isKnown = share<Series>({ kind: 'not', source: share({ kind: 'is_null', source: value }) });
      return share({ kind: 'case', cases: [{ when: isKnown, then: value }], otherwise: of(kind) });
    }
  }
  switch (kind) {
    case 'bool':
      return condition(making, of, setOf);
    case 'int':
      return integer(making, of);
    case 'float':
      return float(making, of);
    case 'date':
      if (draw(4) === 0)
        return share({ kind: choose(['to_first_of_year', 'to_first_of_month'] as const), source: of('date') });
      return share({
        kind: choose(['add_days', 'add_months', 'add_years'] as const),
        left: of('date'),
        right: of('int'),
      });
    default:
      return draw(2) === 0 ? mapping(making, kind, of) : generalCase(making, kind, of);
  }
}

function generalCase({ draw, share }: Making, kind: Kind, of: Of): Series {
  const then = of(kind);
  const cases = [
    { when: of('bool'), then },
    { when: of('bool'), then: draw(2) === 0 ? null : of(kind) },
  ];
  return share({ kind: 'case', cases, otherwise: draw(2) === 0 ? null : of(kind) });
}

/** One value to another, as `map_values` and `to_category` say it. */
function mapping({ draw, share, literal }: Making, kind: Kind, of: Of): Series {
  const from = oneOf(draw)(basicKinds);
  const source = of(from);
  const cases = Array.from({ length: 1 + draw(3) }, (_, at) => ({
    when: share<Series>({ kind: 'eq', left: source, right: literal(from) }),
    then: at > 0 && draw(4) === 0 ? null : literal(kind),
  }));
  return share({ kind: 'case', cases, otherwise: draw(2) === 0 ? null : literal(kind) });
}

function condition(making: Making, of: Of, setOf: Of | undefined): Series {
  const { draw, share } = making;
  const choose = oneOf(draw);
  switch (draw(9)) {
    case 0:
      return share({ kind: 'not', source: of('bool') });
    case 1:
      return share({ kind: 'is_null', source: of(choose(kinds)) });
    case 2:
      return isInConstants(making, of);
    case 3: {
      const left = of(choose(['str', 'ICD10MultiCodeString'] as const));
      const right = share<Series>({ kind: 'value', type: 'str', value: choose(parts) });
      return share({ kind: 'contains', left, right: draw(3) === 0 ? of('str') : right });
    }
    case 4:
      if (setOf) {
        const set = choose(kinds);
        return share({ kind: 'in', left: of(set), right: setOf(set) });
      }
      return share({ kind: choose(['eq', 'ne'] as const), left: of('bool'), right: of('bool') });
    case 5:
    case 6:
      return share({ kind: choose(['and', 'or'] as const), left: of('bool'), right: of('bool') });
    case 7: {
      const operand = choose(kinds);
      return share({ kind: choose(['eq', 'ne'] as const), left: of(operand), right: of(operand) });
    }
    default: {
      const operand = choose(orderedKinds);
      return share({ kind: choose(['lt', 'le', 'gt', 'ge'] as const), left: of(operand), right: of(operand) });
    }
  }
}

/** Sets without members, small ones, and ones too long to spell out. */
function isInConstants({ draw, values, share }: Making, of: Of): Series {
  const choose = oneOf(draw);
  const kind = choose(kinds);
  const size = choose([0, 1, 3, 20]);
  const drawn = Array.from({ length: Math.min(size, 4) }, () => choose(values[kind]));
  const many = size < 20 ? [] : Array.from({ length: size }, (_, at) => at);
  const more =
    kind === 'int'
      ? many.map(BigInt)
      : kind === 'str' || kind === 'SNOMEDCTCode'
        ? many.map((at) => `${1_000_000 + at}`)
        : [];
  const members = [...new Set([...drawn, ...more])];
  return share({
    kind: 'in',
    left: of(kind),
    right: share<Series>({ kind: 'value_set', type: kind, values: members }),
  });
}

function integer({ draw, share, literal }: Making, of: Of): Series {
  const choose = oneOf(draw);
  switch (draw(9)) {
    case 0:
      return share({ kind: choose(['negate', 'absolute'] as const), source: of('int') });
    case 1:
      return share({ kind: 'cast_to_int', source: of(choose(['bool', 'float', 'int'] as const)) });
    case 2:
      return share({ kind: choose(['year', 'month', 'day'] as const), source: of('date') });
    case 3:
      return share({
        kind: choose(['difference_in_days', 'difference_in_months', 'difference_in_years'] as const),
        left: of('date'),
        right: of('date'),
      });
    case 4: {
      const operand = choose(['int', 'float'] as const);
      return share({ kind: 'floor_divide', left: of(operand), right: draw(2) === 0 ? literal(operand) : of(operand) });
    }
    case 5: {
      // Weeks between dates.
      const left = share<Series>({ kind: 'difference_in_days', left: of('date'), right: of('date') });
      return share({ kind: 'floor_divide', left, right: share({ kind: 'value', type: 'int', value: 7n }) });
    }
    case 6: {
      // What is left of a division.
      const [left, right] = [of('int'), of('int')];
      const quotient = share<Series>({ kind: 'floor_divide', left, right });
      return share({ kind: 'subtract', left, right: share<Series>({ kind: 'multiply', left: quotient, right }) });
    }
    default:
      return share({ kind: choose(['add', 'subtract', 'multiply'] as const), left: of('int'), right: of('int') });
  }
}

function float({ draw, share }: Making, of: Of): Series {
  const choose = oneOf(draw);
  const operand = choose(['int', 'float'] as const);
  switch (draw(6)) {
    case 0:
      return share({ kind: 'cast_to_float', source: of(operand) });
    case 1:
      return share({ kind: 'true_divide', left: of(operand), right: of(operand) });
    case 2:
      return share({ kind: choose(['negate', 'absolute'] as const), source: of('float') });
    case 3: {
      const left = of(operand);
      const exponent = operand === 'int' ? choose([-1n, 0n, 2n, 3n]) : choose([-1, 0, 0.5, 2, 3]);
      const constant = share<Series>({ kind: 'value', type: operand, value: exponent });
      return share({ kind: 'power', left, right: draw(3) === 0 ? of(operand) : constant });
    }
    default:
      return share({ kind: choose(['add', 'subtract', 'multiply'] as const), left: of('float'), right: of('float') });
  }
}
