// A searched CASE: the result of the first condition that is true.
import type { ExpressionNode } from './expression.js';

export interface CaseNode {
  readonly kind: 'case';
  readonly arms: readonly { readonly when: ExpressionNode; readonly then: ExpressionNode }[];
  readonly otherwise: ExpressionNode | undefined;
}

export const caseOf = (arms: CaseNode['arms'], otherwise?: ExpressionNode): CaseNode =>
  Object.freeze({ kind: 'case', arms, otherwise });

/** One condition and two results. */
export const either = (when: ExpressionNode, then: ExpressionNode, otherwise?: ExpressionNode): CaseNode =>
  caseOf([{ when, then }], otherwise);
