// Whether an expression is NULL; with `negated`, whether it isn't.
import type { ExpressionNode } from './expression.js';

export interface IsNullNode {
  readonly kind: 'is_null';
  readonly operand: ExpressionNode;
  readonly negated: boolean;
}

export const isNull = (operand: ExpressionNode): IsNullNode =>
  Object.freeze({ kind: 'is_null', operand, negated: false });
export const isNotNull = (operand: ExpressionNode): IsNullNode =>
  Object.freeze({ kind: 'is_null', operand, negated: true });
