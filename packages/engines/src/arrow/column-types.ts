// Which Arrow type an output column gets. Programs of studies read these files by type, so the rules are fixed: integers
// are 64 bits wide unless a narrower range is known, text with categories is an ordered dictionary in the order of the
// schema, and patient_id alone is never null.
import type { DataType, Field } from 'apache-arrow';
import { storageOf } from '@glovebox/language';
import type { ResultColumn } from '../tables.js';
import type { Arrow } from './codecs.js';

export function arrowField(column: ResultColumn, arrow: Arrow): Field {
  return new arrow.Field(column.name, arrowType(column, arrow), column.name !== 'patient_id');
}

function arrowType(column: ResultColumn, arrow: Arrow): DataType {
  switch (storageOf(column.type)) {
    case 'boolean':
      return new arrow.Bool();
    case 'bigint':
      return integerType(column.range, arrow);
    case 'number':
      return new arrow.Float64();
    case 'string':
    default:
      if (column.type === 'date') return new arrow.DateDay();
      return column.categories ? dictionaryType(column.categories.length, arrow) : new arrow.Utf8();
  }
}

function integerType(range: ResultColumn['range'], arrow: Arrow): DataType {
  if (!range) return new arrow.Int64();
  const [least, greatest] = range;
  const isWithin = (from: bigint, to: bigint): boolean => least >= from && greatest <= to;
  if (isWithin(0n, 0xffn)) return new arrow.Uint8();
  if (isWithin(0n, 0xffffn)) return new arrow.Uint16();
  if (isWithin(0n, 0xffff_ffffn)) return new arrow.Uint32();
  if (isWithin(-0x80n, 0x7fn)) return new arrow.Int8();
  if (isWithin(-0x8000n, 0x7fffn)) return new arrow.Int16();
  if (isWithin(-0x8000_0000n, 0x7fff_ffffn)) return new arrow.Int32();
  return new arrow.Int64();
}

function dictionaryType(categories: number, arrow: Arrow): DataType {
  const index = categories <= 0x80 ? new arrow.Int8() : categories <= 0x8000 ? new arrow.Int16() : new arrow.Int32();
  return new arrow.Dictionary(new arrow.Utf8(), index, null, true);
}
