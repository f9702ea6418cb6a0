// How large a document may be, and the error that ends the reading of a larger one.

/** `text` is of one value: more than the words of a command can hold together with everything else that a program is given. */
export const limits = {
  characters: 2 * 1024 * 1024,
  text: 256 * 1024,
  depth: 40,
  values: 200_000,
  repeated: 20_000,
} as const;

/** A hostile document: what is too large, the limit, and the offsets of the part that shows it. */
export class TooLarge extends Error {
  readonly what: string;
  readonly limit: string;
  readonly range: readonly [number, number];
  constructor(what: string, limit: string, range: readonly [number, number]) {
    super(what);
    this.name = 'TooLarge';
    this.what = what;
    this.limit = limit;
    this.range = range;
  }
}

export const tooDeep = (range: readonly [number, number]): TooLarge =>
  new TooLarge('how deep its values nest', `${limits.depth} levels`, range);

export const tooOften = (limit: string, range: readonly [number, number]): TooLarge =>
  new TooLarge('how often its values refer to one another', limit, range);
