// Reads the fields of one JSON object strictly: a field that is missing, of another shape or not asked for is refused.
// The document may come from a hostile definition, so nothing in it is believed and no message repeats more of it
// than a short piece.
import { isIsoDate } from '../model/date.js';
import type { Nullable, Scalar, SeriesType } from '../model/nodes.js';
import { isCode } from '../model/codes.js';
import { isCodeType, isSeriesType, storageOf } from '../model/types.js';

/** Thrown while reading; the message says where in the document and what was expected there. */
export class Malformed extends Error {
  readonly where: string;
  constructor(where: string, message: string) {
    super(message);
    this.where = where;
  }
}

export type Json = unknown;

/** One object of the document; `take` marks a field as read and `end` refuses what is left. */
export interface Fields {
  readonly where: string;
  take(name: string): Json;
  has(name: string): boolean;
  end(): void;
}

export function fields(value: Json, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Malformed(where, 'expected an object');
  const record = value as Record<string, unknown>;
  const taken = new Set<string>();
  const has = (name: string): boolean => Object.hasOwn(record, name);
  return {
    where,
    has,
    take(name) {
      if (!has(name)) throw new Malformed(where, `the field ${name} is missing`);
      taken.add(name);
      return record[name];
    },
    end() {
      const extra = Object.keys(record).find((name) => !taken.has(name));
      if (extra !== undefined) throw new Malformed(where, `the field ${short(extra)} is not known`);
    },
  };
}

/** A short, quoted piece of an untrusted value. */
export function short(value: Json): string {
  const text = typeof value === 'string' ? value : value === undefined ? 'nothing' : typeof value;
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

export function list(value: Json, where: string): readonly Json[] {
  if (!Array.isArray(value)) throw new Malformed(where, 'expected a list');
  return value as readonly Json[];
}

export function pair(value: Json, where: string): readonly [Json, Json] {
  const items = list(value, where);
  if (items.length !== 2) throw new Malformed(where, 'expected a list of two');
  return [items[0], items[1]];
}

const surrogate = /\p{Surrogate}/u;

/** Text that can be stored and printed anywhere: no lone surrogates, no NUL. */
export function text(value: Json, where: string): string {
  if (typeof value !== 'string') throw new Malformed(where, `expected text, got ${short(value)}`);
  if (value.includes('\0') || surrogate.test(value))
    throw new Malformed(where, 'the text holds characters that are not text');
  return value;
}

export function oneOf<const T extends string>(value: Json, choices: readonly T[], where: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Malformed(where, `expected one of ${choices.join(', ')}, got ${short(value)}`);
  return found;
}

export function integer(value: Json, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Malformed(where, 'expected a whole number');
  return value;
}

export function boolean(value: Json, where: string): boolean {
  if (typeof value !== 'boolean') throw new Malformed(where, 'expected true or false');
  return value;
}

const resultName = /^[A-Za-z][A-Za-z0-9_]{0,199}$/;

/** The name of an output column, measure or group. */
export function outputName(value: Json, where: string): string {
  const name = text(value, where);
  if (!resultName.test(name))
    throw new Malformed(where, `${short(name)} is not a name of letters, digits and underscores`);
  return name;
}

export function seriesType(value: Json, where: string): SeriesType {
  if (!isSeriesType(value)) throw new Malformed(where, `${short(value)} is not a type`);
  return value;
}

const largest = 2n ** 63n;
const namedFloats = new Map<unknown, number>([
  ['nan', NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
]);

/** A constant of the given type, from its JSON form. */
export function scalar(value: Json, type: SeriesType, where: string): Scalar {
  switch (storageOf(type)) {
    case 'boolean':
      return boolean(value, where);
    case 'bigint': {
      const number = wholeNumber(value, where);
      if (number < -largest || number >= largest) throw new Malformed(where, 'the int does not fit 64 bits');
      return number;
    }
    case 'number': {
      if (typeof value === 'number') return value;
      const named = namedFloats.get(value);
      if (named === undefined) throw new Malformed(where, `expected a float, got ${short(value)}`);
      return named;
    }
    case 'string':
    default: {
      const string = text(value, where);
      if (type === 'date' && !isIsoDate(string)) throw new Malformed(where, `${short(string)} is not a date`);
      if (isCodeType(type) && !isCode(type, string)) throw new Malformed(where, `${short(string)} is not a ${type}`);
      return string;
    }
  }
}

export function nullable(value: Json, type: SeriesType, where: string): Nullable {
  return value === null ? null : scalar(value, type, where);
}

/** An int: a JSON number while that is exact, else decimal digits as text. */
export function wholeNumber(value: Json, where: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,40}$/.test(value)) return BigInt(value);
  throw new Malformed(where, `expected an int, got ${short(value)}`);
}
