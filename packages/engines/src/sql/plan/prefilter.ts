// What rows must meet before anything else is asked of them: a condition that is true for every row that any aggregation of
// a scan could use, from the small parts of their conditions that need no patient. Databases spend their time with long
// conditions before they read the first row, so parts that others imply are left out, and codes are tested all at once.
import type { Series } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import { boolLiteral, chain, type ExpressionNode } from '../tree/index.js';
import type { Atom } from './atoms.js';
import { compile, type Scope } from './compile.js';
import { operandOrder } from './graph.js';
import { conjunctsOf, isConjunction } from './membership.js';
import { hasAnyBit, type RowScope } from './row-scope.js';

/** How large a condition may be to be tested before anything else; larger ones are computed once, as columns. */
const largestPrefilter = 12;

/** Undefined when there is an aggregation of which nothing can be told. */
export function prefilter(
  atoms: readonly Pick<Atom, 'member'>[],
  rows: RowScope,
  dialect: Dialect,
): ExpressionNode | undefined {
  const numbers = new Map<Series, number>();
  const numberOf = (condition: Series): number => {
    if (!numbers.has(condition)) numbers.set(condition, numbers.size);
    return numbers.get(condition)!;
  };
  const keyOf = (conditions: readonly Series[]): string =>
    conditions
      .map(numberOf)
      .sort((a, b) => a - b)
      .join();
  const terms = new Map<string, ReadonlySet<Series>>();
  for (const atom of atoms) {
    const simple = conjunctsOf(atom.member, (node) => rows.bindings.has(node)).filter((c) => isSimple(c, rows));
    if (simple.length === 0) return undefined;
    terms.set(keyOf([...new Set(simple)]), new Set(simple));
  }
  const sets = weakest([...terms.values()]);
  const [first] = sets;
  if (!first) return undefined;
  const common = [...first].filter((condition) => sets.every((set) => set.has(condition)));
  const rest = sets.map((set) => [...set].filter((condition) => !common.includes(condition)));
  const leafOf = new Map(rows.leaves.map(({ name, value }) => [name, value]));
  const scope: Scope = {
    dialect,
    longList: rows.longList,
    known: new Map([...rows.bindings].map(([node, bind]) => [node, bind((name) => leafOf.get(name)!)])),
  };
  const parts = common.map((condition) => compile(condition, scope));
  if (rest.every((conditions) => conditions.length > 0)) {
    const alternatives = withBitsTogether(rest, rows, keyOf).map(({ leaf, bits, others }) => {
      const codes = leaf === undefined ? [] : [hasAnyBit(leafOf.get(leaf)!, bits)];
      return chain('and', [...codes, ...others.map((condition) => compile(condition, scope))]) ?? boolLiteral(true);
    });
    parts.push(chain('or', alternatives)!);
  }
  return chain('and', parts);
}

/** Those that no other implies: what meets all conditions of a set meets those of each smaller one within it. */
function weakest(sets: readonly ReadonlySet<Series>[]): readonly ReadonlySet<Series>[] {
  const keptByFirst = new Map<Series, (readonly Series[])[]>();
  return [...sets]
    .sort((a, b) => a.size - b.size)
    .filter((set) => {
      const conditions = [...set];
      const isWithin = (smaller: readonly Series[]): boolean => smaller.every((condition) => set.has(condition));
      if (conditions.some((condition) => keptByFirst.get(condition)?.some(isWithin) === true)) return false;
      const first = conditions[0]!;
      keptByFirst.set(first, [...(keptByFirst.get(first) ?? []), conditions]);
      return true;
    });
}

interface Alternative {
  readonly leaf: string | undefined;
  readonly bits: bigint;
  readonly others: readonly Series[];
}

/** Conditions that differ in a code list alone are one, with the bits of all their lists. */
function withBitsTogether(
  alternatives: readonly (readonly Series[])[],
  { masked }: RowScope,
  keyOf: (conditions: readonly Series[]) => string,
): readonly Alternative[] {
  const merged = new Map<string, Alternative>();
  for (const conditions of alternatives) {
    const coded = conditions.find((condition) => masked.has(condition));
    const { leaf, bit = 0n } = coded ? masked.get(coded)! : { leaf: undefined };
    const others = conditions.filter((condition) => condition !== coded);
    const key = `${leaf} ${keyOf(others)}`;
    merged.set(key, { leaf, bits: (merged.get(key)?.bits ?? 0n) | bit, others });
  }
  return [...merged.values()];
}

function isSimple(condition: Series, rows: RowScope): boolean {
  if (isConjunction(condition)) return false;
  const order = operandOrder([condition], (node) => rows.bindings.has(node));
  return order.length <= largestPrefilter && order.every((node) => !rows.isOfPatient(node));
}
