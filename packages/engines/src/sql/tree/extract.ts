// A part of a date as a number.
import type { ExpressionNode } from './expression.js';

export type DatePart = 'year' | 'month' | 'day';

export interface ExtractNode {
  readonly kind: 'extract';
  readonly part: DatePart;
  readonly operand: ExpressionNode;
}

export const extract = (part: DatePart, operand: ExpressionNode): ExtractNode =>
  Object.freeze({ kind: 'extract', part, operand });
