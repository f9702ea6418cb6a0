// Queries: a select, and several joined by UNION (duplicates removed) or UNION ALL.
import type { ExpressionNode } from './expression.js';
import type { FromNode } from './relation.js';

export interface SelectNode {
  readonly kind: 'select';
  readonly distinct: boolean;
  /** Aliases whose columns all pass through, before `columns`. */
  readonly everythingOf: readonly string[];
  readonly columns: readonly { readonly name: string; readonly value: ExpressionNode }[];
  readonly from: readonly FromNode[];
  readonly where: ExpressionNode | undefined;
  readonly groupBy: readonly ExpressionNode[];
  /** Groupings as lists of positions in `groupBy`; undefined groups by all of it. */
  readonly groupingSets: readonly (readonly number[])[] | undefined;
  readonly having: ExpressionNode | undefined;
  /** Its columns are worked out once, however often the query around it uses them. */
  readonly isFenced: boolean;
  /** Ascending, NULL first. */
  readonly orderBy: readonly ExpressionNode[];
}
export interface UnionNode {
  readonly kind: 'union';
  readonly all: boolean;
  readonly queries: readonly SelectNode[];
}
export type QueryNode = SelectNode | UnionNode;

const nothing = {
  kind: 'select',
  distinct: false,
  everythingOf: [],
  columns: [],
  from: [],
  where: undefined,
  groupBy: [],
  groupingSets: undefined,
  having: undefined,
  isFenced: false,
  orderBy: [],
} as const;

export const select = (parts: Partial<Omit<SelectNode, 'kind'>>): SelectNode => Object.freeze({ ...nothing, ...parts });
export const union = (queries: readonly SelectNode[], all = false): UnionNode =>
  Object.freeze({ kind: 'union', all, queries });
