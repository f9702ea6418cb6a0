// Several values as one, compared field by field, and the way back to a field. Only dialects whose
// picks are records print them.
import type { ExpressionNode } from './expression.js';

export interface RecordNode {
  readonly kind: 'record';
  readonly fields: readonly { readonly name: string; readonly value: ExpressionNode }[];
}
export interface FieldNode {
  readonly kind: 'field';
  readonly record: ExpressionNode;
  readonly name: string;
}

export const record = (fields: RecordNode['fields']): RecordNode => Object.freeze({ kind: 'record', fields });
export const field = (from: ExpressionNode, name: string): FieldNode =>
  Object.freeze({ kind: 'field', record: from, name });
