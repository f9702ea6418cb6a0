// Which unquoted text is a number or a date: the readings of YAML 1.2 as studies know them, which have underscores between
// digits and binary numbers besides the ones of the core schema.
import type { ScalarTag } from 'yaml';

/** A date or a time, which no key of a project accepts; kept as written. */
export interface Timestamp {
  readonly date: string;
}

/** Longer ones take long to read, and Python refuses them too. */
const mostDigits = 4300;

function whole(source: string, onError: (message: string) => void): bigint {
  if (source.length > mostDigits) {
    onError(`a number has more than ${mostDigits} digits`);
    return 0n;
  }
  const digits = source.replaceAll('_', '');
  const size = BigInt(digits.replace(/^[-+]/, '') || '0');
  return digits.startsWith('-') ? -size : size;
}

/** To be looked at before those of the core schema. */
export const scalarTags: readonly ScalarTag[] = [
  {
    tag: 'tag:yaml.org,2002:timestamp',
    default: true,
    test: /^\d{4}-(\d\d-\d\d|\d\d?-\d\d?([Tt]|[ \t]+)\d\d?:\d\d:\d\d(\.\d*)?([ \t]*(Z|[-+]\d\d?(:\d\d)?))?)$/,
    resolve: (source): Timestamp => ({ date: source }),
  },
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?(0b_*[01][01_]*|0o_*[0-7][0-7_]*|0x_*[0-9a-fA-F][0-9a-fA-F_]*|[0-9][0-9_]*)$/,
    resolve: whole,
  },
  {
    tag: 'tag:yaml.org,2002:float',
    default: true,
    test: /^[-+]?([0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+]?[0-9]+)?)$/,
    resolve: (source) => Number(source.replaceAll('_', '')),
  },
];
