// An operator before one expression.
import type { ExpressionNode } from './expression.js';

export interface PrefixNode {
  readonly kind: 'prefix';
  readonly operator: 'not' | '-';
  readonly operand: ExpressionNode;
}

export const prefix = (operator: 'not' | '-', operand: ExpressionNode): PrefixNode =>
  Object.freeze({ kind: 'prefix', operator, operand });
