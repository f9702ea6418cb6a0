// Whether an expression equals one of the values in the single column of a query.
import type { ExpressionNode } from './expression.js';
import type { QueryNode } from './select.js';

export interface InQueryNode {
  readonly kind: 'in_query';
  readonly operand: ExpressionNode;
  readonly query: QueryNode;
}

export const inQuery = (operand: ExpressionNode, query: QueryNode): InQueryNode =>
  Object.freeze({ kind: 'in_query', operand, query });
