// What each version of project.yaml switches on. Versions are compared as numbers: `4`, `"4.0"` and `4.5` are all legal.

/** The newest version of the format. */
export const latestVersion = 5;

export interface VersionRules {
  readonly uniqueOutputs: boolean;
  readonly expectations: 'ignored' | 'required' | 'forbidden';
  readonly cohortextractor: boolean;
  readonly ownRunAll: boolean;
  readonly latestTag: boolean;
}

/** Not-a-number compares as neither more nor less, so such a version has no rules switched on. */
export function rulesOf(version: number): VersionRules {
  return {
    uniqueOutputs: version >= 2,
    expectations: version === 3 ? 'required' : version >= 4 ? 'forbidden' : 'ignored',
    cohortextractor: !(version >= 4),
    ownRunAll: !(version >= 5),
    latestTag: !(version >= 5),
  };
}

const decimal = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i;

/** Reads a version as a float the way the format defines it; undefined when it is not a number. */
export function versionNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (decimal.test(text)) return Number(text.replaceAll('_', ''));
  if (/^[+-]?nan$/i.test(text)) return NaN;
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return undefined;
}
