// Computes each shared sub-expression once: a query over some relations becomes a few queries, one inside the other,
// each adding as columns what the next ones use more than once. That keeps the SQL text and the work linear in the size
// of a definition, however often it reuses an expression.
import type { Series } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import { column, derived, from, select, type ExpressionNode, type FromNode } from '../tree/index.js';
import { constantOf } from './constant.js';
import { compile, repeatsOperands, type Scope } from './compile.js';
import { operandOrder, operandsOf } from './graph.js';

/** A value that the relations give directly. */
export interface Leaf {
  readonly name: string;
  readonly value: ExpressionNode;
}

export interface LayerInput {
  readonly dialect: Dialect;
  readonly sources: readonly FromNode[];
  readonly where?: ExpressionNode | undefined;
  /** The columns of the relations that anything may need. */
  readonly leaves: readonly Leaf[];
  /** What a node is, given how to refer to a leaf. */
  readonly bindings: ReadonlyMap<Series, (leaf: (name: string) => ExpressionNode) => ExpressionNode>;
  readonly longList: Scope['longList'];
  /** What the caller will compile. Naming one twice makes it a column. */
  readonly roots: readonly Series[];
  readonly alias: string;
}

export interface Layered {
  readonly sources: readonly FromNode[];
  readonly where: ExpressionNode | undefined;
  readonly scope: Scope;
  readonly leaf: (name: string) => ExpressionNode;
}

/** Deeper expressions than this are cut: databases limit how deep one may be. */
const deepest = 40;

/** Relations from which every root can be compiled without repeating work. */
export function layered(input: LayerInput): Layered {
  const levels = sharedLevels(input);
  const valueOf = new Map(input.leaves.map(({ name, value }) => [name, value]));
  const direct = (name: string): ExpressionNode => valueOf.get(name)!;
  const scopeOf = (leaf: (name: string) => ExpressionNode, computed: ReadonlyMap<Series, string>): Scope => ({
    dialect: input.dialect,
    longList: input.longList,
    known: new Map([
      ...[...input.bindings].map(([node, bind]) => [node, bind(leaf)] as const),
      ...[...computed].map(([node, name]) => [node, leaf(name)] as const),
    ]),
  });
  if (levels.length === 0) {
    return { sources: input.sources, where: input.where, scope: scopeOf(direct, new Map()), leaf: direct };
  }
  const named = (name: string): ExpressionNode => column(input.alias, name);
  const computed = new Map<Series, string>();
  let scope = scopeOf(direct, computed);
  let sources = input.sources;
  for (const [index, nodes] of levels.entries()) {
    const columns = nodes.map((node, at) => ({ node, name: `v${index}_${at}`, value: compile(node, scope) }));
    const query = select({
      everythingOf: index === 0 ? [] : [input.alias],
      columns: [...(index === 0 ? input.leaves : []), ...columns.map(({ name, value }) => ({ name, value }))],
      from: sources,
      where: index === 0 ? input.where : undefined,
      isFenced: true,
    });
    for (const { node, name } of columns) computed.set(node, name);
    sources = [from(derived(query), input.alias)];
    scope = scopeOf(named, computed);
  }
  return { sources, where: undefined, scope, leaf: named };
}

/** The nodes to make columns, by the layer that computes them; each needs only earlier layers. */
function sharedLevels(input: LayerInput): readonly (readonly Series[])[] {
  const isLeaf = (node: Series): boolean => input.bindings.has(node);
  const order = operandOrder(input.roots, isLeaf);
  const uses = new Map<Series, number>();
  const use = (node: Series, times: number): void => void uses.set(node, (uses.get(node) ?? 0) + times);
  for (const root of input.roots) use(root, 1);
  for (const node of order) {
    if (isLeaf(node)) continue;
    for (const operand of operandsOf(node)) use(operand, repeatsOperands(node, input.dialect) ? 2 : 1);
  }
  const layerOf = new Map<Series, number>();
  const depthOf = new Map<Series, number>();
  const casesOf = new Map<Series, number>();
  const deepestCase = input.dialect.deepestCase ?? deepest;
  const levels: Series[][] = [];
  for (const node of order) {
    const operands = isLeaf(node) ? [] : operandsOf(node);
    const layer = Math.max(0, ...operands.map((operand) => layerOf.get(operand)!));
    const depth = 1 + Math.max(0, ...operands.map((operand) => depthOf.get(operand)!));
    const cases = (node.kind === 'case' ? 1 : 0) + Math.max(0, ...operands.map((operand) => casesOf.get(operand)!));
    const isFree = operands.length === 0 || constantOf(node) !== undefined;
    if (isFree || (uses.get(node)! < 2 && depth < deepest && cases < deepestCase)) {
      layerOf.set(node, layer);
      depthOf.set(node, depth);
      casesOf.set(node, cases);
      continue;
    }
    (levels[layer] ??= []).push(node);
    layerOf.set(node, layer + 1);
    depthOf.set(node, 0);
    casesOf.set(node, 0);
  }
  return levels;
}
