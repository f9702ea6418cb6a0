// What an engine makes of a definition, and whether two engines made the same of it.
import { ProblemError } from '@glovebox/record';
import type { Nullable } from '@glovebox/language';

export type Rows = readonly (readonly Nullable[])[];

/** The rows of each output table, or the codes of the problems that stopped it. */
export type Outcome = { readonly tables: readonly Rows[] } | { readonly problems: readonly string[] };

export async function outcomeOf(run: () => Promise<readonly Rows[]>): Promise<Outcome> {
  try {
    return { tables: await run() };
  } catch (error) {
    if (error instanceof ProblemError) return { problems: error.problems.map((p) => p.code) };
    throw error;
  }
}

/**
 * Whether an engine left 64 bits. That is the one thing in which engines may differ: which patients and rows they
 * calculate for besides those that are asked about is their own affair.
 */
export const isOverflow = (outcome: Outcome): boolean =>
  'problems' in outcome && outcome.problems.join() === 'integer-overflow';

/** Equal, but for the last digits of floats. */
function isSame(a: Nullable, b: Nullable): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return a === b || Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

/** The first difference in words, or undefined when both are the same. */
export function difference(found: Outcome, expected: Outcome): string | undefined {
  if ('problems' in found || 'problems' in expected) {
    const [a, b] = [found, expected].map((o) => ('problems' in o ? o.problems.join() : 'rows'));
    return a === b ? undefined : `found ${a}, expected ${b}`;
  }
  for (const [table, rows] of expected.tables.entries()) {
    const others = found.tables[table] ?? [];
    if (others.length !== rows.length) return `table ${table}: found ${others.length} rows, expected ${rows.length}`;
    for (const [at, row] of rows.entries()) {
      const other = others[at]!;
      if (row.every((value, i) => isSame(value, other[i]!))) continue;
      return `table ${table}, row ${at}: found ${other.map(String).join(' | ')}, expected ${row.map(String).join(' | ')}`;
    }
  }
  return undefined;
}
