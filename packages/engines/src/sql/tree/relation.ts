// What a query reads: a table or an earlier stage by name, or a query of its own; joined on an equality.
import type { ExpressionNode } from './expression.js';
import type { QueryNode } from './select.js';

export interface NamedRelation {
  readonly kind: 'named';
  readonly name: string;
}
export interface DerivedRelation {
  readonly kind: 'derived';
  readonly query: QueryNode;
}

export interface FromNode {
  readonly relation: NamedRelation | DerivedRelation;
  readonly alias: string;
  /** How it meets what stands before it; the first has none. A cross join has no condition. */
  readonly join: { readonly type: 'inner' | 'left' | 'cross'; readonly on?: ExpressionNode } | undefined;
}

export const named = (name: string): NamedRelation => Object.freeze({ kind: 'named', name });
export const derived = (query: QueryNode): DerivedRelation => Object.freeze({ kind: 'derived', query });
export const from = (relation: FromNode['relation'], alias: string, join?: NonNullable<FromNode['join']>): FromNode =>
  Object.freeze({ relation, alias, join });
