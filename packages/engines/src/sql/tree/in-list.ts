// Whether an expression equals one of a few constants. The list is never empty: SQL has no spelling for that.
import type { ExpressionNode } from './expression.js';

export interface InListNode {
  readonly kind: 'in_list';
  readonly operand: ExpressionNode;
  readonly items: readonly [ExpressionNode, ...ExpressionNode[]];
}

export const inList = (operand: ExpressionNode, items: InListNode['items']): InListNode =>
  Object.freeze({ kind: 'in_list', operand, items });
