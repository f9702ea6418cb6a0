// Decides which scan computes each aggregation. Level 0 needs nothing about a patient; level n + 1 compares rows with
// values of the patient that come from level n or below. An aggregation that nobody needs early waits for a later scan of
// its table, so that the table is read once instead of twice.
import { domainOf, topologicalOrder, type Pick, type Series, type Table } from '@glovebox/language';
import { atomOf, type Atom, type AtomContext } from './atoms.js';
import { operandOrder, operandsOf } from './graph.js';
import { isConjunction } from './membership.js';

export interface PlacedAtom {
  readonly atom: Atom;
  /** Values of the patient that its rows are compared with. */
  readonly exports: readonly Series[];
  readonly level: number;
}

export interface Placement {
  readonly atoms: readonly PlacedAtom[];
  /** The level after which a value of the patient can be computed; -1 when it needs no scan. */
  readonly levelOf: (series: Series) => number;
}

/** @param isGiven whether a value of the patient is in a table already. */
export function placeAtoms(
  roots: readonly Series[],
  context: AtomContext,
  isGiven: (node: Series) => boolean,
): Placement {
  const selections = selectionsByPick(roots);
  const atomByNode = new Map<Series, Atom>();
  const exportsOf = new Map<Atom, readonly Series[]>();
  const directAtoms = new Map<Series, readonly Atom[]>();
  const pending = [...roots];
  for (let root = pending.pop(); root !== undefined; root = pending.pop()) {
    if (directAtoms.has(root)) continue;
    const found = new Set<Atom>();
    for (const node of operandOrder([root], isGiven)) {
      if (isGiven(node)) continue;
      if (!atomByNode.has(node)) {
        const of = node.kind === 'select_column' && node.source.kind === 'pick' ? selections.get(node.source)! : [node];
        const atom = atomOf(node, of, context);
        if (!atom) continue;
        for (const { node: result } of atom.results) atomByNode.set(result, atom);
        const exports = patientValuesIn(atom);
        exportsOf.set(atom, exports);
        pending.push(...exports);
      }
      found.add(atomByNode.get(node)!);
    }
    directAtoms.set(root, [...found]);
  }
  const levels = levelsOf(exportsOf, directAtoms);
  const atoms = settle(
    [...exportsOf].map(([atom, exports]) => ({ atom, exports, level: levels.get(atom)! })),
    directAtoms,
  );
  const settled = new Map(atoms.map((placed) => [placed.atom, placed.level]));
  return {
    atoms,
    levelOf: (series) => {
      const nodes = operandOrder([series], isGiven);
      return Math.max(-1, ...nodes.map((node) => settled.get(atomByNode.get(node)!) ?? -1));
    },
  };
}

function selectionsByPick(roots: readonly Series[]): ReadonlyMap<Pick, readonly Series[]> {
  const selections = new Map<Pick, Series[]>();
  for (const node of topologicalOrder(roots)) {
    if (node.kind !== 'select_column' || node.source.kind !== 'pick') continue;
    selections.set(node.source, [...(selections.get(node.source) ?? []), node]);
  }
  return selections;
}

const constants = new WeakMap<Series, boolean>();

/** Whether a series is the same for every patient and row. */
export function isConstant(series: Series): boolean {
  const found = constants.get(series);
  if (found !== undefined) return found;
  for (const node of operandOrder([series], (n) => constants.has(n))) {
    if (constants.has(node)) continue;
    const operands = operandsOf(node);
    const isLeaf = node.kind === 'value' || node.kind === 'value_set' || node.kind === 'parameter';
    constants.set(node, isLeaf || (operands.length > 0 && operands.every((operand) => constants.get(operand))));
  }
  return constants.get(series)!;
}

/** The values of the patient that an atom's rows are compared with, each as large as possible. */
export function patientValuesIn(atom: {
  readonly member: Series | undefined;
  readonly inputs: readonly Series[];
}): readonly Series[] {
  const isOfPatient = (node: Series): boolean =>
    !isConjunction(node) && domainOf(node).kind === 'patient' && node.kind !== 'value_set' && !isConstant(node);
  const roots = atom.member ? [atom.member, ...atom.inputs] : atom.inputs;
  return operandOrder(roots, isOfPatient).filter(isOfPatient);
}

type AtomsOf = ReadonlyMap<Series, readonly Atom[]>;

function levelsOf(exportsOf: ReadonlyMap<Atom, readonly Series[]>, directAtoms: AtomsOf): ReadonlyMap<Atom, number> {
  const levels = new Map<Atom, number>();
  const needs = (atom: Atom): readonly Atom[] =>
    exportsOf.get(atom)!.flatMap((series) => directAtoms.get(series) ?? []);
  const stack = [...exportsOf.keys()];
  for (let atom = stack.at(-1); atom !== undefined; atom = stack.at(-1)) {
    const missing = needs(atom).filter((other) => !levels.has(other));
    if (levels.has(atom) || missing.length === 0) {
      const below = needs(atom).map((other) => levels.get(other)!);
      levels.set(atom, exportsOf.get(atom)!.length === 0 ? 0 : 1 + Math.max(0, ...below));
      stack.pop();
    } else stack.push(...missing);
  }
  return levels;
}

/** Moves aggregations to the latest scan of their table that still comes before whatever needs them. */
function settle(placed: readonly PlacedAtom[], directAtoms: AtomsOf): readonly PlacedAtom[] {
  const level = new Map(placed.map((p) => [p.atom, p.level]));
  const neededAt = new Map<Atom, number>();
  const byLevelDown = [...placed].sort((a, b) => b.level - a.level);
  for (const user of byLevelDown) {
    const from = moved(user.atom.table, user.level, neededAt.get(user.atom) ?? Infinity, placed);
    level.set(user.atom, from);
    for (const needed of user.exports.flatMap((series) => directAtoms.get(series) ?? [])) {
      neededAt.set(needed, Math.min(neededAt.get(needed) ?? Infinity, from));
    }
  }
  return placed.map((p) => ({ ...p, level: level.get(p.atom)! }));
}

function moved(table: Table, level: number, neededAt: number, placed: readonly PlacedAtom[]): number {
  const later = placed.filter((p) => p.atom.table === table && p.level > level && p.level < neededAt);
  return Math.max(level, ...later.map((p) => p.level));
}
