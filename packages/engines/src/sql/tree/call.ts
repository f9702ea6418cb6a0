// A call of a database function. The name is one of ours, never text from a definition.
import type { ExpressionNode } from './expression.js';

export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly ExpressionNode[];
}

export const call = (name: string, ...args: readonly ExpressionNode[]): CallNode =>
  Object.freeze({ kind: 'call', name, args });
