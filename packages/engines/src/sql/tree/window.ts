// A function of a row and the others of its partition, in an order: its number, or a value of the row before it.
// Ascending has NULL first and descending NULL last, whatever a database would do by itself.
import type { ExpressionNode } from './expression.js';

export interface WindowNode {
  readonly kind: 'window';
  readonly name: 'row_number' | 'lag';
  readonly args: readonly ExpressionNode[];
  readonly partitionBy: readonly ExpressionNode[];
  readonly orderBy: readonly ExpressionNode[];
  readonly descending: boolean;
}

export const windowOf = (parts: Omit<WindowNode, 'kind'>): WindowNode => Object.freeze({ kind: 'window', ...parts });
