// An operator between two expressions. Its binding strength is in the printer, which derives the brackets from it.
import type { ExpressionNode } from './expression.js';

export type BinaryOperator =
  | 'or'
  | 'and'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | '&'
  | '|';

export interface BinaryNode {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

export const binary = (operator: BinaryOperator, left: ExpressionNode, right: ExpressionNode): BinaryNode =>
  Object.freeze({ kind: 'binary', operator, left, right });

/** The expressions joined by one operator, however many, without a deep tree; undefined when there are none. */
export function chain(operator: 'and' | 'or', parts: readonly ExpressionNode[]): ExpressionNode | undefined {
  if (parts.length < 2) return parts[0];
  const half = Math.ceil(parts.length / 2);
  return binary(operator, chain(operator, parts.slice(0, half))!, chain(operator, parts.slice(half))!);
}
