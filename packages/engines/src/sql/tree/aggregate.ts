// An aggregate over the rows of a group, or over those that pass a filter. No argument means the rows themselves.
import type { ExpressionNode } from './expression.js';

export interface AggregateNode {
  readonly kind: 'aggregate';
  readonly name: string;
  readonly distinct: boolean;
  readonly args: readonly ExpressionNode[];
  readonly filter: ExpressionNode | undefined;
}

export const aggregate = (
  name: string,
  args: readonly ExpressionNode[],
  filter?: ExpressionNode,
  distinct = false,
): AggregateNode => Object.freeze({ kind: 'aggregate', name, distinct, args, filter });
