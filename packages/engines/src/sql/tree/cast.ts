// A conversion to one of the types of the query language.
import type { ExpressionNode } from './expression.js';

/** `int32` is for functions that take no wider integer. */
export type SqlType = 'bool' | 'int' | 'int32' | 'float' | 'str' | 'date';

export interface CastNode {
  readonly kind: 'cast';
  readonly operand: ExpressionNode;
  readonly type: SqlType;
}

export const cast = (operand: ExpressionNode, type: SqlType): CastNode =>
  Object.freeze({ kind: 'cast', operand, type });
