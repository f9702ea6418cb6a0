// Which values of patients hold for several intervals: the results of aggregations whose rows depend on nothing but the
// interval, and what is calculated from them.
import type { Series } from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import type { Atom } from '../sql/plan/atoms.js';
import { operandOrder, operandsOf } from '../sql/plan/graph.js';
import { conjunctsOf, memberships } from '../sql/plan/membership.js';
import { isConstant, placeAtoms } from '../sql/plan/place.js';
import type { PatientState } from '../sql/plan/row-scope.js';
import { nullLiteral } from '../sql/tree/index.js';
import { moves } from './bits.js';

export interface EpochAtoms {
  readonly atoms: readonly Atom[];
  /** The patients' values that rows of the other aggregations are compared with. */
  readonly exports: readonly Series[];
}

export interface EpochAtomsInput {
  /** With placeholders: what every patient needs in every interval. */
  readonly dense: readonly Series[];
  /** All series of the batch, the dense ones among them. */
  readonly roots: readonly Series[];
  readonly ties: Parameters<typeof placeAtoms>[1]['ties'];
  /** The values that no interval changes, a row for each patient. */
  readonly base: PatientState;
  readonly dialect: Dialect;
}

/** The aggregations whose rows depend on nothing but the interval, of those that every patient needs. */
export function epochAtoms(input: EpochAtomsInput): EpochAtoms {
  const isGiven = (node: Series): boolean => input.base.columns.has(node);
  const used = new Set(operandOrder(input.dense, isGiven));
  const placed = placeAtoms(input.roots, { membership: memberships(), ties: input.ties }, isGiven).atoms;
  const lifted = placed.filter(
    ({ atom, exports }) =>
      exports.length === 0 &&
      !atom.inputs.some(moves) &&
      readsPlainRows(atom, input.dialect) &&
      conjunctsOf(atom.member).some(moves) &&
      atom.results.some(({ node }) => used.has(node)),
  );
  const isLifted = new Set(lifted);
  return {
    atoms: lifted.map(({ atom }) => atom),
    exports: placed.filter((one) => !isLifted.has(one)).flatMap(({ exports }) => exports),
  };
}

/** Whether an aggregation needs nothing but rows: no windows over them first, no table of the values in a set. */
function readsPlainRows(atom: Atom, dialect: Dialect): boolean {
  if (dialect.picks === 'records') return true;
  const isMissing = atom.isSet === true && !dialect.primitives.lists;
  return !isMissing && (atom.windows?.(() => nullLiteral, undefined, dialect, nullLiteral) ?? []).length === 0;
}

/** Tells the series that are known for a whole epoch, given what is known of patients and the aggregations. */
export function epochSeries(base: PatientState, atoms: readonly Atom[]): (series: Series) => boolean {
  const results = new Set(atoms.flatMap((atom) => atom.results.map(({ node }) => node)));
  const known = new Map<Series, boolean>();
  return (series) => {
    const isLeaf = (node: Series): boolean => base.columns.has(node) || results.has(node) || known.has(node);
    for (const node of operandOrder([series], isLeaf)) {
      if (known.has(node)) continue;
      const operands = operandsOf(node);
      known.set(
        node,
        isLeaf(node) ||
          node.kind === 'value' ||
          node.kind === 'value_set' ||
          (node.kind !== 'parameter' && operands.length > 0 && operands.every((operand) => known.get(operand))),
      );
    }
    return known.get(series)!;
  };
}

/** The largest series that are known for an epoch: what an interval needs of it. */
export function edgesOf(roots: readonly Series[], isKnown: (series: Series) => boolean): readonly Series[] {
  const edges = new Set<Series>();
  const seen = new Set<Series>();
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!isKnown(node)) stack.push(...operandsOf(node));
    else if (!isConstant(node)) edges.add(node);
  }
  return [...edges];
}
