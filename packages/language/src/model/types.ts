// Facts about the types of a series: which have an order, which are numbers, which hold codes, and how a type name reads.
import { codeTypes, multiCodeTypes, type CodeType, type MultiCodeType, type SeriesType } from './nodes.js';

export const seriesTypes: readonly SeriesType[] = [
  'bool',
  'int',
  'float',
  'str',
  'date',
  ...codeTypes,
  ...multiCodeTypes,
];

const codes = new Set<string>(codeTypes);
const multiCodes = new Set<string>(multiCodeTypes);

export const isSeriesType = (name: unknown): name is SeriesType =>
  typeof name === 'string' && (seriesTypes as readonly string[]).includes(name);
export const isCodeType = (type: SeriesType): type is CodeType => codes.has(type);
export const isMultiCodeType = (type: SeriesType): type is MultiCodeType => multiCodes.has(type);
export const isNumeric = (type: SeriesType): boolean => type === 'int' || type === 'float';
/** Types that less-than, minimum and sorting accept. */
export const isOrdered = (type: SeriesType): boolean =>
  isNumeric(type) || type === 'str' || type === 'date' || isCodeType(type);

/** The JavaScript form that values of a type have. */
export function storageOf(type: SeriesType): 'boolean' | 'bigint' | 'number' | 'string' {
  if (type === 'bool') return 'boolean';
  if (type === 'int') return 'bigint';
  return type === 'float' ? 'number' : 'string';
}
