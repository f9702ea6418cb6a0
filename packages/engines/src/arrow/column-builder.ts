// Collects the values of one column of a batch straight into the buffers of the Arrow format, so that no list of a batch's
// values is ever held.
import type { Data, DataType, Field, Vector } from 'apache-arrow';
import { storageOf, type Nullable } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { dayNumber } from '../duckdb/append.js';
import { problem } from '../problems.js';
import type { ResultColumn } from '../tables.js';
import type { Arrow } from './codecs.js';

export interface ColumnBuilder {
  append(value: Nullable): void;
  /** The column of the values since the last call. */
  finish(): Data;
}

/** @param capacity the most values between two calls of `finish` */
export function columnBuilder(column: ResultColumn, { type }: Field, capacity: number, arrow: Arrow): ColumnBuilder {
  if (arrow.DataType.isUtf8(type)) return textBuilder(capacity, arrow);
  if (arrow.DataType.isBool(type)) return booleanBuilder(capacity, arrow);
  if (arrow.DataType.isDictionary(type)) return dictionaryBuilder(column, type, capacity, arrow);
  return fixedBuilder(type, capacity, numberOf(column, type), arrow);
}

type Numbers = { length: number; [at: number]: number | bigint; subarray(from: number, to: number): Numbers };
type NumbersType = new (length: number) => Numbers;

/** How a value is stored as a number. */
function numberOf(column: ResultColumn, type: DataType): (value: Nullable) => number | bigint {
  const storage = storageOf(column.type);
  if (storage === 'number') return Number;
  if (column.type === 'date') return (value) => dayNumber(value as string);
  if (!column.range) return (value) => value as bigint;
  const [least, greatest] = column.range;
  const isWide = type.ArrayType === BigInt64Array;
  return (value) => {
    const number = value as bigint;
    if (number < least || number > greatest) throw refused(column, `a number from ${least} to ${greatest}`);
    return isWide ? number : Number(number);
  };
}

const refused = (column: ResultColumn, expected: string): ProblemError =>
  new ProblemError(problem('output-value', [column.name, expected]));

/** Which values there are: one bit each, none when all are. */
function validity(capacity: number) {
  let bits = new Uint8Array((capacity + 7) >> 3);
  let nulls = 0;
  return {
    set(at: number): void {
      bits[at >> 3]! |= 1 << (at & 7);
    },
    skip(): void {
      nulls += 1;
    },
    finish(length: number) {
      const result = { nullCount: nulls, nullBitmap: nulls === 0 ? null : bits.subarray(0, (length + 7) >> 3) };
      bits = new Uint8Array((capacity + 7) >> 3);
      nulls = 0;
      return result;
    },
  };
}

function fixedBuilder(
  type: DataType,
  capacity: number,
  stored: (value: Nullable) => number | bigint,
  arrow: Arrow,
  dictionary?: Vector,
): ColumnBuilder {
  // The library types this function for each type of data alone.
  const make = arrow.makeData as (parts: object) => Data;
  const Values = type.ArrayType as NumbersType;
  const present = validity(capacity);
  let values = new Values(capacity);
  let length = 0;
  return {
    append(value) {
      if (value === null) present.skip();
      else {
        values[length] = stored(value);
        present.set(length);
      }
      length += 1;
    },
    finish() {
      const data = values.subarray(0, length);
      const parts = { type, length, ...present.finish(length), data, ...(dictionary ? { dictionary } : {}) };
      values = new Values(capacity);
      length = 0;
      return make(parts);
    },
  };
}

function booleanBuilder(capacity: number, arrow: Arrow): ColumnBuilder {
  const present = validity(capacity);
  let values = new Uint8Array((capacity + 7) >> 3);
  let length = 0;
  return {
    append(value) {
      if (value === null) present.skip();
      else {
        if (value === true) values[length >> 3]! |= 1 << (length & 7);
        present.set(length);
      }
      length += 1;
    },
    finish() {
      const data = values.subarray(0, (length + 7) >> 3);
      const made = arrow.makeData({ type: new arrow.Bool(), length, ...present.finish(length), data });
      values = new Uint8Array((capacity + 7) >> 3);
      length = 0;
      return made;
    },
  };
}

function dictionaryBuilder(column: ResultColumn, type: DataType, capacity: number, arrow: Arrow): ColumnBuilder {
  const categories = column.categories!;
  const places = new Map(categories.map((category, at) => [category, at]));
  // One for the whole file: its writer refuses a second dictionary of a column.
  const dictionary = arrow.vectorFromArray(categories, new arrow.Utf8());
  const place = (value: Nullable): number => {
    const at = places.get(value as string);
    if (at === undefined) throw refused(column, `one of ${categories.join(', ')}`);
    return at;
  };
  return fixedBuilder(type, capacity, place, arrow, dictionary);
}

function textBuilder(capacity: number, arrow: Arrow): ColumnBuilder {
  const encoder = new TextEncoder();
  const present = validity(capacity);
  let offsets = new Int32Array(capacity + 1);
  let bytes = new Uint8Array(capacity * 8);
  let [length, used] = [0, 0];
  return {
    append(value) {
      if (value === null) present.skip();
      else {
        const text = value as string;
        // A UTF-16 unit takes at most three bytes of UTF-8.
        if (used + text.length * 3 > bytes.length) bytes = enlarged(bytes, used + text.length * 3);
        used += encoder.encodeInto(text, bytes.subarray(used)).written;
        present.set(length);
      }
      length += 1;
      offsets[length] = used;
    },
    finish() {
      const data = bytes.slice(0, used);
      const valueOffsets = offsets.subarray(0, length + 1);
      const made = arrow.makeData({ type: new arrow.Utf8(), length, ...present.finish(length), valueOffsets, data });
      offsets = new Int32Array(capacity + 1);
      [length, used] = [0, 0];
      return made;
    },
  };
}

function enlarged(bytes: Uint8Array<ArrayBuffer>, needed: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(needed, bytes.length * 2));
  larger.set(bytes);
  return larger;
}
